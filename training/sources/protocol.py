"""The protocol of a source of labelled images: it recognises its form and reads the images."""

from pathlib import Path
from typing import Protocol

from pydantic import Field

from core.values import FrozenRecord
from training.datasets import Columns, DataSet


class Reading(FrozenRecord):
    """How a source is read.

    columns, keep: for an index, see `training.datasets.read_records`. group_pattern: for pictures in class
    folders, a regular expression whose first group, in the file's name, is the person.
    """

    columns: Columns = Columns()
    keep: dict[str, tuple[str, ...]] = Field({}, description="values by index column")
    group_pattern: str = ""
    parts: bool = Field(True, description="take the parts that the data give; False: leave them empty")


class DataSource(Protocol):
    """One form in which labelled images lie on a disk."""

    @property
    def name(self) -> str:
        """Its name on the command line."""

    @property
    def title(self) -> str:
        """A short description for the help."""

    def claims(self, path: Path) -> bool:
        """Whether the file or folder has this form."""

    def read(self, path: Path, reading: Reading) -> DataSet:
        """All labelled images; parts are empty where they have to be drawn. Raises InputError."""
