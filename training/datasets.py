"""Labelled images with the group that must not be split, and what makes a data set unfit for training."""

import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.datasets.table_file import TableFile, file_beside, has_values, read_table, require_columns
from core.errors import InputError
from core.values import FrozenRecord

PARTS = ("train", "val", "test")
SHOWN_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """One image: its class, its part, and the group (person, patient) that stays together.

    part: empty until it is drawn. mask: a picture that marks the region of the finding (a lesion, or the
    lungs). source: the hospital or collection, empty if unknown.
    """

    id: str
    path: Path
    label: str
    part: str
    group: str
    mask: Path | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class DataSet:
    """The labelled images of an index or a folder.

    grouped_by: what a group is (person, patient); empty if that is unknown and every image is a group of its
    own. sha256: of the index, or of all names and contents of a folder.
    """

    records: tuple[LabelledImage, ...]
    grouped_by: str
    sha256: str

    @property
    def has_parts(self) -> bool:
        """Whether the data give the parts, so that none need be drawn."""
        return all(record.part for record in self.records)

    @property
    def classes(self) -> tuple[str, ...]:
        """The sorted names of the classes."""
        return tuple(sorted({record.label for record in self.records}))

    def part(self, name: str) -> list[LabelledImage]:
        """The images of one part."""
        return [record for record in self.records if record.part == name]


class Columns(FrozenRecord):
    """The names of an index file's columns; an empty one is not read."""

    id: str = "id"
    file: str = "file"
    label: str = "label"
    part: str = "part"
    group: str = "person"
    mask: str = "mask"
    source: str = ""


def read_records(
    path: Path,
    columns: Columns | None = None,
    keep: Mapping[str, Collection[str]] | None = None,
    parts: bool = True,
) -> list[LabelledImage]:
    """The records of a CSV index, in its order; files are looked for beside it.

    keep: values by column; a row with another value in one of them is left out. parts: False leaves
    the column of the parts unread and every record's part empty, for a split that is drawn.
    Raises what `read_table` raises, and InputError with every problem of the rows at once: missing columns
    or files, an unknown part, a class that a part lacks, a group in two parts.
    """
    return records_of(read_table(path), path.parent, columns, keep, parts)


def records_of(
    table: TableFile,
    folder: Path,
    columns: Columns | None = None,
    keep: Mapping[str, Collection[str]] | None = None,
    parts: bool = True,
) -> list[LabelledImage]:
    """As `read_records`, from a table that was read already; files are looked for in `folder`.

    Raises InputError as `read_records` does.
    """
    columns, keep = columns or Columns(), keep or {}
    if not parts:
        columns = columns.model_copy(update={"part": ""})
    names = [columns.id, columns.file, columns.label, columns.part, columns.group, *keep, columns.source]
    require_columns(table, filter(None, names))
    # Empty names at the end of a header may leave a row without them.
    rows = [dict.fromkeys(table.columns, "") | row for row in table.rows]
    records = [_record(row, folder, columns) for row in rows if has_values(row, keep)]
    problems = [problem for record in records for problem in _problems(record, parts)]
    require_sound(records, table.name, parts, problems)
    return records


def require_sound(
    records: Sequence[LabelledImage],
    name: str,
    parts: bool,
    problems: Sequence[str] = (),
    mixed: bool = False,
) -> None:
    """Raises InputError with everything that makes the data `name` unfit for training, and `problems`.

    parts: whether the records have their parts. mixed: groups may be in several parts on purpose.
    """
    all_problems = list(problems)
    if parts and not mixed:
        all_problems += leaks(records)
    all_problems += _gaps(records, parts)
    if all_problems:
        raise InputError(f"{name} cannot be trained on: {listed(all_problems)}.", "Correct the data.")


def listed(problems: Sequence[str]) -> str:
    """The first problems and how many more there are."""
    rest = len(problems) - SHOWN_PROBLEMS
    return "; ".join(problems[:SHOWN_PROBLEMS]) + (f"; and {rest} more" if rest > 0 else "")


def leaks(records: Sequence[LabelledImage]) -> list[str]:
    """A sentence for every group that is in more than one part."""
    parts = defaultdict(set)
    for record in records:
        parts[record.group].add(record.part)
    return [
        f"group {group} is in {' and '.join(sorted(group_parts))}"
        for group, group_parts in sorted(parts.items())
        if len(group_parts) > 1
    ]


def _gaps(records: Sequence[LabelledImage], parts: bool) -> list[str]:
    """A sentence for every class that a part lacks, and for data with a single class."""
    classes = {record.label for record in records}
    if len(classes) < 2:
        return [f"there is only the class {', '.join(classes)}" if classes else "there are no images"]
    present = {(record.part, record.label) for record in records}
    return [
        f"the part {part} has no image of {name}"
        for part in (PARTS if parts else ())
        for name in sorted(classes)
        if (part, name) not in present
    ]


def _record(row: dict[str, str], folder: Path, columns: Columns) -> LabelledImage:
    mask = row.get(columns.mask, "") if columns.mask else ""
    return LabelledImage(
        id=row[columns.id],
        path=file_beside(folder, row[columns.file]),
        label=row[columns.label],
        part=row[columns.part] if columns.part else "",
        group=row[columns.group],
        mask=file_beside(folder, mask) if mask else None,
        source=row[columns.source] if columns.source else "",
    )


def _problems(record: LabelledImage, parts: bool) -> list[str]:
    problems = []
    if parts and record.part not in PARTS:
        problems.append(f"row {record.id} has the part {record.part!r}, not one of {', '.join(PARTS)}")
    if not record.label:
        problems.append(f"row {record.id} has no class")
    if not os.path.isfile(record.path):
        problems.append(f"row {record.id} names the missing file {record.path.name}")
    if record.mask is not None and not os.path.isfile(record.mask):
        problems.append(f"row {record.id} names the missing mask {record.mask.name}")
    return problems
