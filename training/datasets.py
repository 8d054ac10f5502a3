"""Labelled images as an index file names them, with the group that may not be split."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError, Unreadable
from core.models.preprocessing import Frozen

PARTS = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class Record:
    """One image: its class, its part, and the group (person, patient) that stays together.

    source: the hospital or collection it comes from, empty where the index does not say.
    """

    id: str
    path: Path
    label: str
    part: str
    group: str
    mask: Path | None = None
    source: str = ""


class Columns(Frozen):
    """The names of an index file's columns; an empty one is not read."""

    id: str = "id"
    file: str = "file"
    label: str = "label"
    part: str = "part"
    group: str = "person"
    mask: str = "mask"
    source: str = ""


def read_index(
    path: Path, columns: Columns | None = None, keep: Mapping[str, Collection[str]] | None = None
) -> list[Record]:
    """The records of a CSV index, in its order; files are looked for beside it.

    keep: values by column; a row with another value in one of them is left out.
    Raises InputError with every problem of the file at once: missing columns or files, an unknown
    part, a group in two parts.
    """
    columns, keep = columns or Columns(), keep or {}
    if not path.is_file():
        raise Unreadable(f"There is no index file {path.name}.", "Name a CSV file with a header line.")
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not text in UTF-8.", "Save it as UTF-8.") from None
    needed = [columns.id, columns.file, columns.label, columns.part, columns.group, *keep]
    needed += [columns.source] if columns.source else []
    missing = [name for name in needed if not rows or name not in rows[0]]
    if missing:
        raise InputError(
            f"{path.name} lacks the columns {', '.join(missing)}.", "Name them in a header line."
        )
    kept = [row for row in rows if all(row[name] in values for name, values in keep.items())]
    records = [_record(row, path.parent, columns) for row in kept]
    problems = [problem for record in records for problem in _problems(record)]
    problems += leaks(records) + _gaps(records)
    if problems:
        shown = "; ".join(problems[:5]) + (f"; and {len(problems) - 5} more" if len(problems) > 5 else "")
        raise InputError(f"{path.name} cannot be trained on: {shown}.", "Mend the index.")
    return records


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


def _gaps(records: Sequence[Record]) -> list[str]:
    """A sentence for every class that a part lacks, and for a set with a single class."""
    classes = {record.label for record in records}
    if len(classes) < 2:
        return [f"there is only the class {', '.join(classes)}" if classes else "there are no rows"]
    present = {(record.part, record.label) for record in records}
    return [
        f"the part {part} has no image of {name}"
        for part in PARTS
        for name in sorted(classes)
        if (part, name) not in present
    ]


def file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record(row: dict[str, str], folder: Path, columns: Columns) -> Record:
    mask = (row.get(columns.mask) or "") if columns.mask else ""
    return Record(
        id=row[columns.id],
        path=folder / row[columns.file],
        label=row[columns.label],
        part=row[columns.part],
        group=row[columns.group],
        mask=folder / mask if mask else None,
        source=row[columns.source] if columns.source else "",
    )


def _problems(record: Record) -> list[str]:
    found = []
    if record.part not in PARTS:
        found.append(f"row {record.id} has the part {record.part!r}, not one of {', '.join(PARTS)}")
    if not record.path.is_file():
        found.append(f"row {record.id} names the missing file {record.path.name}")
    return found
