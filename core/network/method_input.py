"""One input of a method, with all that belongs to it alone."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import FloatArray
from core.network.target import Target


@dataclass(frozen=True, slots=True)
class MethodInput:
    """What is explained. x: the network's input (*grid, channels). generator: the method draws from it alone.

    image: (*grid, channels) the image of which x is a noisy copy; None if x is the image itself. Baselines
    are taken from it, and figures about the map of a copy, such as its completeness, are left out.
    """

    x: FloatArray
    target: Target
    generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    image: FloatArray | None = None

    @property
    def is_noisy_copy(self) -> bool:
        """Whether x is a noisy copy of an image, made by smoothing."""
        return self.image is not None

    @property
    def baseline_source(self) -> FloatArray:
        """(*grid, channels) the image from which baselines are taken."""
        return self.x if self.image is None else self.image
