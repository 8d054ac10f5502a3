"""ROAD, remove and debias (Rong et al. 2022, arXiv 2202.00449)."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import BOTH_ORDERS, TIED_PIXELS
from core.checks.imputation import imputed
from core.checks.removal import (
    ROAD_GAP,
    both_orders,
    class_probabilities,
    mean_height,
    pixel_counts,
    pixel_places,
    require_removable,
    rows_of,
    tied_pixels,
)
from core.curves.protocol import Frame
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import fixed


class RoadParams(Parameters):
    """Parameters of ROAD."""

    steps: int = Field(9, ge=1, le=100, description="equal steps up to the largest share")
    most: float = Field(0.9, gt=0, le=0.99, description="share of the pixels that is removed in the end")
    noise: float = Field(
        0.01,
        ge=0,
        le=1,
        description="standard deviation added to the imputed pixels, as a share of the image's range",
    )


@final
class Road(Check):
    """Mean probability of the class with the lowest pixels removed, minus that with the highest removed.

    Removed pixels are imputed from their neighbours, so that their outline tells the network little.
    """

    name = "road"
    title = "ROAD"
    summary = "Does imputing the highest pixels cost the class more than the lowest? Good: well above 0."
    family = CheckFamily.FAITHFULNESS
    doi = "arXiv:2202.00449"
    headline = "gap"
    figures = (*BOTH_ORDERS, TIED_PIXELS)
    better = "higher"
    question = "Does imputing the highest pixels cost the class clearly more than imputing the lowest?"
    thresholds = ROAD_GAP
    Params: ClassVar[type[RoadParams]] = RoadParams

    def applies(self, facts: CheckFacts) -> None:
        require_removable(facts)

    def cost(self, params: RoadParams, facts: CheckFacts) -> Cost:
        return Cost(forwards=2 * params.steps + 1)

    def run(self, subject: CheckInput, params: RoadParams, run: Run) -> Finding:
        self.applies(subject.facts)
        values, x = subject.values, subject.x
        highest_first = pixel_places(values, run.generator)
        # The same order from its other end, with the ties the other way round as well.
        lowest_first = values.size - 1 - highest_first
        counts = pixel_counts(params.steps, params.most, values.size)
        noise = run.generator.normal(0.0, params.noise * np.ptp(x), x.shape)
        frames = chain(
            _imputed_frames(x, noise, highest_first, counts),
            _imputed_frames(x, noise, lowest_first, counts[1:]),
        )
        total = 2 * params.steps + 1
        scores = class_probabilities(subject.network, frames, total, subject.facts.target.index, run)
        shares = np.array(counts) / values.size
        highest, lowest = both_orders(scores)
        morf, lerf = (mean_height(shares, after) for after in (highest, lowest))
        return self.finding(
            values={
                "gap": lerf - morf,
                "morf": morf,
                "lerf": lerf,
                "whole": float(scores[0]),
                "tied_pixels": float(tied_pixels(values)),
            },
            answer=self.thresholds.answer(lerf - morf),
            sentence=f"With the lowest pixels imputed the class keeps a probability of {fixed(lerf)} on "
            f"average, with the highest {fixed(morf)}: a gap of {fixed(lerf - morf, sign=True)}.",
            params=params,
            steps=rows_of(share=shares, highest_first=highest, lowest_first=lowest),
        )


def _imputed_frames(x: Array, noise: Array, places: Array, counts: list[int]) -> Iterator[Frame]:
    """For each count, input x with that many pixels, the first by `places`, imputed, with noise added."""
    for count in counts:
        missing = places < count
        image = imputed(x, missing)
        image[missing] += noise[missing].astype(np.float32)
        yield Frame(image, count / places.size, count)
