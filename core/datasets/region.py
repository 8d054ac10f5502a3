"""The region that an index gives for an image: a mask file, polygons, or boxes."""

import os
from pathlib import Path
from stat import S_ISDIR

import numpy as np

from core.arrays import Array
from core.datasets.task import Task
from core.errors import InputError, Unreadable, Unsupported
from core.images.polygon import inside
from core.images.region import MarkedRegion, mask_region
from core.images.slice import Slice
from core.images.slice_place import SlicePlace
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry

INDEX_HINT = "Correct the index."


def region_of(
    reader: ReaderProcess, task: Task, image_entry: SeriesEntry, frame: int, image: Slice
) -> MarkedRegion | None:
    """The region on the pixels of the task's image; None if the index gives none.

    image_entry, frame: which slice of which file `image` is. A mask is preferred to polygons, and polygons to
    boxes. Raises what reading that one raises, and IncompatibleInput for a mask of another image.
    """
    if task.mask is not None:
        entry = only_entry(reader, task.mask)
        volume = frame // image_entry.slices
        place = SlicePlace.of(image, image_entry.frames, image_entry.volumes, volume, frame)
        return mask_region(reader.read_mask(entry, place), image)
    if task.polygon:
        return MarkedRegion(polygon_mask(task.polygon, image.shape))
    return MarkedRegion(box_mask(task.box, image.shape)) if task.box else None


def only_entry(reader: ReaderProcess, path: Path) -> SeriesEntry:
    """The image in a file that an index names.

    Raises what reading raises, Unreadable for a missing file, Unsupported for a folder.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}.", INDEX_HINT) from None
    if S_ISDIR(status.st_mode):
        raise Unsupported(
            "The index names a folder instead of a file in this row.", "Name one file in each row."
        )
    return reader.index(path)[0]


def polygon_mask(text: str, shape: tuple[int, int]) -> Array:
    """(rows, columns) bool of the pixels whose centres lie in polygons x1,y1;x2,y2;... separated by |.

    x goes right and y down from the upper left corner of the image, so that the first pixel reaches from
    0 to 1, as in boxes; lines that cross follow the even-odd rule. Raises InputError for other text, a
    point outside `shape` (rows, columns), and a polygon that encloses no pixel.
    """
    mask = np.zeros(shape, dtype=bool)
    for part in text.split("|"):
        corners = [_corner(point, shape) for point in part.split(";")]
        polygon = inside(corners, shape)
        if not polygon.any():
            raise InputError(f"A polygon of {len(corners)} corners encloses no pixel.", INDEX_HINT)
        mask |= polygon
    return mask


def box_mask(text: str, shape: tuple[int, int]) -> Array:
    """(rows, columns) bool from boxes x0,y0,x1,y1 separated by semicolons; x1 and y1 are the first outside.

    Raises InputError for other text, or a box that is not inside `shape` (rows, columns).
    """
    mask = np.zeros(shape, dtype=bool)
    for part in text.split(";"):
        try:
            left, top, right, bottom = (round(float(number)) for number in part.split(","))
        except (ValueError, OverflowError):
            raise InputError(f"The box {part!r} is not x0,y0,x1,y1.", INDEX_HINT) from None
        if not (0 <= left < right <= shape[1] and 0 <= top < bottom <= shape[0]):
            raise InputError(
                f"The box {part} does not lie inside the image of {shape[1]} x {shape[0]} pixels.", INDEX_HINT
            )
        mask[top:bottom, left:right] = True
    return mask


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
