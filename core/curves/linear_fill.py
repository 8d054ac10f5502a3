"""Unknown pixels from known ones: linear over the Delaunay triangles of the known."""

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import binary_dilation, maximum_filter
from scipy.spatial import Delaunay, cKDTree

from core.arrays import Array
from core.curves.near_triangles import filled_near
from core.curves.triangle_scan import scanned

# In pixels; see `triangles_of`.
NUDGE = 1e-6
# Supports for each unknown pixel from which it is faster to look for small triangles first.
DENSE = 0.5
# How far from a pixel that has no small triangle the corners of its triangle are sought, in pixels.
MARGIN = 3


def linear_fill(picture: Array, known: Array) -> Array:
    """The picture (height, width, channels) uint8, its pixels outside `known` (height, width) interpolated.

    The four corners always count as known, so that the triangles cover the picture. The values are
    the barycentric ones over the Delaunay triangles of the known pixels, rounded half to even. Where
    more than three known pixels lie on one circle, each unknown pixel has one of the triangulations that
    are equally right, the same in every call. A picture that is known as a whole comes back unchanged.
    """
    known = with_corners(known)
    if known.all():
        return picture
    points, unfilled = supports(known), ~known.ravel()
    result = picture.reshape(-1, picture.shape[-1]).copy()
    for pixels, values in _rounds(picture, known, points, unfilled):
        # Through float32, as published: on a pixel grid exact halves between two levels are frequent,
        # and they must be exact to be rounded to even.
        result[pixels] = np.rint(values.astype(np.float32)).astype(np.uint8)
        unfilled[pixels] = False
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


def _rounds(picture: Array, known: Array, points: Array, unfilled: Array) -> Iterator[tuple[Array, Array]]:
    """Indices (k,) and values (k, channels) of unknown pixels, in rounds, until none is `unfilled` (pixels,).

    Of dense pixels small triangles first; then the triangles of the points (n, 2) next to unfilled
    pixels, if their circles hold no other point; then those of all points.
    """
    if len(points) >= DENSE * unfilled.sum():
        yield filled_near(picture, known)
        near = with_corners(maximum_filter(unfilled.reshape(known.shape), 2 * MARGIN + 1))[tuple(points.T)]
        if unfilled.any():
            yield _filled(picture, points[near], points[~near], unfilled)
    if unfilled.any():
        yield _filled(picture, points, points[:0], unfilled)


def _filled(picture: Array, points: Array, others: Array, unfilled: Array) -> tuple[Array, Array]:
    """One round: by those triangles of points (n, 2) whose circles hold none of the others (m, 2)."""
    triangles = triangles_of(points)
    scan = scanned(points, triangles, picture[tuple(points.T)], picture.shape[1])
    chosen = np.flatnonzero(unfilled[scan.pixels])
    if len(others):
        holding, place = np.unique(scan.triangles[chosen], return_inverse=True)
        chosen = chosen[_are_empty(points[triangles[holding]], others)[place]]
    return scan.pixels[chosen], scan.values[chosen]


def _are_empty(corners: Array, points: Array) -> Array:
    """(m,) whether no point (n, 2) is inside the circle about a triangle (m, 3, 2)."""
    start = corners[:, 0].astype(np.float64)
    first, second = corners[:, 1] - start, corners[:, 2] - start
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    squares = (first**2).sum(axis=1), (second**2).sum(axis=1)
    rows = second[:, 1] * squares[0] - first[:, 1] * squares[1]
    columns = first[:, 0] * squares[1] - second[:, 0] * squares[0]
    centre = np.stack([rows, columns], axis=1) / (2 * area[:, None])
    radius = np.hypot(*centre.T)
    distance, _ = cKDTree(points).query(start + centre)
    # A whole point that is inside at all is further in than this.
    empty: Array = distance >= radius * (1 - 1e-9)
    return empty
