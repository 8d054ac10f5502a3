"""Where the evidence of an image should lie: a mask file, or boxes."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.errors import IncompatibleInput, InputError
from core.readers.process import ReaderProcess


def region_of(reader: ReaderProcess, mask: Path | None, box: str, shape: tuple[int, int]) -> Array | None:
    """(rows, columns) bool on the pixels of an image of `shape`; None where neither is given.

    A mask goes before boxes. Raises InputError or IncompatibleInput where it cannot be used.
    """
    if mask is not None:
        entry = reader.index(mask)[0]
        image, _ = reader.read(entry, entry.middle_frame)
        values = image.values if image.values.ndim == 2 else image.values.max(axis=2)
        inside = values > 0
    elif box:
        inside = box_mask(box, shape)
    else:
        return None
    if inside.shape != shape:
        raise IncompatibleInput(
            f"The mask has {inside.shape} pixels, the image {shape}.",
            "Give a mask of the image's own size.",
        )
    return inside


def box_mask(text: str, shape: tuple[int, int]) -> Array:
    """(rows, columns) bool from boxes x0,y0,x1,y1 split by semicolons; x1 and y1 are the first outside.

    Raises InputError for other words, or a box that is not inside `shape` (rows, columns).
    """
    inside = np.zeros(shape, dtype=bool)
    for part in text.split(";"):
        try:
            left, top, right, bottom = (round(float(number)) for number in part.split(","))
        except (ValueError, OverflowError):
            raise InputError(f"The box {part!r} is not x0,y0,x1,y1.", "Mend the index.") from None
        if not (0 <= left < right <= shape[1] and 0 <= top < bottom <= shape[0]):
            raise InputError(
                f"The box {part} does not lie inside the image of {shape[1]} x {shape[0]} pixels.",
                "Mend the index.",
            )
        inside[top:bottom, left:right] = True
    return inside
