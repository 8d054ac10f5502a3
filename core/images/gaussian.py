"""Gaussian blur as two matrix products: fast where the kernel is as wide as the image, exact at borders."""

from typing import Literal

import numpy as np

from core.arrays import Array

Border = Literal["reflect", "zero"]
# The kernel ends at four standard deviations, as in scipy.ndimage.
REACH = 4.0


def blurred(values: Array, sigma: float, border: Border = "reflect") -> Array:
    """`values` (rows, columns, channels) under a Gaussian of `sigma` pixels; float64.

    `reflect` mirrors the picture at its edges, so a constant stays that constant; `zero` lets black in
    from outside, so that a wide blur darkens the rim.
    """
    by_row = gaussian_weights(values.shape[0], sigma, border)
    square = values.shape[0] == values.shape[1]
    by_column = by_row if square else gaussian_weights(values.shape[1], sigma, border)
    planes = np.moveaxis(values.astype(np.float64), -1, 0)
    return np.moveaxis(by_row @ planes @ by_column.T, 0, -1)


def gaussian_weights(size: int, sigma: float, border: Border) -> Array:
    """(size, size) weights of one axis, float64: row i holds the share of each pixel in blurred pixel i."""
    radius = int(REACH * sigma + 0.5)
    if radius == 0:
        return np.eye(size)
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-0.5 * (offsets / sigma) ** 2)
    kernel /= kernel.sum()
    here, there = np.arange(size)[:, None], np.arange(size)[None, :]
    if border == "zero":
        reached = np.zeros(2 * max(size, radius) + 1)
        reached[offsets + max(size, radius)] = kernel
        return reached[there - here + max(size, radius)]
    # The mirrored picture repeats every 2 size pixels; each pixel is met once as itself, once as its image.
    period = 2 * size
    folded = np.bincount(offsets % period, weights=kernel, minlength=period)
    return folded[(there - here) % period] + folded[(-1 - there - here) % period]
