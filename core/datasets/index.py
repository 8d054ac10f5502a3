"""The images that an index file names, and a random selection of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.datasets.table_file import TableFile, file_beside, has_values, read_table, require_columns
from core.errors import InputError, UsageError
from core.values import FrozenRecord

# The columns of patients, if none is named: the first of these that exists.
GROUP_COLUMNS = ("person", "patient", "group")
# The columns of boxes, if none is named: in each row the first of these that is not empty.
BOX_COLUMNS = ("box", "bbox")


class ImageColumns(FrozenRecord):
    """The names of an index file's columns; those that are set must exist, and `file` always.

    slice: which slice of a volume, counted from 1 through all its frames. position_mm: the slice nearest to
    this position along the normal of the slices, as in `core.readers.slice_choice.SliceChoice`. If both are
    empty it is the middle slice; both at once are an error of that row.
    mask: a picture or volume of the image's size that marks where the evidence should lie. polygon: corners
    x1,y1;x2,y2;... of an outline, several outlines separated by |. box: one or more boxes x0,y0,x1,y1
    separated by semicolons, without the pixels at x1 and y1; empty for the first of box, bbox. Both count
    pixels from the upper left corner of the image as displayed. group: the patient; empty for the first of
    person, patient, group.
    """

    id: str = "id"
    file: str = "file"
    slice: str = "slice"
    position_mm: str = "position_mm"
    label: str = "label"
    group: str = ""
    part: str = "part"
    mask: str = "mask"
    polygon: str = "polygon"
    box: str = ""

    @property
    def chosen(self) -> list[str]:
        """The columns that a person named; an empty name names none."""
        named = [getattr(self, name) for name in sorted(self.model_fields_set)]
        return [column for column in named if column]


@dataclass(frozen=True, slots=True)
class Item:
    """One image of an index.

    id: that of the index, or the number of the row. file: as the index names it. group: the number of the
    patient, in the order of the index; the identity stays in the index. mask, polygon, box, slice: empty if
    there is none.
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
    position_mm: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index as read. sha256: of the file's bytes. group_column: empty if it has none."""

    name: str
    sha256: str
    group_column: str
    items: tuple[Item, ...]

    @property
    def has_regions(self) -> bool:
        """Whether an image has a mask, polygon or box."""
        return any(item.mask or item.polygon or item.box for item in self.items)


def read_index(
    path: Path,
    columns: ImageColumns | None = None,
    part: str = "",
    keep: Mapping[str, Collection[str]] | None = None,
) -> Index:
    """The images of an index, in its order; files are looked for beside it and need not exist.

    part: only rows of this part; all rows if it is empty or the index has no such column. keep: values by
    column; a row with another value is left out. Without a group column each file is its own group, whose
    slices may be in several rows. Raises InputError or Unreadable if the index cannot be used, UsageError if
    it has no such column, part or value as was named.
    """
    columns, keep = columns or ImageColumns(), keep or {}
    table = read_table(path)
    require_columns(table, (*columns.chosen, *keep), UsageError)
    require_columns(table, (columns.file,))
    group = columns.group or next((name for name in GROUP_COLUMNS if name in table.columns), "")
    columns = columns.model_copy(update={"group": group})
    _require_names_in_one_line(table, (columns.file, columns.mask))
    numbers: dict[str, int] = {}
    items = [_item(row, number, path.parent, columns, numbers) for number, row in enumerate(table.rows, 1)]
    selected = [
        item
        for item, row in zip(items, table.rows, strict=True)
        if (not part or row.get(columns.part, part) == part) and has_values(row, keep)
    ]
    if not selected:
        raise UsageError(f"{path.name} has no row for these options.", "Look at --part and --keep.")
    repeated = [name for name, count in Counter(item.id for item in selected).items() if count > 1]
    if repeated:
        raise InputError(
            f"{path.name} has several rows with the id {repeated[0]}.", "Give each row its own id."
        )
    return Index(path.name, table.sha256, group, tuple(selected))


def drawn(items: Sequence[Item], limit: int | None, seed: int) -> list[Item]:
    """At most `limit` images drawn at random with the shares of the labels kept, in the order of the index.

    A smaller draw with the same seed is part of a larger one, so that its results can be used again.
    """
    if limit is None or limit >= len(items):
        return list(items)
    generator = np.random.default_rng(seed)
    shuffled = [items[place] for place in generator.permutation(len(items))]
    totals: dict[str, int] = {}
    for item in shuffled:
        totals[item.label] = totals.get(item.label, 0) + 1
    places: dict[str, float] = {}
    counts: dict[str, int] = dict.fromkeys(totals, 0)
    for item in shuffled:
        places[item.id] = (counts[item.label] + 0.5) / totals[item.label]
        counts[item.label] += 1
    chosen = {item.id for item in sorted(shuffled, key=lambda item: places[item.id])[:limit]}
    return [item for item in items if item.id in chosen]


def _require_names_in_one_line(table: TableFile, columns: Sequence[str]) -> None:
    """Raises InputError for a file name of several lines: a quotation mark that is not closed."""
    for line, row in zip(table.lines, table.rows, strict=True):
        if any("\n" in row.get(name, "") or "\r" in row.get(name, "") for name in columns):
            raise InputError(
                f"{table.name}: the file name on line {line} continues on the next line.",
                "Look for a quotation mark that is opened too early or closed too late.",
            )


def _item(
    row: Mapping[str, str],
    number: int,
    folder: Path,
    columns: ImageColumns,
    numbers: dict[str, int],
) -> Item:
    # A path is no id: its folders may be named after a patient, and every result holds the ids.
    name = row.get(columns.id, "") if columns.id != columns.file else ""
    file, mask = row.get(columns.file, ""), row.get(columns.mask, "")
    group = row.get(columns.group) or f"file {file}"
    boxes = (row.get(box, "") for box in ([columns.box] if columns.box else BOX_COLUMNS))
    return Item(
        id=name or str(number),
        file=file,
        path=file_beside(folder, file),
        label=row.get(columns.label, ""),
        group=numbers.setdefault(group, len(numbers) + 1),
        mask=file_beside(folder, mask) if mask else None,
        box=next((box for box in boxes if box), ""),
        polygon=row.get(columns.polygon, ""),
        slice=row.get(columns.slice, ""),
        position_mm=row.get(columns.position_mm, ""),
    )
