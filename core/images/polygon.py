"""The pixels inside a closed line."""

import math
from collections.abc import Sequence

import numpy as np

from core.arrays import Array


def inside(points: Sequence[tuple[float, float]], shape: tuple[int, int]) -> Array:
    """(rows, columns) bool, the pixel centres inside the closed line through `points`, even-odd.

    points: (row, column), pixel centres at integers. A row is inside between the 1st and 2nd, 3rd and
    4th ... crossing of its line; each edge counts its upper end and not its lower one, so that a corner
    counts once, and lines that share an edge share no pixel.
    """
    crossed = np.zeros(shape, dtype=np.int64)
    columns = np.arange(shape[1])[None, :]
    for (top, left), (bottom, right) in zip(points, [*points[1:], points[0]], strict=True):
        first, last = (min(max(math.ceil(end), 0), shape[0]) for end in sorted((top, bottom)))
        if first >= last:
            continue
        rows = np.arange(first, last)[:, None]
        at = left + (rows - top) * (right - left) / (bottom - top)
        crossed[first:last] += columns >= at
    return crossed % 2 == 1
