"""Records of images and models: what a result was computed from, and what failed."""

from core.models.card import Card
from core.results.records import ErrorRecord
from core.values import FrozenRecord


class ImageRecord(FrozenRecord):
    """One image as it was read, without identity.

    file: of a series of several files the one that holds the slice. sha256: of that file. rows, columns: of
    the slice. slice: counted from 1, of `slices` of the series (all of its volumes). plane: the one of
    `--plane` if the slice was cut across the stored slices; file and sha256 are then those of the first
    file of the series. position_mm: of the slice along its normal in the patient (LPS), where it is known;
    equal in all volumes, of which `--position` takes the first. spacing_mm: between rows, between columns,
    where the file tells it. notes: decisions of the reader,
    such as which of two contradicting values of the file it took.
    """

    file: str
    sha256: str
    modality: str
    rows: int
    columns: int
    slice: int
    slices: int
    plane: str = ""
    position_mm: float | None = None
    spacing_mm: tuple[float, float] | None
    spacing_source: str
    notes: tuple[str, ...] = ()


class ModelRecord(FrozenRecord):
    """Which model it was, to the byte."""

    id: str
    version: str
    weights_sha256: str

    @classmethod
    def of(cls, card: Card) -> "ModelRecord":
        """The record of the model with this card."""
        return cls(id=card.id, version=card.version, weights_sha256=card.weights_sha256)


class FailedImage(FrozenRecord):
    """Stands in the place of an image that failed; `file` is empty for a folder, whose name stays private."""

    file: str
    error: ErrorRecord


class FailedMethod(FrozenRecord):
    """A method that gave no map of an image, and why."""

    name: str
    title: str
    error: ErrorRecord
