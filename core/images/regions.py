"""A region of an image, brought onto the grid of a network."""

import numpy as np

from core.arrays import Array
from core.errors import IncompatibleInput
from core.images.grid_map import GridMap

# A cell of the grid belongs to a region if at least this share of it does.
CELL_SHARE = 0.5


def region_on_grid(region: Array, grid_map: GridMap) -> Array:
    """A region (slice rows, slice columns) bool as cells (grid rows, grid columns) of the network.

    A cell belongs to it that lies at least half inside, and, where a small region fills none so far,
    the one that holds most of it. Raises IncompatibleInput if the region has not the slice's shape.
    """
    if region.shape != grid_map.slice_shape:
        raise IncompatibleInput(
            f"The region has {region.shape} pixels, but the image {grid_map.slice_shape}.",
            "Give the region on the image's own pixels.",
        )
    share = grid_map.from_slice(region.astype(np.float64))
    return share >= min(CELL_SHARE, max(float(share.max()), np.finfo(np.float64).tiny))
