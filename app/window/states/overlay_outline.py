"""Lines over a map: around its highest values, and contours."""

import numpy as np

from app.window.states.region import outline
from app.window.states.shading import Overlay
from core.arrays import Array
from core.checks.agreement import top_count
from core.images.gaussian import blurred

TOP_SHARE = 0.1
# Shares of full colour.
CONTOUR_LEVELS = (0.25, 0.5, 0.75)
# Contours of single pixels would hide the image: the map is smoothed first, by this share of its longer side.
CONTOUR_SMOOTHING = 1 / 64


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
    return _on_slice(overlay, top_mask(overlay))


def contours(overlay: Overlay) -> Array:
    """(n, 2, 2) lines around smoothed values from each of CONTOUR_LEVELS on; with a sign on both sides.

    Those of a map of noise are few, since smoothing leaves little of it.
    """
    sigma = CONTOUR_SMOOTHING * max(overlay.values.shape)
    shares = blurred(overlay.values[..., None], sigma)[..., 0] / overlay.full
    signs = (1, -1) if overlay.signed else (1,)
    return np.concatenate(
        [_on_slice(overlay, sign * shares >= level) for level in CONTOUR_LEVELS for sign in signs]
    )


def _on_slice(overlay: Overlay, mask: Array) -> Array:
    """(n, 2, 2) the edges of a mask on the grid as lines of the slice."""
    grid_map = overlay.grid_map
    corners = outline(grid_map.turn.turned_back(mask))
    top, left, _, _ = grid_map.box
    placed: Array = (corners + 0.5) * np.array(grid_map.scale) + np.array([top, left])
    return placed
