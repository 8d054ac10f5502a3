"""ROAD, remove and debias (Rong et al. 2022, arXiv 2202.00449)."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.imputation import imputed
from core.checks.removal import (
    class_probabilities,
    counts_of,
    mean_height,
    pixel_places,
    require_removable,
    rows_of,
    tied_pixels,
)
from core.curves.protocol import Frame
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class RoadParams(Parameters):
    """Parameters of ROAD."""

    steps: int = Field(9, ge=1, le=100, description="equal steps up to the largest share")
    most: float = Field(0.9, gt=0, le=0.99, description="share of the pixels that is taken in the end")
    noise: float = Field(
        0.01, ge=0, le=1, description="standard deviation added to what is filled in, of the image's range"
    )


@final
class Road:
    """How much sooner the class goes when the highest pixels are taken than when the lowest are.

    What is taken is filled in from its neighbours, so that its outline tells the network little.
    """

    name: ClassVar[str] = "road"
    title: ClassVar[str] = "ROAD"
    summary: ClassVar[str] = (
        "Does smoothing the highest pixels away hurt the class more than the lowest? Good: well above 0."
    )
    family: ClassVar[CheckFamily] = CheckFamily.FAITHFULNESS
    doi: ClassVar[str] = "arXiv:2202.00449"
    headline: ClassVar[str] = "gap"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[RoadParams]] = RoadParams

    def applies(self, subject: CheckInput) -> None:
        require_removable(subject)

    def cost(self, params: RoadParams, subject: CheckInput) -> Cost:
        return Cost(forwards=2 * params.steps + 1)

    def run(self, subject: CheckInput, params: RoadParams, run: Run) -> Finding:
        self.applies(subject)
        values = subject.map.values
        highest_first = pixel_places(values, run.generator)
        # The same order from its other end, with the ties the other way round as well.
        lowest_first = values.size - 1 - highest_first
        counts = counts_of(params.steps, params.most, values.size)
        noise = run.generator.normal(0.0, params.noise * np.ptp(subject.x), subject.x.shape)
        frames = chain(
            _smoothed_away(subject.x, noise, highest_first, counts),
            _smoothed_away(subject.x, noise, lowest_first, counts[1:]),
        )
        total = 2 * params.steps + 1
        scores = class_probabilities(subject.network, frames, total, subject.target.index, run)
        shares = np.array(counts) / values.size
        highest = scores[: len(counts)]
        lowest = np.concatenate((scores[:1], scores[len(counts) :]))
        morf, lerf = (mean_height(shares, after) for after in (highest, lowest))
        return Finding(
            metric=self.name,
            values={
                "gap": lerf - morf,
                "morf": morf,
                "lerf": lerf,
                "whole": float(scores[0]),
                "tied_pixels": float(tied_pixels(values)),
            },
            sentence=f"With the lowest pixels smoothed away the class keeps a probability of {lerf:.2f} on "
            f"average, with the highest {morf:.2f}: a gap of {lerf - morf:+.2f}.",
            parameters=params.model_dump(mode="json"),
            steps=rows_of(share=shares, highest_first=highest, lowest_first=lowest),
        )


def _smoothed_away(x: Array, noise: Array, places: Array, counts: list[int]) -> Iterator[Frame]:
    for count in counts:
        missing = places < count
        made = imputed(x, missing)
        made[missing] += noise[missing].astype(np.float32)
        yield Frame(made, count / places.size, count)
