"""The pixels of a record, whatever its file is: read as the window reads it, or from its data set's form."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.errors import InputError, Unsupported
from core.images.slice import Slice
from core.readers.index import index_path, read
from training.sources import figshare_brain_tumour

# Beyond this a mask drawn on another grid than its image's shows another field of view.
RATIO_TOLERANCE = 0.01

_IMAGES: dict[str, Callable[[Path], Array]] = {
    figshare_brain_tumour.SUFFIX: figshare_brain_tumour.slice_values,
}
_MASKS: dict[str, Callable[[Path], Array]] = {
    figshare_brain_tumour.SUFFIX: figshare_brain_tumour.tumour_mask,
}


def picture(path: Path) -> Slice:
    """The one slice of a file, in modality values. Raises an InputError."""
    special = _IMAGES.get(path.suffix.lower())
    return Slice(special(path)) if special else _opened(path)


def outline(path: Path, shape: tuple[int, int]) -> Array:
    """A mask as (rows, columns) bool of `shape`; drawn on another grid, it is brought over by nearest pixel.

    Raises an InputError, also for a mask whose ratio of sides is not the image's.
    """
    special = _MASKS.get(path.suffix.lower())
    values = special(path) if special else _opened(path).values
    inside: Array = np.greater(values, 0)
    if inside.ndim == 3:
        inside = np.asarray(inside.any(axis=2))
    rows, columns = inside.shape
    if (rows, columns) == shape:
        return inside
    if abs(rows * shape[1] / (columns * shape[0]) - 1) > RATIO_TOLERANCE:
        raise InputError(
            f"The mask {path.name} is of {columns} x {rows}, its image of {shape[1]} x {shape[0]}."
        )
    return inside[np.ix_(_nearest(rows, shape[0]), _nearest(columns, shape[1]))]


def _nearest(source: int, target: int) -> Array:
    return ((np.arange(target) + 0.5) * (source / target)).astype(int)


def _opened(path: Path) -> Slice:
    entries = index_path(path)
    if len(entries) != 1 or entries[0].frames != 1:
        raise Unsupported(
            f"{path.name} holds several slices.", "Save the slice to learn from as a file of its own."
        )
    return read(entries[0], 0)[0]
