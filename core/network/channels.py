"""How the values of an input's channels become one value for each position of the grid."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Array

ChannelRule = Literal["sum", "max_abs"]


def over_channels(values: Array, rule: ChannelRule) -> Array:
    """(*grid, channels) to (*grid) float32: the signed sum, or the largest magnitude."""
    reduced = values.sum(axis=-1) if rule == "sum" else np.abs(values).max(axis=-1)
    return reduced.astype(np.float32)


@dataclass(frozen=True, slots=True)
class ChannelValues:
    """An attribution (*grid, channels) before its channels are put together, and the rule for that."""

    values: Array
    rule: ChannelRule = "sum"

    def reduced(self) -> Array:
        """(*grid) float32, of any shape without channels."""
        return over_channels(self.values, self.rule)
