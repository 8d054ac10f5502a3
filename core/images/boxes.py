"""A grid cut into boxes by numbers along each of its axes."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array


def box_numbers(by_axis: Sequence[Array]) -> Array:
    """(*grid,) the number of the box that each position belongs to, row by row without gaps.

    by_axis: for each axis of the grid the numbers along it, rising from 0 without gaps.
    """
    number = np.zeros((), dtype=np.int64)
    for numbers in by_axis:
        number = number[..., None] * (numbers[-1] + 1) + numbers
    return number
