"""The mapping from the network's grid to slice pixels and back."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.errors import IncompatibleInput
from core.images.resample import resampled


@dataclass(frozen=True, slots=True)
class GridMap:
    """The position of the network's input grid on the slice.

    grid: (rows, columns) of the network's input. slice_shape: (rows, columns) of the slice.
    box: (top, left, bottom, right) in slice pixels, edges, of the field that the grid covers; it
    reaches beyond the slice where the input was padded and stays inside where it was cropped.
    Pixel centres are at integers, so the edge of the first pixel is at -0.5.
    """

    grid: tuple[int, int]
    slice_shape: tuple[int, int]
    box: tuple[float, float, float, float]

    @property
    def scale(self) -> tuple[float, float]:
        """Slice pixels per grid cell, (rows, columns)."""
        top, left, bottom, right = self.box
        return (bottom - top) / self.grid[0], (right - left) / self.grid[1]

    def to_pixel(self, row: float, column: float) -> tuple[float, float]:
        """The slice position of a grid position."""
        by_row, by_column = self.scale
        return self.box[0] + (row + 0.5) * by_row, self.box[1] + (column + 0.5) * by_column

    def to_grid(self, row: float, column: float) -> tuple[float, float]:
        """The grid position of a slice position."""
        by_row, by_column = self.scale
        return (row - self.box[0]) / by_row - 0.5, (column - self.box[1]) / by_column - 0.5

    def to_slice(self, values: Array, smooth: bool = True) -> Array:
        """Resample a map (grid_rows, grid_columns) to slice pixels (rows, columns), for display only.

        Pixels outside of the network's input become NaN. `smooth=False` repeats the grid's cells.
        Raises IncompatibleInput if `values` is not on this grid.
        """
        if values.shape != self.grid:
            raise IncompatibleInput(f"A map of {values.shape} does not fit the grid {self.grid}.")
        rows = self._along(0, smooth)
        columns = self._along(1, smooth)
        is_inside_row, is_inside_column = ~np.isnan(rows), ~np.isnan(columns)
        result = np.full(self.slice_shape, np.nan)
        interpolated = _interpolated(values, rows[is_inside_row], columns[is_inside_column])
        result[np.ix_(is_inside_row, is_inside_column)] = interpolated
        return result

    def from_slice(self, mask: Array) -> Array:
        """The share (grid_rows, grid_columns) of each cell inside a mask (rows, columns) of the slice."""
        top, left, bottom, right = (round(edge + 0.5) for edge in self.box)
        canvas = np.zeros((bottom - top, right - left))
        rows = slice(max(top, 0), min(bottom, self.slice_shape[0]))
        columns = slice(max(left, 0), min(right, self.slice_shape[1]))
        canvas[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = mask[
            rows, columns
        ]
        return resampled(canvas, self.grid)

    def _along(self, axis: int, smooth: bool) -> Array:
        """Grid positions of the slice's pixel centres on one axis; NaN outside the grid."""
        low = self.box[axis]
        positions = (np.arange(self.slice_shape[axis]) - low) / self.scale[axis] - 0.5
        is_outside = (positions < -0.5) | (positions > self.grid[axis] - 0.5)
        positions = np.clip(positions, 0, self.grid[axis] - 1)
        if not smooth:
            positions = np.rint(positions)
        return np.where(is_outside, np.nan, positions)


def _interpolated(values: Array, rows: Array, columns: Array) -> Array:
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    bottom = np.minimum(top + 1, values.shape[0] - 1)
    right = np.minimum(left + 1, values.shape[1] - 1)
    down, across = (rows - top)[:, None], (columns - left)[None, :]
    upper = values[np.ix_(top, left)] * (1 - across) + values[np.ix_(top, right)] * across
    lower = values[np.ix_(bottom, left)] * (1 - across) + values[np.ix_(bottom, right)] * across
    return upper * (1 - down) + lower * down
