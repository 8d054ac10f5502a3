"""A region of the slice as a DICOM Segmentation in the study of its source."""

from collections.abc import Mapping
from typing import Any, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.agreement import top_count
from core.errors import NotApplicable
from core.exports.contract import Exporter, ExportSubject
from core.exports.dicom_conditions import DicomParams, require_stored_slice, required_explanation
from core.exports.statement import statement_of
from core.workspace.document import SavedMap, SavedRegion


class DicomSegmentationParams(DicomParams):
    """Which region is written."""

    region: Literal["top", "drawn"] = Field(
        "top", description="the highest values of the map, or the regions that were drawn or read"
    )
    share_percent: float = Field(
        10.0, gt=0, le=100, description="how much of the network's grid the highest values are, in percent"
    )


@final
class DicomSegmentation(Exporter):
    """Where the highest values of a map are, or the drawn regions, for viewers that show segments."""

    name = "dicom_segmentation"
    title = "DICOM Segmentation"
    summary = "The region of the highest values, or the drawn regions, in the patient's study (.dcm)."
    suffix = ".dcm"
    scope = "map"
    needs_source = True
    identity = "of the source"
    Params = DicomSegmentationParams

    def applies(self, subject: ExportSubject) -> None:
        required_explanation(subject)
        require_stored_slice(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        from core.exports.dicom.identification import NewInstance, made_quietly
        from core.exports.dicom.new_study import file_contents, source_or_new_study
        from core.exports.dicom.segmentation import SERIES_NUMBER, region_segment, segmentation, top_segment

        saved = required_explanation(subject)
        with made_quietly():
            if params.region == "top":
                mask = top_mask(subject, saved, params.share_percent / 100)
                segments = [top_segment(saved, mask, params.share_percent)]
            else:
                regions = required_regions(subject)
                segments = [region_segment(region, subject.data.mask_of(region)) for region in regions]
            source = source_or_new_study(subject, params.new_study)
            result = segmentation(segments, source, statement_of(subject), NewInstance(SERIES_NUMBER))
            return file_contents(subject, source, {self.suffix: result}, self.suffix)


def top_mask(subject: ExportSubject, saved: SavedMap, share: float) -> Array:
    """(rows, columns) bool of the slice: the cells of the grid with the highest `share` of the map's values.

    Values equal to the lowest of these are all inside; what does not speak for the target never is. Raises
    NotApplicable where the order of the values has no meaning, or nothing speaks for the target.
    """
    record = saved.record
    if record.no_order or record.no_share:
        raise NotApplicable(record.no_order or record.no_share, "Choose another map.")
    values = subject.data.values_of(saved)
    lowest = np.sort(values, axis=None)[values.size - top_count(values.size, share)]
    on_slice = subject.case.grid.grid_map.to_slice(
        ((values >= lowest) & (values > 0)).astype(np.float32), smooth=False
    )
    mask: Array = np.nan_to_num(on_slice) > 0
    return mask


def required_regions(subject: ExportSubject) -> list[SavedRegion]:
    """The regions of the case. Raises NotApplicable if there is none."""
    regions = list(subject.case.regions)
    if not regions:
        raise NotApplicable("The case has no region.", "Draw one, or read one from a file.")
    return regions
