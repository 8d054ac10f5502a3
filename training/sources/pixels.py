"""The pixels of a labelled image: read as in the window, or by the reader of its data set's format."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.errors import InputError, Unsupported
from core.images.slice import Slice
from core.readers.index import index_path, read
from core.readers.mask import read_mask
from core.readers.protocol import SeriesEntry
from training.sources import figshare_brain_tumour

# A mask on another grid whose ratio of sides differs by more shows another field of view.
RATIO_TOLERANCE = 0.01

_IMAGES: dict[str, Callable[[Path], Array]] = {
    figshare_brain_tumour.SUFFIX: figshare_brain_tumour.slice_values,
}
_MASKS: dict[str, Callable[[Path], Array]] = {
    figshare_brain_tumour.SUFFIX: figshare_brain_tumour.tumour_mask,
}


def labelled_slice(path: Path) -> Slice:
    """The only slice of a file, in modality values. Raises InputError."""
    special = _IMAGES.get(path.suffix.lower())
    return Slice(special(path)) if special else _opened(path)


def outline(path: Path, shape: tuple[int, int]) -> Array:
    """The region of a mask, (rows, columns) bool of `shape`; resampled by nearest pixel if it has another.

    Raises InputError, also for a mask whose ratio of sides differs from the image's.
    """
    special = _MASKS.get(path.suffix.lower())
    inside: Array = np.greater(special(path), 0) if special else read_mask(_only_entry(path), 0).region
    rows, columns = inside.shape
    if (rows, columns) == shape:
        return inside
    if abs(rows * shape[1] / (columns * shape[0]) - 1) > RATIO_TOLERANCE:
        raise InputError(
            f"The mask {path.name} has {columns} x {rows} pixels, its image {shape[1]} x {shape[0]}."
        )
    return inside[np.ix_(_nearest(rows, shape[0]), _nearest(columns, shape[1]))]


def _nearest(source: int, target: int) -> Array:
    return ((np.arange(target) + 0.5) * (source / target)).astype(int)


def _opened(path: Path) -> Slice:
    return read(_only_entry(path), 0)[0]


def _only_entry(path: Path) -> SeriesEntry:
    entries = index_path(path)
    if len(entries) != 1 or entries[0].frames != 1:
        raise Unsupported(
            f"{path.name} holds several slices.", "Save the slice to learn from as a file of its own."
        )
    return entries[0]
