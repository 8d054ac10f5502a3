"""Unknown pixels from known ones: linear over the Delaunay triangles of the known."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation
from scipy.spatial import Delaunay

from core.arrays import Array

# A triangle of this doubled area holds no pixel but its own corners (Pick's theorem).
SMALLEST_DOUBLED_AREA = 1
# In pixels; see `triangles_of`.
NUDGE = 1e-6


def linear_fill(picture: Array, known: Array) -> Array:
    """The picture (height, width, channels) uint8, its pixels outside `known` (height, width) interpolated.

    The four corners always count as known, so that the triangles cover the picture. The values are
    the barycentric ones over the Delaunay triangles of the known pixels, rounded half to even. A
    picture that is known as a whole comes back unchanged.
    """
    known = with_corners(known)
    if known.all():
        return picture
    points = supports(known)
    pixels, values = _scanned(
        points, triangles_of(points), picture[tuple(points.T)].astype(np.int64), known.shape[1]
    )
    unknown = ~known.ravel()[pixels]
    result = picture.reshape(-1, picture.shape[-1]).copy()
    # Through float32, as published: on a pixel grid exact halves between two levels are frequent,
    # and they must be exact to be rounded to even.
    result[pixels[unknown]] = np.rint(values[unknown].astype(np.float32)).astype(np.uint8)
    return result.reshape(picture.shape)


def with_corners(known: Array) -> Array:
    """A copy of the mask (height, width) with its four corners set."""
    result = known.copy()
    result[np.ix_((0, -1), (0, -1))] = True
    return result


def supports(known: Array) -> Array:
    """(n, 2) rows and columns of the known pixels that unknown ones can depend on, corners included.

    A circle through a pixel whose eight neighbours are all known, and with none of them inside,
    lies within one square of four known pixels; no triangle of that pixel reaches an unknown one.
    """
    bordering = binary_dilation(~known, structure=np.ones((3, 3), dtype=bool))
    return np.argwhere(known & with_corners(bordering))


def triangles_of(points: Array) -> Array:
    """(m, 3) the Delaunay triangles of the pixels (n, 2), flat ones at the picture's edge among them.

    Neighbours on a grid often lie on one circle, where any diagonal will do; Qhull spends half its time
    on such ties. A shift of each point by up to a millionth of a pixel, the same in every call, breaks
    them; the area of a triangle of whole pixels is far too large to change its sign by that.
    """
    nudges = np.random.default_rng(0).uniform(-NUDGE, NUDGE, points.shape)
    triangles: Array = Delaunay(points + nudges).simplices
    return triangles


def _scanned(points: Array, triangles: Array, values: Array, width: int) -> tuple[Array, Array]:
    """Flat indices (k,) of the pixels in and on the triangles, and their interpolated values (k, channels).

    The triangles are scanned row by row in whole numbers, so that nothing has to be searched and
    each value is rounded once. A pixel on an edge comes from both sides, with the same value.
    points: (n, 2) whole rows and columns; triangles: (m, 3) of them; values: (n, channels) whole.
    """
    triangles = _counterclockwise(points, triangles)
    corners = points[triangles]
    lines = _Lines.of(corners)
    first_row, last_row = corners[..., 0].min(axis=1), corners[..., 0].max(axis=1)
    own, rows = _expanded(first_row, last_row)
    offset = lines.offset[own] + lines.by_row[own] * rows[:, None]
    first, last = _columns_inside(lines.by_column[own], offset)
    span, columns = _expanded(first, last)
    triangle = own[span]
    weights = lines.by_column[triangle] * columns[:, None] + offset[span]
    sums = np.einsum("kc,kcv->kv", weights, values[triangles[triangle]])
    return rows[span] * width + columns, sums / weights.sum(axis=1, keepdims=True)


def _counterclockwise(points: Array, triangles: Array) -> Array:
    """Those triangles that can hold a pixel beside their corners, with positive doubled area."""
    one, two, three = np.moveaxis(points[triangles], 1, 0)
    doubled = (two[:, 0] - one[:, 0]) * (three[:, 1] - one[:, 1])
    doubled -= (two[:, 1] - one[:, 1]) * (three[:, 0] - one[:, 0])
    turned = np.where((doubled < 0)[:, None], triangles[:, [0, 2, 1]], triangles)
    return turned[np.abs(doubled) > SMALLEST_DOUBLED_AREA]


@dataclass(frozen=True, slots=True)
class _Lines:
    """For each triangle and corner, the line through the other two, (m, 3) each.

    by_column * column + by_row * row + offset is 0 on that line, the doubled area at the corner,
    not negative inside the triangle, and so the corner's barycentric weight.
    """

    by_row: Array
    by_column: Array
    offset: Array

    @classmethod
    def of(cls, corners: Array) -> "_Lines":
        start, end = np.roll(corners, -1, axis=1), np.roll(corners, -2, axis=1)
        by_column = end[..., 0] - start[..., 0]
        by_row = start[..., 1] - end[..., 1]
        return cls(by_row, by_column, -by_column * start[..., 1] - by_row * start[..., 0])


def _columns_inside(by_column: Array, offset: Array) -> tuple[Array, Array]:
    """First and last column (n,) on which all three by_column * column + offset are not negative."""
    divisor = np.where(by_column == 0, 1, by_column)
    nowhere = np.iinfo(np.int64).max
    first = np.where(by_column > 0, -(offset // divisor), -nowhere).max(axis=1)
    last = np.where(by_column < 0, -offset // divisor, nowhere).min(axis=1)
    return first, last


def _expanded(first: Array, last: Array) -> tuple[Array, Array]:
    """The index of its range for every whole number from first to last (n,), and the numbers in one line."""
    counts = np.maximum(last - first + 1, 0)
    owner = np.repeat(np.arange(counts.size), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(owner.size) - starts[owner] + first[owner]
