"""The training data as named by a person: where they are, in which form, and how they are split."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from training.datasets import Columns, DataSet
from training.sources import source
from training.sources.protocol import Reading
from training.splits import Split

BY_GROUP = Split(kind="groups")


@dataclass(frozen=True, slots=True)
class Data:
    """Labelled images on a disk.

    form: the name of a source; empty for the first that claims `path`. split: how the parts are made;
    only_if_needed: not if the data give them. group_pattern: see `Reading`.
    """

    path: Path
    form: str = ""
    split: Split = BY_GROUP
    group_pattern: str = ""
    only_if_needed: bool = True

    def read(self, columns: Columns, keep: Mapping[str, tuple[str, ...]]) -> tuple[str, Split, DataSet]:
        """The source's name, the split, and the images with their parts.

        Raises InputError or UsageError.
        """
        form, data_set = self._read(columns, keep, self.only_if_needed or self.split.kind == "given")
        split = Split(kind="given") if self.only_if_needed and data_set.has_parts else self.split
        return form, split, split.apply(data_set)

    def without_parts(self, columns: Columns, keep: Mapping[str, tuple[str, ...]]) -> DataSet:
        """The images without parts, even if the data give some; no split is drawn.

        Raises InputError or UsageError.
        """
        return self._read(columns, keep, parts=False)[1]

    def _read(
        self, columns: Columns, keep: Mapping[str, tuple[str, ...]], parts: bool
    ) -> tuple[str, DataSet]:
        """The source's name and what it reads."""
        form = source(self.path, self.form)
        reading = Reading(columns=columns, keep=dict(keep), group_pattern=self.group_pattern, parts=parts)
        return form.name, form.read(self.path, reading)
