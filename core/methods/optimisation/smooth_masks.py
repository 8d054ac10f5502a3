"""Masks as smooth as a kernel, by a smooth maximum (Fong et al. 2019, doi 10.1109/ICCV.2019.00304)."""

import math

import numpy as np

from core.arrays import Array

# How near the smooth maximum is to the maximum, as the authors have it.
TEMPERATURE = 20.0


class SmoothMaximum:
    """Each cell is the smooth maximum of its neighbours, weighed by a Gaussian of their distance.

    A mask made so has no detail finer than the kernel, and reaches 1 wherever a cell is 1.
    """

    def __init__(self, deviation: float) -> None:
        """deviation: of the Gaussian, in cells."""
        self._reach = math.ceil(2 * deviation)
        offsets = np.arange(-self._reach, self._reach + 1)
        squares = offsets[:, None] ** 2 + offsets**2
        self._kernel = np.exp(-squares / (2 * deviation**2)).ravel()

    def smoothed(self, cells: Array) -> tuple[Array, Array]:
        """(n, rows, columns) of cells of that shape in 0 to 1, and the slopes that `gradient` takes."""
        neighbours = self._neighbours(cells)
        weights = np.exp(TEMPERATURE * (neighbours - neighbours.max(axis=-1, keepdims=True)))
        weights /= weights.sum(axis=-1, keepdims=True)
        maximum = (weights * neighbours).sum(axis=-1)
        slopes = weights * (1 + TEMPERATURE * (neighbours - maximum[..., None])) * self._kernel
        return maximum, slopes

    def gradient(self, by_smoothed: Array, slopes: Array) -> Array:
        """(n, rows, columns) the gradient by the cells, from that by the smoothed ones."""
        count, rows, columns = by_smoothed.shape
        reach = self._reach
        padded = np.zeros((count, rows + 2 * reach, columns + 2 * reach))
        side = 2 * reach + 1
        for place in range(side * side):
            down, right = divmod(place, side)
            padded[:, down : down + rows, right : right + columns] += by_smoothed * slopes[..., place]
        return padded[:, reach : reach + rows, reach : reach + columns]

    def _neighbours(self, cells: Array) -> Array:
        """(n, rows, columns, k) each cell's neighbours times the kernel; 0 beyond the border."""
        reach, side = self._reach, 2 * self._reach + 1
        padded = np.pad(cells, ((0, 0), (reach, reach), (reach, reach)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))
        return windows.reshape(*cells.shape, side * side) * self._kernel
