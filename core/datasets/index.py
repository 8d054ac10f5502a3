"""The images of a data set as an index file names them, and a draw from them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.datasets.table_file import TableFile, file_beside, read_table
from core.errors import InputError, nearest_hint
from core.values import FrozenRecord

# Where nobody names the column of those whose images belong together, the first of these that exists.
GROUP_COLUMNS = ("person", "patient", "group")
# The same for boxes, row by row.
BOX_COLUMNS = ("box", "bbox")


class ImageColumns(FrozenRecord):
    """The names of an index file's columns; those that are set must exist, and `file` always.

    slice: which one of a volume, counted from 1 through all its frames; where it is empty the middle one.
    mask: a picture or volume of the image's size that marks where the evidence should lie. polygon: corners
    x1,y1;x2,y2;... of an outline, several outlines split by |. box: one or more boxes x0,y0,x1,y1 split by
    semicolons; the end is not inside; empty for what each row has first of box, bbox. Both count pixels of
    the image as it is shown from its upper left corner. group: whose image it is; empty for the first of
    person, patient, group.
    """

    id: str = "id"
    file: str = "file"
    slice: str = "slice"
    label: str = "label"
    group: str = ""
    part: str = "part"
    mask: str = "mask"
    polygon: str = "polygon"
    box: str = ""

    @property
    def required(self) -> list[str]:
        """The columns that an index must have; an empty name names none."""
        given = [getattr(self, name) for name in sorted(self.model_fields_set)]
        return [self.file, *(column for column in given if column)]


@dataclass(frozen=True, slots=True)
class Item:
    """One image of an index.

    id: the index's, or the number of the row. file: as the index names it. group: a number that images of
    one patient share, in the order of the index; who that is stays in the index. mask, polygon, box, slice:
    empty where there is none.
    """

    id: str
    file: str
    path: Path
    label: str
    group: int
    mask: Path | None
    box: str
    polygon: str = ""
    slice: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index as read: its name, its bytes' sha256, whether it names groups and regions, and its images."""

    name: str
    sha256: str
    group_column: str
    items: tuple[Item, ...]

    @property
    def has_regions(self) -> bool:
        return any(item.mask or item.polygon or item.box for item in self.items)


def read_index(
    path: Path,
    columns: ImageColumns | None = None,
    part: str = "",
    keep: Mapping[str, Collection[str]] | None = None,
) -> Index:
    """The images of an index (`read_table`), in its order; files are looked for beside it and need not exist.

    part: only rows of this part; all rows where it is empty or the index has no such column. keep: values by
    column; a row with another value is left out. Without a group column each file is its own group, whose
    slices may stand in several rows.
    Raises InputError or Unreadable for an index that cannot be used as a whole.
    """
    columns, keep = columns or ImageColumns(), keep or {}
    table = read_table(path)
    known = table.columns
    group = columns.group or next((name for name in GROUP_COLUMNS if name in known), "")
    found = columns.model_copy(update={"group": group})
    for name in (*columns.required, *keep):
        if name not in known:
            raise InputError(f"{path.name} lacks the column {name}.", nearest_hint(name, known))
    _require_names_in_one_line(table, (found.file, found.mask))
    numbers: dict[str, int] = {}
    items = [_item(row, number, path.parent, found, numbers) for number, row in enumerate(table.rows, 1)]
    kept = [
        item
        for item, row in zip(items, table.rows, strict=True)
        if (not part or row.get(columns.part, part) == part)
        and all(row.get(name, "") in values for name, values in keep.items())
    ]
    if not kept:
        raise InputError(f"{path.name} has no row that is asked for.", "Look at --part and --keep.")
    twice = [name for name, count in Counter(item.id for item in kept).items() if count > 1]
    if twice:
        raise InputError(f"{path.name} has several rows with the id {twice[0]}.", "Give each row its own id.")
    return Index(path.name, table.sha256, group, tuple(kept))


def drawn(items: Sequence[Item], limit: int | None, seed: int) -> list[Item]:
    """At most `limit` images by chance, each label in its share, in the order of the index.

    A smaller draw with the same seed is part of a larger one, so that what it found can be used again.
    """
    if limit is None or limit >= len(items):
        return list(items)
    generator = np.random.default_rng(seed)
    shuffled = [items[place] for place in generator.permutation(len(items))]
    totals: dict[str, int] = {}
    for item in shuffled:
        totals[item.label] = totals.get(item.label, 0) + 1
    places: dict[str, float] = {}
    seen: dict[str, int] = dict.fromkeys(totals, 0)
    for item in shuffled:
        places[item.id] = (seen[item.label] + 0.5) / totals[item.label]
        seen[item.label] += 1
    chosen = {item.id for item in sorted(shuffled, key=lambda item: places[item.id])[:limit]}
    return [item for item in items if item.id in chosen]


def _require_names_in_one_line(table: TableFile, columns: Sequence[str]) -> None:
    """Raises InputError for a file's name of several lines: a quotation mark that swallowed rows."""
    for line, row in zip(table.lines, table.rows, strict=True):
        if any("\n" in row.get(name, "") or "\r" in row.get(name, "") for name in columns):
            raise InputError(
                f"{table.name}: the name of a file on line {line} goes on over the next line.",
                "Look for a quotation mark that is opened too early or closed too late.",
            )


def _item(
    row: Mapping[str, str],
    number: int,
    folder: Path,
    columns: ImageColumns,
    numbers: dict[str, int],
) -> Item:
    # A path is no id: its folders may be named after a patient, and ids stand in every result.
    name = row.get(columns.id, "") if columns.id != columns.file else ""
    file, mask = row.get(columns.file, ""), row.get(columns.mask, "")
    whose = row.get(columns.group) or f"file {file}"
    boxes = (row.get(box, "") for box in ([columns.box] if columns.box else BOX_COLUMNS))
    return Item(
        id=name or str(number),
        file=file,
        path=file_beside(folder, file),
        label=row.get(columns.label, ""),
        group=numbers.setdefault(whose, len(numbers) + 1),
        mask=file_beside(folder, mask) if mask else None,
        box=next((box for box in boxes if box), ""),
        polygon=row.get(columns.polygon, ""),
        slice=row.get(columns.slice, ""),
    )
