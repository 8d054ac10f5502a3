"""The mapping from the network's grid to slice pixels and back."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.errors import IncompatibleInput
from core.images.resample import mask_share, resampled
from core.images.turn import NO_TURN, Turn


@dataclass(frozen=True, slots=True)
class GridMap:
    """The position of the network's input grid on the slice.

    grid: (rows, columns) of the network's input. slice_shape: (rows, columns) of the slice.
    box: (top, left, bottom, right) in slice pixels, edges, of the field that the grid covers; it
    reaches beyond the slice where the input was padded and stays inside where it was cropped.
    Pixel centres are at integers, so the edge of the first pixel is at -0.5.
    turn: after which the slice has the orientation of the grid; `box` is on the slice as it is.
    """

    grid: tuple[int, int]
    slice_shape: tuple[int, int]
    box: tuple[float, float, float, float]
    turn: Turn = NO_TURN

    @property
    def grid_on_slice(self) -> tuple[int, int]:
        """Grid cells along the rows' and the columns' direction of the slice as it is."""
        return self.turn.turned_shape(self.grid)

    @property
    def scale(self) -> tuple[float, float]:
        """Slice pixels per grid cell, along rows and columns of the slice."""
        top, left, bottom, right = self.box
        rows, columns = self.grid_on_slice
        return (bottom - top) / rows, (right - left) / columns

    def to_pixel(self, row: float, column: float) -> tuple[float, float]:
        """The slice position of a grid position."""
        by_row, by_column = self.scale
        row, column = self.turn.place_before(row, column, self.grid_on_slice)
        return self.box[0] + (row + 0.5) * by_row, self.box[1] + (column + 0.5) * by_column

    def to_grid(self, row: float, column: float) -> tuple[float, float]:
        """The grid position of a slice position."""
        by_row, by_column = self.scale
        row, column = (row - self.box[0]) / by_row - 0.5, (column - self.box[1]) / by_column - 0.5
        return self.turn.turned_place(row, column, self.grid_on_slice)

    def to_slice(self, values: Array, smooth: bool = True) -> Array:
        """Resample a map (grid_rows, grid_columns) to slice pixels (rows, columns), for display only.

        Pixels outside of the network's input become NaN. `smooth=False` repeats the grid's cells.
        Raises IncompatibleInput if `values` is not on this grid.
        """
        if values.shape != self.grid:
            raise IncompatibleInput(f"A map of {values.shape} does not fit the grid {self.grid}.")
        values = self.turn.turned_back(values)
        rows = self._along(0, smooth)
        columns = self._along(1, smooth)
        is_inside_row, is_inside_column = ~np.isnan(rows), ~np.isnan(columns)
        result = np.full(self.slice_shape, np.nan)
        interpolated = _interpolated(values, rows[is_inside_row], columns[is_inside_column])
        result[np.ix_(is_inside_row, is_inside_column)] = interpolated
        return result

    def from_slice(self, mask: Array) -> Array:
        """The share (grid_rows, grid_columns) of each cell inside a mask (rows, columns) of the slice.

        A mask of numbers gives their mean in each cell.
        """
        top, left, bottom, right = (round(edge + 0.5) for edge in self.box)
        is_bool = mask.dtype == np.bool_
        canvas = np.zeros((bottom - top, right - left), bool if is_bool else float)
        rows = slice(max(top, 0), min(bottom, self.slice_shape[0]))
        columns = slice(max(left, 0), min(right, self.slice_shape[1]))
        canvas[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = mask[
            rows, columns
        ]
        share = mask_share if is_bool else resampled
        return self.turn.turned(share(canvas, self.grid_on_slice))

    def _along(self, axis: int, smooth: bool) -> Array:
        """Grid positions of the slice's pixel centres on one axis; NaN outside the grid."""
        low = self.box[axis]
        cells = self.grid_on_slice[axis]
        positions = (np.arange(self.slice_shape[axis]) - low) / self.scale[axis] - 0.5
        is_outside = (positions < -0.5) | (positions > cells - 0.5)
        positions = np.clip(positions, 0, cells - 1)
        if not smooth:
            positions = np.rint(positions)
        return np.where(is_outside, np.nan, positions)


def _interpolated(values: Array, rows: Array, columns: Array) -> Array:
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    bottom = np.minimum(top + 1, values.shape[0] - 1)
    right = np.minimum(left + 1, values.shape[1] - 1)
    down, across = (rows - top)[:, None], (columns - left)[None, :]
    between_rows = values[top] * (1 - down) + values[bottom] * down
    return between_rows[:, left] * (1 - across) + between_rows[:, right] * across
