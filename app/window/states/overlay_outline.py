"""Lines over a map: around its highest values, and contours."""

import numpy as np

from app.window.states.shading import Overlay
from core.arrays import Array
from core.figures.map_lines import TOP_SHARE, highest_mask
from core.images.gaussian import blurred
from core.images.outline import outline_on_slice

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
    return highest_mask(overlay.values, overlay.ranked, share)


def top_outline(overlay: Overlay) -> Array:
    """(n, 2, 2) lines around `top_mask`: start and end, each (row, column) of the slice."""
    return outline_on_slice(top_mask(overlay), overlay.grid_map)


def contours(overlay: Overlay) -> Array:
    """(n, 2, 2) lines around smoothed values from each of CONTOUR_LEVELS on; with a sign on both sides.

    Those of a map of noise are few, since smoothing leaves little of it.
    """
    sigma = CONTOUR_SMOOTHING * max(overlay.values.shape)
    shares = blurred(overlay.values[..., None], sigma)[..., 0] / overlay.full
    signs = (1, -1) if overlay.signed else (1,)
    return np.concatenate(
        [
            outline_on_slice(sign * shares >= level, overlay.grid_map)
            for level in CONTOUR_LEVELS
            for sign in signs
        ]
    )
