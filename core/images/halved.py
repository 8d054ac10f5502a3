"""A slice with fewer pixels for the screen: means over blocks, so that no detail is skipped."""

from dataclasses import replace

import numpy as np

from core.arrays import Array
from core.images.slice import Slice

STRIP_ROWS = 128


def halved(image: Slice) -> Slice:
    """The slice with one pixel for each block of 2 x 2, for display only; (rows, columns) are rounded up.

    A value is the mean of its block, rounded half up for integers; where a block has padding or values that
    are not finite, it is the value at its first row and column. Position, spacing and
    overlay are left out.
    """
    values = _block_means(image.values)
    first = image.values[::2, ::2]
    padding = None
    if image.padding is not None:
        has_padding = np.logical_or.reduce(_quarters(image.padding))
        values[has_padding] = first[has_padding]
        padding = np.ascontiguousarray(image.padding[::2, ::2])
    if values.dtype.kind == "f":
        is_unknown = ~np.isfinite(values)
        values[is_unknown] = first[is_unknown]
    return replace(image, values=values, padding=padding, affine_lps_mm=None, spacing_mm=None, overlay=None)


def _quarters(values: Array) -> tuple[Array, Array, Array, Array]:
    """The upper left, upper right, lower left and lower right pixel of each block."""
    values = _of_even_size(values)
    return values[::2, ::2], values[::2, 1::2], values[1::2, ::2], values[1::2, 1::2]


def _of_even_size(values: Array) -> Array:
    """A last row or column is repeated, which leaves the mean of its block as it is."""
    rows, columns = values.shape[:2]
    if not (rows % 2 or columns % 2):
        return values
    return np.pad(values, ((0, rows % 2), (0, columns % 2), *((0, 0),) * (values.ndim - 2)), "edge")


def _block_means(values: Array) -> Array:
    values = _of_even_size(values)
    means = np.empty((values.shape[0] // 2, values.shape[1] // 2, *values.shape[2:]), values.dtype)
    # A strip at a time, so that what is in between stays in the processor's cache.
    for start in range(0, len(means), STRIP_ROWS):
        means[start : start + STRIP_ROWS] = _strip_means(values[2 * start : 2 * (start + STRIP_ROWS)])
    return means


def _strip_means(values: Array) -> Array:
    kind, size = values.dtype.kind, values.dtype.itemsize
    small = np.dtype(np.int32 if kind in "iub" and size <= 2 else np.float64)
    dtype = values.dtype if kind == "f" and size >= 4 else small
    rows = np.add(values[::2], values[1::2], dtype=dtype)
    total: Array = rows[:, ::2] + rows[:, 1::2]
    if dtype == np.int32:
        return (total + 2) >> 2
    total /= 4
    return total if kind == "f" else np.floor(total + 0.5)
