"""What the metrics share that ask whether a map lies where the evidence is known to be."""

import numpy as np

from core.arrays import Array
from core.checks.contract import CheckInput
from core.errors import IncompatibleInput, NotApplicable


def require_region(subject: CheckInput) -> Array:
    """The region (height, width) bool where the evidence should lie.

    Raises NotApplicable where none is known or it tells nothing, IncompatibleInput for another size.
    """
    region = subject.region
    if region is None:
        raise NotApplicable(
            "Nobody has said where the evidence of this image should lie.",
            "Give a mask or a box, or draw a region.",
        )
    if region.shape != subject.map.values.shape:
        raise IncompatibleInput(
            f"The region has {region.shape} pixels, the map {subject.map.values.shape}.",
            "Bring it onto the network's grid first.",
        )
    inside = np.asarray(region, dtype=bool)
    if not inside.any():
        raise NotApplicable(
            "The region is empty on the network's grid, so that no map can hit it.",
            "Give a region that lies inside what the network sees.",
        )
    if inside.all():
        raise NotApplicable(
            "The region is the whole image, so that every map hits it.", "Give a smaller region."
        )
    return inside
