"""What cases and maps must be to become DICOM results; known from the workspace alone."""

from pydantic import Field

from core.errors import NotApplicable
from core.exports.contract import ExportSubject
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


_CONTROL_MAPS = frozenset(method.name for method in METHODS if method.family is Family.CONTROL)


def required_explanation(subject: ExportSubject) -> SavedMap:
    """The map of the subject. Raises NotApplicable if there is none, or only a control map."""
    if subject.map is None:
        raise NotApplicable("The case has no map.", "Explain the image first.")
    if not is_explanation(subject.map):
        raise NotApplicable(
            "A control map explains nothing, and DICOM results hold explanations.", "Choose another map."
        )
    return subject.map


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
