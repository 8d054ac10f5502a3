"""Resampling on separable grids: averaging over area where it shrinks, linear where it grows."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array


def resampled(values: Array, size: tuple[int, ...]) -> Array:
    """`values` (*grid,) or (*grid, channels) resampled to the grid `size`, such as (rows, columns).

    Pixel edges stay edges: shrinking averages each output pixel over the area it covers (no
    aliasing), growing interpolates linearly between pixel centres and repeats the border value.
    A constant stays constant. Returns float64.
    """
    result = values.astype(np.float64)
    for axis, target in enumerate(size):
        weights = axis_weights(values.shape[axis], target)
        result = np.moveaxis(np.tensordot(weights, result, axes=(1, axis)), 0, axis)
    return result


def separable(values: Array, weights: Sequence[Array]) -> Array:
    """`values` (..., *grid) with each axis of the grid multiplied by its matrix (target, source).

    The last two axes, rows and columns, are one product of matrices for everything before them.
    """
    *others, by_row, by_column = weights
    for axis, matrix in enumerate(others, start=-len(weights)):
        values = np.moveaxis(np.tensordot(matrix, values, axes=(1, axis)), 0, axis)
    return by_row @ values @ by_column.T


def mask_share(mask: Array, size: tuple[int, int]) -> Array:
    """The share (size: rows, columns) of each output pixel inside `mask` (rows, columns) bool.

    The same as `resampled`, but that a mask that shrinks is counted, with no fractional number for each of
    its pixels: a film has millions. Returns float64.
    """
    if size[0] >= mask.shape[0] or size[1] >= mask.shape[1]:
        return resampled(mask, size)
    edges = np.arange(size[0]) * (mask.shape[0] / size[0])
    starts = np.floor(edges).astype(int)
    bands = np.split(mask.view(np.uint8), starts[1:])
    # Whole rows are added, one after the other, which is the fastest way through memory.
    counts = np.array([band.sum(axis=0, dtype=np.uint32 if len(band) > 255 else np.uint8) for band in bands])
    # The pixel that an edge cuts was counted behind it, and a part of it lies before.
    cut = (edges - starts)[:, None] * mask[starts]
    by_row = counts - cut
    by_row[:-1] += cut[1:]
    by_cell: Array = by_row @ axis_weights(mask.shape[1], size[1]).T * (size[0] / mask.shape[0])
    return by_cell


def in_cells(values: Array, cells: tuple[int, int]) -> Array:
    """(rows, columns) values of a grid, each replaced by the one at the middle of its cell."""
    rows, columns = (_middles(size, count) for size, count in zip(values.shape, cells, strict=True))
    return values[np.ix_(rows, columns)]


def axis_weights(source: int, target: int) -> Array:
    """Weights (target, source) of one axis; each row sums to 1."""
    if source == target:
        return np.eye(source)
    return _area_weights(source, target) if target < source else _linear_weights(source, target)


def _area_weights(source: int, target: int) -> Array:
    edges = np.arange(target + 1) * (source / target)
    pixels = np.arange(source)
    upper = np.minimum(edges[1:, None], pixels[None, :] + 1)
    lower = np.maximum(edges[:-1, None], pixels[None, :])
    return np.clip(upper - lower, 0, None) * (target / source)


def _linear_weights(source: int, target: int) -> Array:
    centres = np.clip((np.arange(target) + 0.5) * (source / target) - 0.5, 0, source - 1)
    left = np.minimum(centres.astype(int), max(source - 2, 0))
    share = centres - left
    weights = np.zeros((target, source))
    rows = np.arange(target)
    weights[rows, left] = 1 - share
    weights[rows, np.minimum(left + 1, source - 1)] += share
    return weights


def _middles(size: int, count: int) -> Array:
    if count >= size:
        return np.arange(size)
    cell = np.minimum(((np.arange(size) + 0.5) * count / size).astype(int), count - 1)
    return np.clip(np.floor((cell + 0.5) * size / count).astype(int), 0, size - 1)
