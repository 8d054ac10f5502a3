"""A turn: one of the eight ways in which an image can lie, by quarter turns and reflections."""

from dataclasses import dataclass

from core.arrays import Array


@dataclass(frozen=True, slots=True)
class Turn:
    """How the rows and columns of an image are exchanged and reversed.

    is_transposed: rows become columns, before the rest. reverses_rows, reverses_columns: the order of the
    rows, or of the columns, that result is reversed.
    """

    is_transposed: bool = False
    reverses_rows: bool = False
    reverses_columns: bool = False

    @property
    def changes_image(self) -> bool:
        """Whether the image does not stay as it is."""
        return self.is_transposed or self.reverses_rows or self.reverses_columns

    def turned(self, values: Array) -> Array:
        """A view of values (rows, columns, ...), turned."""
        if self.is_transposed:
            values = values.swapaxes(0, 1)
        if self.reverses_rows:
            values = values[::-1]
        return values[:, ::-1] if self.reverses_columns else values

    def turned_back(self, values: Array) -> Array:
        """A view of values (rows, columns, ...) that are turned, as they were before."""
        if self.reverses_rows:
            values = values[::-1]
        if self.reverses_columns:
            values = values[:, ::-1]
        return values.swapaxes(0, 1) if self.is_transposed else values

    def turned_shape(self, shape: tuple[int, int]) -> tuple[int, int]:
        """(rows, columns) of the turned image, or, as transposing is its own inverse, of the one before."""
        return (shape[1], shape[0]) if self.is_transposed else shape

    def turned_place(self, row: float, column: float, shape: tuple[int, int]) -> tuple[float, float]:
        """(row, column) on the turned image. shape: (rows, columns) before the turn."""
        rows, columns = self.turned_shape(shape)
        if self.is_transposed:
            row, column = column, row
        return (
            rows - 1 - row if self.reverses_rows else row,
            columns - 1 - column if self.reverses_columns else column,
        )

    def place_before(self, row: float, column: float, shape: tuple[int, int]) -> tuple[float, float]:
        """(row, column) before the turn of a place on the turned image. shape: (rows, columns) before."""
        rows, columns = self.turned_shape(shape)
        row = rows - 1 - row if self.reverses_rows else row
        column = columns - 1 - column if self.reverses_columns else column
        return (column, row) if self.is_transposed else (row, column)


NO_TURN = Turn()
