"""Lines around the marked pixels of a slice."""

import numpy as np

from core.arrays import Array
from core.images.grid_map import GridMap


def outline(mask: Array) -> Array:
    """(n, 2, 2) the edges between pixels inside and outside: start and end, each (row, column) of corners.

    The corner of pixel (0, 0) that is nearest to the origin is (-0.5, -0.5).
    """
    padded = np.pad(mask, 1)
    rows, columns = np.nonzero(padded[1:] != padded[:-1])  # lines that run across
    across = np.stack([np.stack([rows, columns - 1], -1), np.stack([rows, columns], -1)], 1)
    rows, columns = np.nonzero(padded[:, 1:] != padded[:, :-1])  # lines that run down
    down = np.stack([np.stack([rows - 1, columns], -1), np.stack([rows, columns], -1)], 1)
    return np.concatenate([across, down]) - 0.5


def outline_on_slice(mask: Array, grid_map: GridMap) -> Array:
    """(n, 2, 2) the edges of a mask on the network's grid as lines of the slice, as of `outline`."""
    corners = outline(grid_map.turn.turned_back(mask))
    top, left, _, _ = grid_map.box
    placed: Array = (corners + 0.5) * np.array(grid_map.scale) + np.array([top, left])
    return placed
