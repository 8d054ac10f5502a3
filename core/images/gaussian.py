"""Gaussian blur as a matrix product for each axis: fast where the kernel is wide, exact at borders."""

from typing import Literal

import numpy as np

from core.arrays import Array
from core.images.resample import separable

Border = Literal["reflect", "zero"]
# The kernel ends at four standard deviations, as in scipy.ndimage.
REACH = 4.0


def blurred(values: Array, sigma: float, border: Border = "reflect") -> Array:
    """`values` (*grid, channels) under a Gaussian of `sigma` pixels along all axes of the grid; float64.

    border: `reflect` mirrors the image at its edges, so that a constant stays constant; `zero` pads with 0,
    so that a wide blur darkens the border.
    """
    by_side = {side: gaussian_weights(side, sigma, border) for side in set(values.shape[:-1])}
    planes = np.moveaxis(values.astype(np.float64), -1, 0)
    return np.moveaxis(separable(planes, [by_side[side] for side in values.shape[:-1]]), 0, -1)


def gaussian_weights(size: int, sigma: float, border: Border) -> Array:
    """(size, size) weights of one axis, float64: row i has the share of each pixel in blurred pixel i."""
    radius = int(REACH * sigma + 0.5)
    if radius == 0:
        return np.eye(size)
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-0.5 * (offsets / sigma) ** 2)
    kernel /= kernel.sum()
    targets, sources = np.arange(size)[:, None], np.arange(size)[None, :]
    if border == "zero":
        padded_kernel = np.zeros(2 * max(size, radius) + 1)
        padded_kernel[offsets + max(size, radius)] = kernel
        return padded_kernel[sources - targets + max(size, radius)]
    # The mirrored image repeats every 2 * size pixels; each pixel occurs once itself and once mirrored.
    period = 2 * size
    folded = np.bincount(offsets % period, weights=kernel, minlength=period)
    return folded[(sources - targets) % period] + folded[(-1 - sources - targets) % period]
