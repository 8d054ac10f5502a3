"""Common parts of the checks whether a map lies where the evidence is known to be."""

from typing import Any, ClassVar, final

import numpy as np

from core.arrays import Array
from core.checks.contract import Check, CheckFacts, CheckFamily
from core.checks.likeness import require_varied
from core.checks.verdict import Answer, Thresholds
from core.errors import IncompatibleInput, NotApplicable
from core.network.cost import Cost
from core.network.parameters import Parameters

# What a figure must reach for a plain yes, whatever chance does.
LEAST_FOR_YES = 0.5
# Of a figure with a region, divided by what a map without information is expected to reach.
BEYOND_CHANCE = Thresholds("times what an uninformative map reaches", yes=2.0, no=1.2)
# The share of the way from an uninformative map to a perfect one that those bounds stand for.
HALF_WAY, TENTH_OF_THE_WAY = 0.5, 0.1


class RegionCheckParams(Parameters):
    """Checks with a region have no parameters unless they say so."""


class RegionRankingCheck(Check):
    """A check whether the map's highest values lie in the region more often than by chance; no model call."""

    family = CheckFamily.LOCALISATION
    better = "higher"
    thresholds = BEYOND_CHANCE
    Params: ClassVar[type[Parameters]] = RegionCheckParams

    @final
    def applies(self, facts: CheckFacts) -> None:
        require_region(facts)
        require_varied(facts.map)

    @final
    def cost(self, params: Any, facts: CheckFacts) -> Cost:
        return Cost()


def require_region(facts: CheckFacts) -> Array:
    """The region (*grid,) bool where the evidence should lie.

    Raises NotApplicable without a region or for one that decides nothing, IncompatibleInput for another size.
    """
    region = facts.region
    if region is None:
        raise NotApplicable(
            "No region was given in which the evidence of this image should lie.",
            "Give a mask or a box, or draw a region.",
        )
    if region.shape != facts.map.values.shape:
        raise IncompatibleInput(
            f"The region has {region.shape} pixels, the map {facts.map.values.shape}.",
            "Bring it onto the network's grid first.",
        )
    mask = np.asarray(region, dtype=bool)
    if not mask.any():
        raise NotApplicable(
            "The region is empty on the network's grid, so that no map can hit it.",
            "Give a region that lies inside what the network sees.",
        )
    if mask.all():
        raise NotApplicable(
            "The region is the whole image, so that every map hits it.", "Give a smaller region."
        )
    return mask


def evidence_inside(values: Array, region: Array) -> float | None:
    """Share of the sum of a map's positive values (*grid,) that lies in the region; None without any.

    region: (*grid,) bool. Wang et al. 2020, doi 10.1109/CVPRW50498.2020.00020.
    """
    evidence = np.maximum(values.astype(np.float64), 0)
    if not evidence.any():
        return None
    return float(evidence[region].sum() / evidence.sum())


def answer_beyond_chance(reached: float, chance: float) -> Answer:
    """The answer for a figure from 0 to 1 of which an uninformative map is expected to reach `chance`.

    By BEYOND_CHANCE while `chance` is at most a third. Where it is more, a perfect map reaches less than
    three times as much, and the bounds are half and a tenth of the way from `chance` to 1 instead. Below
    LEAST_FOR_YES it is at best `partly`: many times what chance reaches is still little where chance reaches
    next to nothing.
    """
    if chance >= 1:
        return "undecided"
    way = 1 / chance - 1
    thresholds = Thresholds(
        BEYOND_CHANCE.figure,
        yes=min(BEYOND_CHANCE.yes, 1 + HALF_WAY * way),
        no=min(BEYOND_CHANCE.no, 1 + TENTH_OF_THE_WAY * way),
    )
    answer = thresholds.answer(reached / chance)
    return "partly" if answer == "yes" and reached < LEAST_FOR_YES else answer
