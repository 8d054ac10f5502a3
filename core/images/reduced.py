"""A slice with fewer pixels for the screen: means over blocks, so that no detail is skipped."""

from dataclasses import replace

import numpy as np

from core.arrays import Array
from core.images.slice import Slice


def reduced(image: Slice, factor: int) -> Slice:
    """The slice with one pixel for each block of `factor` x `factor`, for display only.

    Its size is rounded up; blocks at the lower and right edge are smaller. A value is the mean of its block;
    where a block has padding or values that are not finite, the value at its first row and column. Position
    and spacing are left out.
    """
    if factor <= 1:
        return image
    values = _block_means(image.values, factor)
    first = image.values[::factor, ::factor]
    padding = None
    if image.padding is not None:
        is_mixed = _block_means(image.padding.astype(np.float32), factor) > 0
        values[is_mixed] = first[is_mixed]
        padding = np.ascontiguousarray(image.padding[::factor, ::factor])
    if values.dtype.kind == "f":
        is_unknown = ~np.isfinite(values)
        values[is_unknown] = first[is_unknown]
    return replace(image, values=values, padding=padding, affine_lps_mm=None, spacing_mm=None)


def _block_means(values: Array, factor: int) -> Array:
    """Sums of strided views: on large pictures several times faster than a mean over a reshaped array."""
    shape = (-(-values.shape[0] // factor), -(-values.shape[1] // factor), *values.shape[2:])
    is_float = values.dtype.kind == "f"
    total = np.zeros(shape, np.float64 if is_float or values.dtype.itemsize > 2 else np.int32)
    count = np.zeros(shape[:2], np.int32)
    for row in range(factor):
        for column in range(factor):
            part = values[row::factor, column::factor]
            total[: part.shape[0], : part.shape[1]] += part
            count[: part.shape[0], : part.shape[1]] += 1
    mean = total / (count if total.ndim == 2 else count[..., None])
    return mean.astype(values.dtype) if is_float else np.rint(mean).astype(values.dtype)
