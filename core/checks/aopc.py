"""Area over the perturbation curve, AOPC (Samek et al. 2017, doi 10.1109/TNNLS.2016.2599820)."""

from itertools import chain
from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import BOTH_ORDERS
from core.checks.removal import (
    AOPC_GAP,
    FILL_WORDS,
    Fill,
    both_orders,
    class_probabilities,
    fill_image,
    mean_height,
    pixel_counts,
    replaced,
    require_removable,
    rows_of,
    square_places,
)
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import exact_percent, fixed


class AopcParams(Parameters):
    """Parameters of AOPC."""

    window: int = Field(
        9,
        ge=1,
        le=256,
        description="side of the squares or cubes that are removed, in input pixels",
    )
    steps: int = Field(25, ge=1, le=1000, description="equal steps up to the largest share")
    most: float = Field(0.5, gt=0, le=1, description="share of the image that is removed in the end")
    fill: Fill = Field("noise", description=FILL_WORDS)


@final
class Aopc(Check):
    """Mean fall of the class's probability while squares are removed, highest first minus lowest first.

    For a map without information this gap is 0 in expectation, whatever the fill does by itself.
    """

    name = "aopc"
    title = "AOPC"
    summary = "Does removing the highest squares cost the class more than the lowest? Good: well above 0."
    family = CheckFamily.FAITHFULNESS
    doi = "10.1109/TNNLS.2016.2599820"
    headline = "gap"
    figures = BOTH_ORDERS
    better = "higher"
    question = "Does removing the highest squares cost the class clearly more than removing the lowest?"
    thresholds = AOPC_GAP
    Params: ClassVar[type[AopcParams]] = AopcParams

    def applies(self, facts: CheckFacts) -> None:
        require_removable(facts)

    def cost(self, params: AopcParams, facts: CheckFacts) -> Cost:
        return Cost(forwards=2 * params.steps + 1)

    def run(self, subject: CheckInput, params: AopcParams, run: Run) -> Finding:
        self.applies(subject.facts)
        values, x = subject.values, subject.x
        highest_first = square_places(values, params.window, run.generator)
        lowest_first = square_places(-values, params.window, run.generator)
        counts = pixel_counts(params.steps, params.most, values.size)
        fill = fill_image(x, params.fill, run.generator)
        frames = chain(replaced(x, fill, highest_first, counts), replaced(x, fill, lowest_first, counts[1:]))
        total = 2 * params.steps + 1
        scores = class_probabilities(subject.network, frames, total, subject.facts.target.index, run)
        shares = np.array(counts) / values.size
        highest, lowest = both_orders(scores)
        morf, lerf = (mean_height(shares, scores[0] - after) for after in (highest, lowest))
        return self.finding(
            values={"gap": morf - lerf, "morf": morf, "lerf": lerf, "whole": float(scores[0])},
            answer=self.thresholds.answer(morf - lerf),
            sentence=f"Removing the highest {exact_percent(params.most)} of the image costs the class "
            f"{fixed(morf)} of probability on average, removing the lowest {fixed(lerf)}: a gap of "
            f"{fixed(morf - lerf, sign=True)}.",
            params=params,
            steps=rows_of(share=shares, highest_first=highest, lowest_first=lowest),
        )
