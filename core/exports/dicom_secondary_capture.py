"""The picture of a map as a DICOM Secondary Capture in the study of its source."""

from collections.abc import Mapping
from typing import Any, final

from core.exports.contract import Exporter, ExportSubject
from core.exports.dicom_conditions import require_stored_slice, required_explanation
from core.exports.statement import statement_of
from core.network.parameters import Parameters


class DicomSecondaryCaptureParams(Parameters):
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
        from core.exports.dicom.identification import NewInstance, file_bytes, made_quietly
        from core.exports.dicom.pictures import map_picture
        from core.exports.dicom.secondary_capture import SERIES_NUMBER, secondary_capture
        from core.exports.dicom.source import dicom_source

        saved = required_explanation(subject)
        with made_quietly():
            result = secondary_capture(
                map_picture(subject.data, saved),
                saved,
                dicom_source(subject),
                statement_of(subject),
                NewInstance(SERIES_NUMBER),
            )
            return {self.suffix: file_bytes(result)}
