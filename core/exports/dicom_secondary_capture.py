"""The picture of a map as a DICOM Secondary Capture in the study of its source."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.contract import Exporter, ExportSubject
from core.exports.dicom_conditions import DicomParams, require_stored_slice, required_explanation
from core.exports.statement import statement_of


class DicomSecondaryCaptureParams(DicomParams):
    """A Secondary Capture has no options."""


@final
class DicomSecondaryCapture(Exporter):
    """The map over the slice as it is shown, with its title and scale, for any viewer."""

    name = "dicom_secondary_capture"
    title = "DICOM Secondary Capture"
    summary = "The picture with map, title and scale, in the patient's study (.dcm), for any viewer."
    suffix = ".dcm"
    scope = "map"
    needs_source = True
    identity = "of the source"
    Params = DicomSecondaryCaptureParams

    def applies(self, subject: ExportSubject) -> None:
        required_explanation(subject)
        require_stored_slice(subject)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        from core.exports.dicom.identification import NewInstance, made_quietly
        from core.exports.dicom.new_study import file_contents, source_or_new_study
        from core.exports.dicom.pictures import map_picture
        from core.exports.dicom.secondary_capture import SERIES_NUMBER, secondary_capture

        saved = required_explanation(subject)
        with made_quietly():
            source = source_or_new_study(subject, params.new_study)
            picture, statement = map_picture(subject.data, saved), statement_of(subject)
            result = secondary_capture(picture, saved, source, statement, NewInstance(SERIES_NUMBER))
            return file_contents(subject, source, {self.suffix: result}, self.suffix)
