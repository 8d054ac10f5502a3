"""The pixels of many triangles at once, and their values, linear over each triangle."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array

# A triangle of this doubled area holds no pixel but its corners (Pick's theorem).
SMALLEST_DOUBLED_AREA = 1


@dataclass(frozen=True, slots=True)
class Scan:
    """Flat indices (k,) of pixels in and on triangles, the triangle (k,) of each, its values (k, channels).

    A pixel on an edge comes from both sides, with the same value.
    """

    pixels: Array
    triangles: Array
    values: Array


def scanned(points: Array, triangles: Array, values: Array, width: int) -> Scan:
    """All pixels of the triangles (m, 3) between the points (n, 2), whole rows and columns, of a picture.

    The triangles are scanned row by row, so that nothing has to be searched. All numbers but the
    last quotient are whole, and doubles hold them exactly, so that each value is rounded once.
    values: (n, channels), whole; width: of the picture, in pixels.
    """
    wide = np.flatnonzero(np.abs(_doubled_areas(points[triangles])) > SMALLEST_DOUBLED_AREA)
    corners = np.take_along_axis(triangles[wide], np.argsort(points[triangles[wide], 0], axis=1), axis=1)
    places = points[corners].astype(np.float64)
    owner, rows = _rows_between(places)
    first, last = _columns_between(places, owner, rows)
    nonempty = np.flatnonzero(last >= first)
    owner, rows = owner[nonempty], rows[nonempty]
    span, columns = _expanded(first[nonempty], last[nonempty])
    by_row, by_column, offset, area = _planes(places, values[corners].astype(np.float64))
    start = offset[owner] + by_row[owner] * rows[:, None]
    sums = start[span] + by_column[owner][span] * columns[:, None]
    return Scan(rows[span] * width + columns, wide[owner][span], sums / area[owner][span][:, None])


def _doubled_areas(corners: Array) -> Array:
    """(m,) of triangles (m, 3, 2), positive or negative by the turn of the corners."""
    sides = corners[:, 1:] - corners[:, :1]
    areas: Array = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]
    return areas


def _rows_between(places: Array) -> tuple[Array, Array]:
    """Triangles and rows (s,) to be scanned: without the row of a lonely corner at the top or bottom."""
    top, middle, bottom = places[..., 0].T
    return _expanded(top + (middle > top), bottom - (bottom > middle))


def _columns_between(places: Array, owner: Array, rows: Array) -> tuple[Array, Array]:
    """First and last column (s,) of each row, between the long edge and the upper or the lower short one.

    A quotient of numbers this small is exact where it is whole, and cannot be rounded to a whole one.
    """
    top, middle, bottom = np.moveaxis(places, 1, 0)
    rise = np.stack([bottom - top, middle - top, bottom - middle])
    slope = np.where(rise[..., 0] > 0, rise[..., 0], 1.0), rise[..., 1]
    short = np.where(rows >= middle[owner, 0], 2, 1)
    start = np.where((short == 2)[:, None], middle[owner], top[owner])
    on_long_edge = top[owner, 1] + (rows - top[owner, 0]) * slope[1][0, owner] / slope[0][0, owner]
    on_short_edge = start[:, 1] + (rows - start[:, 0]) * slope[1][short, owner] / slope[0][short, owner]
    return (
        np.ceil(np.minimum(on_long_edge, on_short_edge)),
        np.floor(np.maximum(on_long_edge, on_short_edge)),
    )


def _planes(places: Array, values: Array) -> tuple[Array, Array, Array, Array]:
    """by_row, by_column, offset (m, channels), area (m,): a value is their sum at a place over the area."""
    row, column = places[:, 0].T
    (down, across), (further_down, further_across) = (places[:, i].T - (row, column) for i in (1, 2))
    area = down * further_across - across * further_down
    first_rise, second_rise = values[:, 1] - values[:, 0], values[:, 2] - values[:, 0]
    by_row = further_across[:, None] * first_rise - across[:, None] * second_rise
    by_column = down[:, None] * second_rise - further_down[:, None] * first_rise
    offset = area[:, None] * values[:, 0] - by_row * row[:, None] - by_column * column[:, None]
    return by_row, by_column, offset, area


def _expanded(first: Array, last: Array) -> tuple[Array, Array]:
    """The index of its range for every whole number from first to last (n,), and the numbers in one line."""
    low = first.astype(np.int64)
    counts = np.maximum(last.astype(np.int64) - low + 1, 0)
    owner = np.repeat(np.arange(counts.size), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(owner.size) - (starts - low)[owner]
