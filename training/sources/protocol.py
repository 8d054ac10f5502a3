"""What a source of labelled images is: it knows its form by looking, and gives the records."""

from pathlib import Path
from typing import Protocol

from pydantic import Field

from core.values import FrozenRecord
from training.datasets import Columns, DataSet


class Reading(FrozenRecord):
    """How a source is read.

    columns, keep: for an index, see `training.datasets.read_index`. group_pattern: for pictures in class
    folders, a regular expression whose first bracket, found in the file's name, is the group.
    """

    columns: Columns = Columns()
    keep: dict[str, tuple[str, ...]] = Field({}, description="values by index column")
    group_pattern: str = ""
    parts: bool = Field(True, description="take the parts that the data give; False: leave them open")


class Source(Protocol):
    """One form in which labelled images lie on a disk."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str:
        """What it is, in the words of the help."""

    def claims(self, path: Path) -> bool:
        """Whether the file or folder has this form."""

    def read(self, path: Path, reading: Reading) -> DataSet:
        """All labelled images; parts are empty where they have to be drawn. Raises an InputError."""
