"""The line around the highest values of a map."""

import numpy as np

from app.window.states.region import outline
from app.window.states.shading import Overlay
from core.arrays import Array
from core.checks.agreement import top_count

TOP_SHARE = 0.1


def top_mask(overlay: Overlay, share: float = TOP_SHARE) -> Array:
    """(rows, columns) bool on the network's grid: the highest `share` of the map's values.

    Values equal to the lowest of these are all inside; what does not speak for the target never is.
    """
    if not overlay.has_positive_evidence:
        return np.zeros(overlay.values.shape, bool)
    ranked = overlay.ranked
    lowest = ranked[ranked.size - top_count(ranked.size, share)]
    mask: Array = (overlay.values >= lowest) & (overlay.values > 0)
    return mask


def top_outline(overlay: Overlay) -> Array:
    """(n, 2, 2) lines around `top_mask`: start and end, each (row, column) of the slice."""
    grid_map = overlay.grid_map
    corners = outline(grid_map.turn.turned_back(top_mask(overlay)))
    top, left, _, _ = grid_map.box
    placed: Array = (corners + 0.5) * np.array(grid_map.scale) + np.array([top, left])
    return placed
