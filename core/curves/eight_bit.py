"""The mapping between the network's input and the 8-bit picture whose information is measured."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array, FloatArray

LEVELS = 255


@dataclass(frozen=True, slots=True)
class EightBit:
    """Linear: `low` of the input becomes 0, `high` becomes 255; values beyond are cut.

    One fixed mapping serves an image and everything made from it, so that two of its revealed
    versions can be compared; a stretch of each by itself would invent information.
    """

    low: float = 0.0
    high: float = 1.0

    @classmethod
    def of(cls, x: Array) -> "EightBit":
        """The mapping for input x (any shape): 0 to 1 where x stays in it, else x's own range."""
        low, high = float(x.min()), float(x.max())
        if low >= 0.0 and high <= 1.0:
            return cls()
        return cls(low, high if high > low else low + 1.0)

    def to_bytes(self, x: Array) -> Array:
        """uint8 of the same shape as x, rounded to the nearest level."""
        share = (x.astype(np.float64) - self.low) / (self.high - self.low)
        return np.rint(LEVELS * np.clip(share, 0.0, 1.0)).astype(np.uint8)

    def from_bytes(self, values: Array) -> FloatArray:
        """float32 of the same shape as `values`, in the input's range."""
        share = values.astype(np.float64) / LEVELS
        return (self.low + (self.high - self.low) * share).astype(np.float32)
