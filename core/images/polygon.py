"""The pixels inside a polygon."""

import math
from collections.abc import Sequence

import numpy as np

from core.arrays import Array


def inside(points: Sequence[tuple[float, float]], shape: tuple[int, int]) -> Array:
    """(rows, columns) bool: the pixel centres inside the polygon through `points`, by the even-odd rule.

    points: (row, column), pixel centres at integers. A row is inside between its 1st and 2nd, 3rd and
    4th ... crossing with the polygon; each edge includes its upper end and not its lower one, so that a
    corner counts once, and polygons that share an edge share no pixel.
    """
    # A pixel is marked where the state changes to its right; one column more takes what lies beyond.
    changes = np.zeros((shape[0], shape[1] + 1), dtype=np.bool_)
    for (top, left), (bottom, right) in zip(points, [*points[1:], points[0]], strict=True):
        first, last = (min(max(math.ceil(end), 0), shape[0]) for end in sorted((top, bottom)))
        if first >= last:
            continue
        rows = np.arange(first, last)
        crossing_column = left + (rows - top) * (right - left) / (bottom - top)
        changes[rows, np.clip(np.ceil(crossing_column), 0, shape[1]).astype(int)] ^= True
    mask = np.zeros(shape, dtype=np.bool_)
    rows, columns = np.flatnonzero(changes.any(1)), np.flatnonzero(changes.any(0))
    if rows.size:  # a film has millions of pixels, most of which are far from the polygon
        box = slice(rows[0], rows[-1] + 1), slice(columns[0], min(columns[-1] + 1, shape[1]))
        np.logical_xor.accumulate(changes[box], axis=1, out=mask[box])
    return mask
