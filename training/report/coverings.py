"""Ways to cover a part of the input, for the shortcut test."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.models.shortcuts import LesionBox, ViewName

# Width of the ring in shares of the side.
BORDER = 0.12


@dataclass(frozen=True, slots=True)
class Covering:
    """What stays visible: inside of `box` (top, left, bottom, right in shares), or outside of it."""

    name: ViewName
    box: tuple[float, float, float, float]
    inside: bool

    def visible(self, shape: tuple[int, ...]) -> Array:
        """(rows, columns) bool for an input of `shape`; the box takes whole pixels."""
        rows, columns = shape[:2]
        top, left, bottom, right = self.box
        boxed = np.zeros((rows, columns), bool)
        boxed[round(top * rows) : round(bottom * rows), round(left * columns) : round(right * columns)] = True
        return boxed == self.inside

    def apply(self, inputs: Array) -> Array:
        """(n, rows, columns, channels) the inputs, with the mean of image and channel in covered pixels."""
        means = inputs.mean(axis=(1, 2), keepdims=True)
        visible = self.visible(inputs.shape[1:3])[None, :, :, None]
        return np.where(visible, inputs, means).astype(np.float32)


def coverings(region: LesionBox) -> tuple[Covering, ...]:
    """The border alone and hidden, the declared region alone and hidden."""
    inner = (BORDER, BORDER, 1 - BORDER, 1 - BORDER)
    box = (region.top, region.left, region.bottom, region.right)
    return (
        Covering("border", inner, inside=False),
        Covering("no_border", inner, inside=True),
        Covering("centre", box, inside=True),
        Covering("no_centre", box, inside=False),
    )
