"""Area over the perturbation curve, AOPC (Samek et al. 2017, doi 10.1109/TNNLS.2016.2599820)."""

from itertools import chain
from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.removal import (
    FILL_WORDS,
    Fill,
    class_probabilities,
    counts_of,
    filled,
    mean_height,
    replaced,
    require_removable,
    rows_of,
    square_places,
)
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class AopcParams(Parameters):
    """Parameters of AOPC."""

    window: int = Field(9, ge=1, le=256, description="side of the squares that are taken, in input pixels")
    steps: int = Field(25, ge=1, le=1000, description="equal steps up to the largest share")
    most: float = Field(0.5, gt=0, le=1, description="share of the image that is taken in the end")
    fill: Fill = Field("noise", description=FILL_WORDS)


@final
class Aopc:
    """Mean fall of the class's probability while squares go: the highest first, and the lowest first.

    The gap of the two is near zero for a map that knows nothing, whatever the fill does by itself.
    """

    name: ClassVar[str] = "aopc"
    title: ClassVar[str] = "AOPC"
    summary: ClassVar[str] = (
        "Does taking the highest squares hurt the class more than taking the lowest? Good: well above 0."
    )
    family: ClassVar[CheckFamily] = CheckFamily.FAITHFULNESS
    doi: ClassVar[str] = "10.1109/TNNLS.2016.2599820"
    headline: ClassVar[str] = "gap"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[AopcParams]] = AopcParams

    def applies(self, subject: CheckInput) -> None:
        require_removable(subject)

    def cost(self, params: AopcParams, subject: CheckInput) -> Cost:
        return Cost(forwards=2 * params.steps + 1)

    def run(self, subject: CheckInput, params: AopcParams, run: Run) -> Finding:
        self.applies(subject)
        values, x = subject.map.values, subject.x
        highest_first = square_places(values, params.window, run.generator)
        lowest_first = square_places(-values, params.window, run.generator)
        counts = counts_of(params.steps, params.most, values.size)
        other = filled(x, params.fill, run.generator)
        frames = chain(
            replaced(x, other, highest_first, counts), replaced(x, other, lowest_first, counts[1:])
        )
        total = 2 * params.steps + 1
        scores = class_probabilities(subject.network, frames, total, subject.target.index, run)
        shares = np.array(counts) / values.size
        highest = scores[: len(counts)]
        lowest = np.concatenate((scores[:1], scores[len(counts) :]))
        morf, lerf = (mean_height(shares, scores[0] - after) for after in (highest, lowest))
        return Finding(
            metric=self.name,
            values={"gap": morf - lerf, "morf": morf, "lerf": lerf, "whole": float(scores[0])},
            sentence=f"Taking the highest {params.most:.0%} of the image costs the class {morf:.2f} of "
            f"probability on average, taking the lowest {lerf:.2f}: a gap of {morf - lerf:+.2f}.",
            parameters=params.model_dump(mode="json"),
            steps=rows_of(share=shares, highest_first=highest, lowest_first=lowest),
        )
