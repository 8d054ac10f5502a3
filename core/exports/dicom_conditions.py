"""What cases and maps must be to become DICOM results; known from the workspace alone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from core.errors import NotApplicable
from core.exports.contract import Exporter, ExportSubject, IdentityUse, required_map
from core.exports.dicom.source_format import DICOM, NO_DICOM_SOURCE
from core.methods import METHODS
from core.methods.contract import Family
from core.network.parameters import Parameters
from core.workspace.document import SavedMap


class DicomParams(Parameters):
    """What all DICOM results have."""

    new_study: bool = Field(
        False,
        description="for a source that is no DICOM image: write a study of its own, with a patient without a "
        "name and a copy of the picture",
    )


class DicomExporter(Exporter):
    """What all exporters of DICOM results share: they read the source again, and carry its patient."""

    suffix = ".dcm"
    needs_source = True
    identity: ClassVar[IdentityUse] = "of the source"
    Params: ClassVar[type[DicomParams]]

    def applies_with(self, subject: ExportSubject, params: Any) -> None:
        """Raises NotApplicable for a source that is no DICOM image, unless a new study is chosen."""
        if subject.case.source.format not in ("", DICOM) and not params.new_study:
            raise NotApplicable(*NO_DICOM_SOURCE)

    def shared_files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """Of a study of its own the source as an image."""
        if not params.new_study or subject.case.source.format == DICOM:
            return {}
        from core.exports.dicom.identification import made_quietly
        from core.exports.dicom.new_study import source_files

        with made_quietly():
            return source_files(subject)


_CONTROL_MAPS = frozenset(method.name for method in METHODS if method.family is Family.CONTROL)


def required_explanation(subject: ExportSubject) -> SavedMap:
    """The map of the subject. Raises NotApplicable if there is none, or only a control map."""
    saved = required_map(subject)
    if not is_explanation(saved):
        raise NotApplicable(
            "A control map explains nothing, and DICOM results hold explanations.", "Choose another map."
        )
    return saved


def is_explanation(saved: SavedMap) -> bool:
    """Whether a map explains anything: a control map does not."""
    return saved.record.name not in _CONTROL_MAPS


def require_stored_slice(subject: ExportSubject) -> None:
    """Raises NotApplicable for a slice cut across the stored ones: no stored image is its source."""
    if subject.case.image.image.plane:
        raise NotApplicable(
            "The slice was cut across the stored ones, so there is no stored image for a result to refer to.",
            "Explain a slice as it is stored, or export the map as NIfTI.",
        )
