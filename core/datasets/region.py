"""Where the evidence of an image should lie: a mask file, polygons, or boxes."""

import os
from pathlib import Path
from stat import S_ISDIR

import numpy as np

from core.arrays import Array
from core.datasets.task import Task
from core.errors import InputError, Unreadable, Unsupported
from core.images.polygon import inside
from core.images.region import MarkedRegion, mask_frame, mask_region
from core.images.slice import Slice
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry

INDEX_HINT = "Correct the index."


def region_of(
    reader: ReaderProcess, task: Task, shown: SeriesEntry, frame: int, image: Slice
) -> MarkedRegion | None:
    """The region on the pixels of the task's image; None where the index says nothing of it.

    shown, frame: which slice of which file `image` is. A mask goes before polygons, and they before boxes.
    Raises what reading the one that is taken raises, IncompatibleInput for a mask of another image.
    """
    if task.mask is not None:
        entry = only_entry(reader, task.mask)
        return mask_region(reader.read_mask(entry, mask_frame(entry, shown, frame)), image)
    if task.polygon:
        return MarkedRegion(polygon_mask(task.polygon, image.shape))
    return MarkedRegion(box_mask(task.box, image.shape)) if task.box else None


def only_entry(reader: ReaderProcess, path: Path) -> SeriesEntry:
    """The image in a file that an index names. Raises what reading raises, Unsupported for a folder."""
    try:
        found = os.stat(path)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}.", INDEX_HINT) from None
    if S_ISDIR(found.st_mode):
        raise Unsupported("The index names a folder in this row and no file.", "Name one file in each row.")
    return reader.index(path)[0]


def polygon_mask(text: str, shape: tuple[int, int]) -> Array:
    """(rows, columns) bool of the pixels whose centres lie in polygons x1,y1;x2,y2;... split by |.

    x goes right and y down from the upper left corner of the image, so that the first pixel reaches from
    0 to 1, as in boxes; lines that cross follow the even-odd rule. Raises InputError for other words, a
    point outside `shape` (rows, columns), and a polygon that encloses no pixel.
    """
    found = np.zeros(shape, dtype=bool)
    for part in text.split("|"):
        corners = [_corner(point, shape) for point in part.split(";")]
        one = inside(corners, shape)
        if not one.any():
            raise InputError(f"A polygon of {len(corners)} corners encloses no pixel.", INDEX_HINT)
        found |= one
    return found


def box_mask(text: str, shape: tuple[int, int]) -> Array:
    """(rows, columns) bool from boxes x0,y0,x1,y1 split by semicolons; x1 and y1 are the first outside.

    Raises InputError for other words, or a box that is not inside `shape` (rows, columns).
    """
    found = np.zeros(shape, dtype=bool)
    for part in text.split(";"):
        try:
            left, top, right, bottom = (round(float(number)) for number in part.split(","))
        except (ValueError, OverflowError):
            raise InputError(f"The box {part!r} is not x0,y0,x1,y1.", INDEX_HINT) from None
        if not (0 <= left < right <= shape[1] and 0 <= top < bottom <= shape[0]):
            raise InputError(
                f"The box {part} does not lie inside the image of {shape[1]} x {shape[0]} pixels.", INDEX_HINT
            )
        found[top:bottom, left:right] = True
    return found


def _corner(text: str, shape: tuple[int, int]) -> tuple[float, float]:
    """(row, column) with pixel centres at integers, from x,y with pixel corners at integers."""
    try:
        x, y = (float(number) for number in text.split(","))
    except ValueError:
        raise InputError(f"{text!r} in a polygon is not x,y.", INDEX_HINT) from None
    if not (0 <= x <= shape[1] and 0 <= y <= shape[0]):
        raise InputError(
            f"The corner {text} of a polygon lies outside the image of {shape[1]} x {shape[0]} pixels.",
            INDEX_HINT,
        )
    return y - 0.5, x - 0.5
