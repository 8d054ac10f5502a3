"""The picture of a map as a DICOM Secondary Capture in the study of its source."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.contract import ExportSubject
from core.exports.dicom_conditions import (
    DicomExporter,
    DicomParams,
    require_stored_slice,
    required_explanation,
)
from core.exports.shown_picture import PictureParams
from core.exports.statement import statement_of


class DicomSecondaryCaptureParams(PictureParams, DicomParams):
    """The options of a picture, and those of all DICOM results."""


@final
class DicomSecondaryCapture(DicomExporter):
    """The map over the slice as it is shown, with its title and scale, for any viewer."""

    name = "dicom_secondary_capture"
    title = "DICOM Secondary Capture"
    summary = "The picture with map, title and scale, in the patient's study (.dcm), for any viewer."
    scope = "map"
    Params = DicomSecondaryCaptureParams

    def applies(self, subject: ExportSubject) -> None:
        required_explanation(subject)
        require_stored_slice(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        from core.exports.dicom.identification import NewInstance, file_bytes, made_quietly
        from core.exports.dicom.new_study import source_or_new_study
        from core.exports.dicom.pictures import shown_pixels
        from core.exports.dicom.secondary_capture import SERIES_NUMBER, secondary_capture

        saved = required_explanation(subject)
        with made_quietly():
            source = source_or_new_study(subject, params.new_study)
            picture, statement = shown_pixels(subject, params), statement_of(subject)
            result = secondary_capture(
                picture, subject.case, saved, source, statement, NewInstance(SERIES_NUMBER)
            )
            return {self.suffix: file_bytes(result)}
