"""The bundled samples: an image for each class of each kind of model, from the test part, attributed."""

from pathlib import Path

from pydantic import ConfigDict, Field, TypeAdapter

from core.errors import UnknownSample
from core.models.bundle import RESOURCES
from core.values import FrozenRecord


class Sample(FrozenRecord):
    """A bundled image; `class_name` is its class by its source's label and `model` the bundle it belongs to.

    note: what a person must know of that label, where it does not say what the image shows.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    id: str
    class_name: str = Field(alias="class")
    title: str
    model: str
    modality: str
    file: str
    licence: str
    attribution: str
    source: str
    note: str = ""

    @property
    def path(self) -> Path:
        """The file of the image."""
        return RESOURCES / "samples" / self.file


def samples() -> list[Sample]:
    """All bundled samples, in the order of their list."""
    path = RESOURCES / "samples" / "samples.json"
    return TypeAdapter(list[Sample]).validate_json(path.read_text(encoding="utf-8"))


def sample(name: str) -> Sample:
    """The sample of this id. Raises UnknownSample."""
    bundled = {each.id: each for each in samples()}
    if name not in bundled:
        raise UnknownSample(name, list(bundled))
    return bundled[name]
