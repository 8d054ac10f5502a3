"""A region of the slice as a DICOM Segmentation in the study of its source."""

from collections.abc import Mapping
from typing import Any, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import NotApplicable
from core.exports.contract import ExportSubject
from core.exports.dicom_conditions import (
    DicomExporter,
    DicomParams,
    require_stored_slice,
    required_explanation,
)
from core.exports.statement import statement_of
from core.figures.map_lines import highest_mask
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
class DicomSegmentation(DicomExporter):
    """Where the highest values of a map are, or the drawn regions, for viewers that show segments."""

    name = "dicom_segmentation"
    title = "DICOM Segmentation"
    summary = "The region of the highest values, or the drawn regions, in the patient's study (.dcm)."
    scope = "map"
    Params = DicomSegmentationParams

    def applies(self, subject: ExportSubject) -> None:
        required_explanation(subject)
        require_stored_slice(subject)

    def applies_with(self, subject: ExportSubject, params: Any) -> None:
        super().applies_with(subject, params)
        if params.region == "top":
            require_order(required_explanation(subject))
        else:
            required_regions(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        from core.exports.dicom.identification import NewInstance, file_bytes, made_quietly
        from core.exports.dicom.new_study import source_or_new_study
        from core.exports.dicom.segmentation import SERIES_NUMBER, region_segment, segmentation, top_segment

        saved = required_explanation(subject)
        with made_quietly():
            if params.region == "top":
                mask = top_mask(subject, saved, params.share_percent / 100)
                segments = [top_segment(subject.case, saved, mask, params.share_percent)]
            else:
                regions = required_regions(subject)
                segments = [region_segment(region, subject.data.mask_of(region)) for region in regions]
            source = source_or_new_study(subject, params.new_study)
            result = segmentation(segments, source, statement_of(subject), NewInstance(SERIES_NUMBER))
            return {self.suffix: file_bytes(result)}


def top_mask(subject: ExportSubject, saved: SavedMap, share: float) -> Array:
    """(rows, columns) bool of the slice: the cells of the grid with the highest `share` of the map's values.

    Values equal to the lowest of these are all inside; what does not speak for the target never is. Raises
    NotApplicable where the order of the values has no meaning, or nothing speaks for the target.
    """
    require_order(saved)
    values = subject.data.values_of(saved)
    highest = highest_mask(values, np.sort(values, axis=None), share).astype(np.float32)
    on_slice = subject.case.grid.grid_map.to_slice(highest, smooth=False)
    mask: Array = np.nan_to_num(on_slice) > 0
    return mask


def require_order(saved: SavedMap) -> None:
    """Raises NotApplicable where a map has no highest values that speak for the target."""
    reason = saved.record.no_order or saved.record.no_share
    if reason:
        raise NotApplicable(reason, "Choose another map.")


def required_regions(subject: ExportSubject) -> list[SavedRegion]:
    """The regions of the case. Raises NotApplicable if there is none."""
    regions = list(subject.case.regions)
    if not regions:
        raise NotApplicable("The case has no region.", "Draw one, or read one from a file.")
    return regions
