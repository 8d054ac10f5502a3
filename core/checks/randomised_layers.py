"""Maps of a network whose weights are randomised in part, beside the map of the trained one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.agreement import spearman
from core.checks.contract import CheckInput
from core.checks.figures import HOG, LAYERS, SPEARMAN, SPEARMAN_ABS, SSIM, CheckFigure
from core.checks.likeness import is_constant, likeness
from core.network.attribution_map import AttributionMap
from core.network.parameters import Parameters
from core.network.run import Run

# Pixels darker than this share of the image's range are background.
DARK = 0.05
# Maps are compared without the background if it and the rest each take at least this share of the area.
SMALLEST_PART = 0.1
# Rank correlation of magnitudes above which a map hardly depends on the weights that were randomised.
INDEPENDENT_ABOVE = 0.5
FIGURES = (
    SPEARMAN_ABS,
    CheckFigure(
        "spearman_abs_inside",
        "rank correlation of magnitudes, foreground",
        short_title="rank (magnitudes, foreground)",
    ),
    SPEARMAN,
    SSIM,
    HOG,
)
RANDOMISED_LAYERS = CheckFigure("layers", "randomised layers", LAYERS)


class RandomisationParams(Parameters):
    """How finely the layers are divided."""

    steps: int = Field(
        8,
        ge=1,
        le=200,
        description="blocks of layers: the logits alone, the others in blocks of equal length",
    )


@dataclass(frozen=True, slots=True)
class RandomisedMap:
    """A network with `layers` (from the logits down) randomised: its map, and how like the trained one's.

    figures: those of `likeness`, and `spearman_abs_inside`, without the image's dark background, where it
    has one; none where the map is constant.
    """

    layers: tuple[str, ...]
    map: AttributionMap
    figures: dict[str, float]

    @property
    def step(self) -> dict[str, float | str]:
        """As a finding's step: the deepest layer, how many layers, and the figures that exist."""
        return {"layer": self.layers[-1], "layers": float(len(self.layers)), **self.figures}


def blocks(layers: Sequence[str], steps: int) -> list[tuple[str, ...]]:
    """At most `steps` blocks that hold each layer once, from the logits down; the logits stand alone."""
    if steps == 1 or len(layers) == 1:
        return [tuple(layers)]
    rest = np.array_split(np.arange(1, len(layers)), min(steps, len(layers)) - 1)
    return [(layers[0],), *(tuple(layers[index] for index in block) for block in rest)]


def randomised_map(subject: CheckInput, layers: tuple[str, ...], seed: int, run: Run) -> RandomisedMap:
    """The map by the same method, with the same seed of its own, of the network with `layers` randomised."""
    trained = subject.facts.map
    randomised = subject.explained(run, network=subject.network.randomised(layers, seed))
    figures = likeness(trained.values, randomised.values, trained.signed)
    foreground = _foreground(subject.x)
    if figures and min(foreground.mean(), 1 - foreground.mean()) >= SMALLEST_PART:
        first, second = (np.abs(each.values[foreground]) for each in (trained, randomised))
        if not (is_constant(first) or is_constant(second)):
            figures["spearman_abs_inside"] = spearman(first, second)
    return RandomisedMap(layers, randomised, figures)


def _foreground(x: Array) -> Array:
    """(height, width) bool, where the image (height, width, channels) is more than background.

    Nearly every network answers less to an empty background than to what lies in it, so that maps of
    networks that share no weight agree on the outline of a head.
    """
    grey = x.mean(axis=-1, dtype=np.float64)
    foreground: Array = grey > grey.min() + DARK * (grey.max() - grey.min())
    return foreground


def seeds_from(run: Run, count: int) -> list[int]:
    """Seeds for networks, from the run's generator."""
    return [int(seed) for seed in run.generator.integers(2**31, size=count)]
