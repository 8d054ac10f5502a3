"""What the values of a map mean: their unit, their sign, and how they relate to the score."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from core.arrays import Array


class Sign(StrEnum):
    """What the sign of a map's values says."""

    BOTH = "both"
    """Positive values support the target, negative ones speak against it."""
    SUPPORT = "support"
    """Values support the target; those against it were cut off at 0."""
    MAGNITUDE = "magnitude"
    """The sign was lost in a square, a variance or a magnitude."""
    PATTERN = "pattern"
    """The sign is that of a gradient changed on its way: it speaks neither for the target nor against it."""
    EVERY_TARGET = "every_target"
    """The map is the same for every target: it shows what a layer responds to."""
    NONE = "none"
    """The map says nothing of the target: a control map."""


class Origin(StrEnum):
    """What of the network the values are computed from."""

    GRADIENT = "gradient"
    """The gradient at the image, or at noisy copies of it."""
    PATH = "path"
    """Gradients along a path to the image."""
    SCORES = "scores"
    """Scores of changed images; no gradient."""
    ACTIVATIONS = "activations"
    """The activations of a layer alone; no gradient and no score."""
    NOTHING = "nothing"
    """A control map, which does not look at the network."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of the values of one method with certain parameters.

    unit: in words, as captions have it. power: 2 for squares and variances. per_intensity: values times
    the input's range are changes of the score. in_score: values (after `power` and `per_intensity`) are
    changes of the score; False where they are weighted by something else as well.
    """

    unit: str
    sign: Sign
    origin: Origin
    power: int = 1
    per_intensity: bool = False
    in_score: bool = True

    def with_sign(self, sign: Sign) -> "Meaning":
        """The same meaning with another sign."""
        return replace(self, sign=sign)

    def squared(self, unit: str = "") -> "Meaning":
        """The meaning of squares of these values, or of a variance, which is called `unit`."""
        return replace(
            self, unit=unit or f"square of the {self.unit}", sign=Sign.MAGNITUDE, power=2 * self.power
        )

    def effect(self, values: Array, input_range: float) -> float | None:
        """The largest of `values` as a change of the score; None where that does not follow.

        values: any shape, not below 0. input_range: highest less lowest value of the network's input.
        """
        if not self.in_score:
            return None
        largest = max(float(np.max(values)), 0.0) ** (1 / self.power)
        return largest * input_range if self.per_intensity else largest


SLOPE = Meaning("change of the score per unit of intensity", Sign.BOTH, Origin.GRADIENT, per_intensity=True)
MODIFIED_SLOPE = Meaning("gradient with another rule for ReLU", Sign.PATTERN, Origin.GRADIENT, in_score=False)
RELEVANCE = Meaning("relevance, a share of the score by rules", Sign.BOTH, Origin.GRADIENT)
PATH_SHARE = Meaning("share of the score", Sign.BOTH, Origin.PATH)
ACTIVATION = Meaning("weighted activation", Sign.SUPPORT, Origin.GRADIENT)
UNIT = Meaning("activation", Sign.EVERY_TARGET, Origin.ACTIVATIONS, in_score=False)
SCORE_CHANGE = Meaning("change of the score", Sign.BOTH, Origin.SCORES)
NO_MEANING = Meaning("no unit", Sign.NONE, Origin.NOTHING, in_score=False)
