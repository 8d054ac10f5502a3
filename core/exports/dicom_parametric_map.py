"""A map as a DICOM Parametric Map in the study of its source."""

from collections.abc import Mapping
from typing import Any, Literal, final

from pydantic import Field

from core.errors import NotApplicable
from core.exports.contract import ExportSubject
from core.exports.dicom_conditions import (
    DicomExporter,
    DicomParams,
    require_stored_slice,
    required_explanation,
)
from core.exports.statement import statement_of


class DicomParametricMapParams(DicomParams):
    """How values lie between the positions of the network's grid."""

    interpolation: Literal["linear", "nearest"] = Field(
        "linear", description="between positions of the network's grid"
    )


@final
class DicomParametricMap(DicomExporter):
    """The values of a map on the pixels of the source's slice, for archives and viewers."""

    name = "dicom_parametric_map"
    title = "DICOM Parametric Map"
    summary = "The map's values on the pixels of the slice, in the patient's study (.dcm), for archives."
    scope = "map"
    Params = DicomParametricMapParams

    def applies(self, subject: ExportSubject) -> None:
        required_explanation(subject)
        require_stored_slice(subject)
        if subject.case.geometry.affine_lps_mm is None:
            raise NotApplicable(
                "The image has no position in the patient, which a Parametric Map must have.",
                "Export a DICOM report or a Secondary Capture instead.",
            )

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        from core.exports.dicom.identification import NewInstance, file_bytes, made_quietly
        from core.exports.dicom.new_study import source_or_new_study
        from core.exports.dicom.parametric_map import SERIES_NUMBER, PlacedMap, parametric_map

        saved = required_explanation(subject)
        grid_map = subject.case.grid.grid_map
        values = grid_map.to_slice(subject.data.values_of(saved), params.interpolation == "linear")
        placed = PlacedMap(subject.case, saved, values, params.interpolation)
        with made_quietly():
            source = source_or_new_study(subject, params.new_study)
            result = parametric_map(placed, source, statement_of(subject), NewInstance(SERIES_NUMBER))
            return {self.suffix: file_bytes(result)}
