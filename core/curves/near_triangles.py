"""The Delaunay triangle about a pixel, found among the known pixels of a small square around it.

Among dense pixels nearly every triangle is that small, and all are found side by side, which is many
times faster than to triangulate the whole.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.arrays import Array

REACHES = (2, 3)
BLOCK = 2048  # pixels, so that their squares stay in the processor's cache
# Heights in a square are whole, in units of 1 / SCALE; ties up to TIE of these break equal ones. By them
# no determinant of a square of the largest reach changes by as much as 1, so they decide nothing else.
SCALE = 2.0**18
TIE = 2**10
# The heights of three corners that stand outside of the square, higher than any plane through pixels
# whose circle is inside.
OUTSIDE = 10_000 * SCALE
# A pixel on an edge is taken to be this far inside; no line through pixels of a square comes between.
ASIDE = (0.0071, 0.0043)
# Searches take about a dozen rounds at most. One that rounding sends in a circle is given up, and its pixel
# left to the triangulation of the whole.
ROUNDS = 200
RING = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


@dataclass(frozen=True, slots=True)
class Near:
    """Triangles about pixels: corners (n, 3, 2) as whole rows and columns from the pixel.

    is_delaunay: (n,) whether it is a triangle of the Delaunay triangulation of all known pixels.
    """

    corners: Array
    is_delaunay: Array


def filled_near(picture: Array, known: Array) -> tuple[Array, Array]:
    """Flat indices (k,) of those unknown pixels whose triangle is small, and their values (k, channels).

    picture: (height, width, channels); known: (height, width).
    """
    flat = picture.reshape(-1, picture.shape[-1])
    pixels = np.argwhere(~known)
    indices, values = [], []
    for reach in (1, *REACHES):
        near = _by_neighbours(known, pixels) if reach == 1 else near_triangles(known, pixels, reach)
        corners, at = near.corners[near.is_delaunay], pixels[near.is_delaunay] @ (known.shape[1], 1)
        weights = _weights(np.moveaxis(corners, 0, 2), 0, 0).T
        corner_values = flat[at[:, None] + corners @ (known.shape[1], 1)]
        sums = (weights[..., None] * corner_values).sum(axis=1)
        indices.append(at)
        values.append(sums / weights.sum(axis=1, keepdims=True))
        pixels = pixels[~near.is_delaunay]
    return np.concatenate(indices), np.concatenate(values)


def near_triangles(known: Array, pixels: Array, reach: int) -> Near:
    """For pixels (n, 2) of a mask (height, width), by the known pixels up to `reach` rows and columns away.

    A triangle is taken as Delaunay if its circle reaches no pixel of the picture outside that square.
    reach: at most 3, see SCALE.
    """
    parts = [
        _lowest(*_heights(known, block, reach), block, reach)
        for block in np.split(pixels, range(BLOCK, len(pixels), BLOCK))
    ]
    corners = np.concatenate(parts)
    return Near(corners, _within(corners, pixels, known.shape, reach))


def _by_neighbours(known: Array, pixels: Array) -> Near:
    """The same at reach 1, where the eight neighbours say all, from a table of their 256 patterns."""
    table = _table()
    padded = np.pad(known, 1)
    pattern = sum(padded[pixels[:, 0] + r + 1, pixels[:, 1] + c + 1] << i for i, (r, c) in enumerate(RING))
    return Near(table.corners[pattern], table.is_delaunay[pattern])


@cache
def _table() -> Near:
    """For each pattern. Whatever else lies on such a circle is a neighbour too, so any choice will do."""
    # One pattern in each square of 3 x 3, away from the border, whose pixels know what is outside.
    known = np.zeros((3 * 18, 3 * 18), dtype=bool)
    centres = 4 + 3 * np.stack(np.divmod(np.arange(256), 16), axis=1)
    for bit, offset in enumerate(RING):
        known[tuple((centres + offset).T)] = (np.arange(256) >> bit) & 1
    return near_triangles(known, centres, 1)


def _heights(known: Array, pixels: Array, reach: int) -> tuple[Array, Array]:
    """Offsets (c, 2) of a square; squared distances (n, c) of its pixels, with ties; infinite if unknown.

    The Delaunay triangles are the lower hull of the pixels lifted by these. The tie of a pixel is the
    same for all squares, so that all of them choose among equal triangles alike.
    """
    side = np.arange(-reach, reach + 1)
    offsets = np.stack(np.meshgrid(side, side, indexing="ij"), axis=2).reshape(-1, 2)
    offsets = offsets[offsets.any(axis=1)]
    ties = np.random.default_rng(0).integers(0, TIE, known.shape)
    lift = np.pad(np.where(known, ties, np.inf), reach, constant_values=np.inf)
    steps = (lift.shape[1], 1)
    heights = lift.ravel()[((pixels + reach) @ steps)[:, None] + offsets @ steps]
    return offsets, heights + (offsets**2).sum(axis=1) * SCALE


def _lowest(offsets: Array, heights: Array, pixels: Array, reach: int) -> Array:
    """Corners (n, 3, 2) of the lowest triangle over each pixel: the simplex method for all side by side.

    From a triangle that holds the whole square, the pixel furthest below the triangle's plane takes the
    place of the corner without which the triangle still holds the centre, until none is below. A search
    that has not ended after ROUNDS gives the triangle that it began with.
    """
    rows, columns = offsets.T.astype(np.float64)
    size = 2 * reach + 1
    around = np.array([(-4 * size, -3 * size), (4 * size, -3 * size), (0, 5 * size)])
    corners = np.empty((3, 3, len(pixels)))  # corner; row, column, height; pixel
    corners[:, :2] = around[..., None]
    corners[:, 2] = OUTSIDE
    # Inwards, for there is nothing beyond the picture's border.
    aside = np.where(pixels.T > 0, -1, 1) * np.array(ASIDE)[:, None]
    lowest = np.tile(around, (len(pixels), 1, 1))
    busy = np.arange(len(pixels))
    for _ in range(ROUNDS):
        if not busy.size:
            break
        by_row, by_column, offset, area = _plane(corners)
        above = heights * area[:, None]
        above -= by_row[:, None] * rows
        above -= by_column[:, None] * columns
        entering = above.argmin(axis=1)
        improves = above[np.arange(busy.size), entering] < offset
        lowest[busy[~improves]] = corners[..., ~improves][:, :2].transpose(2, 0, 1)
        busy, heights, corners, aside = (
            busy[improves],
            heights[improves],
            corners[..., improves],
            aside[:, improves],
        )
        entering, every = entering[improves], np.arange(busy.size)
        place = np.stack([rows[entering], columns[entering], heights[every, entering]])
        gain = _weights(corners, place[0], place[1])
        held = _weights(corners, aside[0], aside[1])
        leaving = np.where(gain > 0, held / np.where(gain > 0, gain, 1), np.inf).argmin(axis=0)
        corners[leaving, :, every] = place.T
    return lowest


def _plane(corners: Array) -> tuple[Array, Array, Array, Array]:
    """by_row, by_column, offset, area, (n,) each: the height at a place is their sum there over the area."""
    (row, column, height), second, third = corners
    down, across, up = second - corners[0]
    further_down, further_across, further_up = third - corners[0]
    area = down * further_across - across * further_down
    by_row = up * further_across - further_up * across
    by_column = down * further_up - further_down * up
    return by_row, by_column, height * area - by_row * row - by_column * column, area


def _weights(corners: Array, row: Array | float, column: Array | float) -> Array:
    """(3, n) barycentric weights of a place, as doubled areas; corners: (3, 2 or more, n)."""
    rows, columns = corners[:, 0] - row, corners[:, 1] - column
    areas: Array = np.roll(rows, -1, 0) * np.roll(columns, -2, 0)
    areas -= np.roll(columns, -1, 0) * np.roll(rows, -2, 0)
    return areas


def _within(corners: Array, pixels: Array, shape: tuple[int, ...], reach: int) -> Array:
    """(n,) whether the circle about a triangle (n, 3, 2) leaves its pixel's square only with the picture."""
    lifted = np.concatenate([corners, (corners**2).sum(axis=2, keepdims=True)], axis=2)
    *slopes, _, area = _plane(np.moveaxis(lifted, 0, 2))
    centre = np.stack(slopes, axis=1) / (2 * area[:, None])
    radius = np.hypot(*(corners[:, 0] - centre).T)[:, None]
    # Not even touching the next row or column, whose pixels might otherwise belong to a tie.
    limit = reach + 1 - 1e-6
    before = (centre - radius > -limit) | (pixels <= reach)
    after = (centre + radius < limit) | (pixels >= np.array(shape) - 1 - reach)
    inside: Array = (before & after).all(axis=1) & (np.abs(corners) <= reach).all(axis=(1, 2))
    return inside
