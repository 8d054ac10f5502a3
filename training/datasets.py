"""Labelled images with the group that may not be split, and what makes a set of them unfit to train on."""

import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.datasets.table_file import TableFile, file_beside, read_table
from core.errors import InputError
from core.values import FrozenRecord

PARTS = ("train", "val", "test")
SHOWN_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Record:
    """One image: its class, its part, and the group (person, patient) that stays together.

    part: empty as long as it has not been drawn. mask: a picture that marks where the network is to look
    (a lesion, or the lungs). source: the hospital or collection it comes from, empty where unknown.
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
    """What was found in an index or a folder.

    grouped_by: the word for a group (person, patient); empty where nothing tells whose an image is, and
    every image is a group of its own. sha256: of the index, or of all names and contents of a folder.
    """

    records: tuple[Record, ...]
    grouped_by: str
    sha256: str

    @property
    def has_parts(self) -> bool:
        """Whether the parts are given, so that none need be drawn."""
        return all(record.part for record in self.records)

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(sorted({record.label for record in self.records}))

    def part(self, name: str) -> list[Record]:
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


def read_index(
    path: Path,
    columns: Columns | None = None,
    keep: Mapping[str, Collection[str]] | None = None,
    parts: bool = True,
) -> list[Record]:
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
) -> list[Record]:
    """As `read_index`, of a table that has been read; files are looked for in `folder`."""
    columns, keep = columns or Columns(), keep or {}
    if not parts:
        columns = columns.model_copy(update={"part": ""})
    needed = [columns.id, columns.file, columns.label, columns.part, columns.group, *keep, columns.source]
    missing = [name for name in needed if name and name not in table.columns]
    if missing:
        raise InputError(
            f"{table.name} lacks the columns {', '.join(missing)}.", "Name them in a header line."
        )
    # Empty names at the end of a header may leave a row without them.
    rows = [dict.fromkeys(table.columns, "") | row for row in table.rows]
    kept = [row for row in rows if all(row[name] in values for name, values in keep.items())]
    records = [_record(row, folder, columns) for row in kept]
    problems = [problem for record in records for problem in _problems(record, parts)]
    require_sound(records, table.name, parts, problems)
    return records


def require_sound(
    records: Sequence[Record], name: str, parts: bool, problems: Sequence[str] = (), mixed: bool = False
) -> None:
    """Raises InputError with all that keeps the data `name` from being trained on, beside `problems`.

    parts: whether the records have their parts. mixed: groups may lie in several parts, on purpose.
    """
    found = list(problems)
    if parts and not mixed:
        found += leaks(records)
    found += _gaps(records, parts)
    if found:
        raise InputError(f"{name} cannot be trained on: {listed(found)}.", "Correct the data.")


def listed(problems: Sequence[str]) -> str:
    """The first problems and how many more there are."""
    rest = len(problems) - SHOWN_PROBLEMS
    return "; ".join(problems[:SHOWN_PROBLEMS]) + (f"; and {rest} more" if rest > 0 else "")


def leaks(records: Sequence[Record]) -> list[str]:
    """A sentence for every group that stands in more than one part."""
    parts = defaultdict(set)
    for record in records:
        parts[record.group].add(record.part)
    return [
        f"group {group} is in {' and '.join(sorted(found))}"
        for group, found in sorted(parts.items())
        if len(found) > 1
    ]


def _gaps(records: Sequence[Record], parts: bool) -> list[str]:
    """A sentence for every class that a part lacks, and for a set with a single class."""
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


def _record(row: dict[str, str], folder: Path, columns: Columns) -> Record:
    mask = row.get(columns.mask, "") if columns.mask else ""
    return Record(
        id=row[columns.id],
        path=file_beside(folder, row[columns.file]),
        label=row[columns.label],
        part=row[columns.part] if columns.part else "",
        group=row[columns.group],
        mask=file_beside(folder, mask) if mask else None,
        source=row[columns.source] if columns.source else "",
    )


def _problems(record: Record, parts: bool) -> list[str]:
    found = []
    if parts and record.part not in PARTS:
        found.append(f"row {record.id} has the part {record.part!r}, not one of {', '.join(PARTS)}")
    if not record.label:
        found.append(f"row {record.id} has no class")
    if not os.path.isfile(record.path):
        found.append(f"row {record.id} names the missing file {record.path.name}")
    if record.mask is not None and not os.path.isfile(record.mask):
        found.append(f"row {record.id} names the missing mask {record.mask.name}")
    return found
