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
    crossings = np.zeros(shape, dtype=np.int64)
    columns = np.arange(shape[1])[None, :]
    for (top, left), (bottom, right) in zip(points, [*points[1:], points[0]], strict=True):
        first, last = (min(max(math.ceil(end), 0), shape[0]) for end in sorted((top, bottom)))
        if first >= last:
            continue
        rows = np.arange(first, last)[:, None]
        crossing_column = left + (rows - top) * (right - left) / (bottom - top)
        crossings[first:last] += columns >= crossing_column
    return crossings % 2 == 1
