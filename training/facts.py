"""What the author states about a model; the rest of its card is measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from core.errors import InputError, Unreadable, nearest_hint
from core.models.preprocessing import Preprocessing
from core.models.shortcuts import LesionBox
from core.values import FrozenRecord
from training.datasets import Columns


class Facts(FrozenRecord):
    """The parts of a card that only the author knows, and how the images are preprocessed."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    version: str
    title: str
    summary: str
    modality: tuple[str, ...]
    class_words: dict[str, str] = Field({}, description="how a class is called in sentences, by class")
    caveats: dict[str, str] = Field({}, description="what weakens an answer, by the class that is answered")
    purpose: str
    not_for: str
    limits: tuple[str, ...]
    data: str
    licence: str
    attribution: str
    preprocessing: Preprocessing = Preprocessing()
    columns: Columns = Field(Columns(), description="names of the columns of the index")
    keep: dict[str, tuple[str, ...]] = Field(
        {}, description="values by index column; rows with another value are left out"
    )
    fair_classes: tuple[()] | tuple[str, str] = Field(
        (), description="the two classes that can be compared fairly, if not all can"
    )
    region: LesionBox = Field(LesionBox(), description="where the finding is expected, for the shortcut test")

    @property
    def for_card(self) -> dict[str, Any]:
        """The fields that the card has too."""
        return self.model_dump(exclude={"columns", "keep", "fair_classes", "region"})

    def require_classes(self, classes: Sequence[str]) -> None:
        """Raises InputError if something is stated of a class that the data do not have."""
        for name in (*self.class_words, *self.caveats):
            if name not in classes:
                raise InputError(
                    f"The facts of {self.id} speak of the class {name!r}, which the data do not have.",
                    nearest_hint(name, classes),
                )


def read_facts(path: Path) -> Facts:
    """The facts in a JSON file. Raises InputError that names the first wrong field."""
    try:
        return Facts.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}.", "Name a JSON file.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not text in UTF-8.", "Save it as UTF-8.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise InputError(f"{path.name}: {field}: {problem['msg'].lower()}.", "Correct the file.") from None
