"""Lines around the marked pixels of a slice."""

import numpy as np

from core.arrays import Array
from core.images.grid_map import GridMap


def outline(mask: Array) -> Array:
    """(n, 2, 2) the edges between pixels inside and outside: start and end, each (row, column) of corners.

    The corner of pixel (0, 0) that is nearest to the origin is (-0.5, -0.5).
    """
    marked_rows, marked_columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    if not marked_rows.size:
        return np.empty((0, 2, 2))
    # A film has millions of pixels, most of which are far from the region.
    top, left = marked_rows[0], marked_columns[0]
    padded = np.pad(mask[top : marked_rows[-1] + 1, left : marked_columns[-1] + 1], 1)
    rows, columns = _places(padded[1:] != padded[:-1])  # lines that run across
    across = np.stack([np.stack([rows, columns - 1], -1), np.stack([rows, columns], -1)], 1)
    rows, columns = _places(padded[:, 1:] != padded[:, :-1])  # lines that run down
    down = np.stack([np.stack([rows - 1, columns], -1), np.stack([rows, columns], -1)], 1)
    return np.concatenate([across, down]) + (np.array([top, left]) - 0.5)


def outline_on_slice(mask: Array, grid_map: GridMap) -> Array:
    """(n, 2, 2) the edges of a mask on the network's grid as lines of the slice, as of `outline`."""
    corners = outline(grid_map.turn.turned_back(mask))
    top, left, _, _ = grid_map.box
    placed: Array = (corners + 0.5) * np.array(grid_map.scale) + np.array([top, left])
    return placed


def _places(marks: Array) -> tuple[Array, Array]:
    """Rows and columns of the marks (rows, columns) bool; numpy looks through one axis faster than two."""
    rows, columns = np.divmod(np.flatnonzero(marks), marks.shape[1])
    return rows, columns
