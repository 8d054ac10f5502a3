"""The probability of the class while pixels are restored (insertion) or removed (deletion), highest first."""

from dataclasses import dataclass
from math import inf
from typing import Any, ClassVar, final

import numpy as np

from core.arrays import Array
from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import CHANGED_SHARE, TIED_PIXELS, WHOLE, CheckFigure
from core.checks.removal import (
    Fill,
    class_probabilities,
    fill_image,
    mean_height,
    pixel_counts,
    pixel_places,
    replaced,
    require_removable,
    rows_of,
    tied_pixels,
)
from core.checks.verdict import Answer, Thresholds
from core.network.cost import Cost
from core.network.run import Run
from core.number_text import fixed

# If the two ends of the curve differ by less in probability, its shape says nothing.
SMALLEST_CHANGE = 0.05
# A probability that changes in step with the area has made half of its change on average. To do better is not
# yet an answer: random maps often do, because scattered pixels spoil or restore the texture everywhere.
IN_STEP = Thresholds("mean share of the change of probability", yes=inf, no=0.5, between="undecided")


@final
@dataclass(frozen=True, slots=True, eq=False)
class PixelCurve:
    """The class's probability (n,) at shares (n,) of the pixels that were removed or restored, highest first.

    is_restoring: from no pixel to the whole image, else the other way.
    """

    shares: Array
    scores: Array
    is_restoring: bool

    @property
    def area(self) -> float:
        """The mean probability along the curve."""
        return mean_height(self.shares, self.scores)

    @property
    def whole(self) -> float:
        """The probability for the whole image."""
        return float(self.scores[-1 if self.is_restoring else 0])

    @property
    def nothing(self) -> float:
        """The probability without any pixel of the image."""
        return float(self.scores[0 if self.is_restoring else -1])

    def answer(self) -> Answer:
        """No if the probability changes later than in step with the area; else `undecided`.

        Whether it is better than a random map needs the same figure of random maps.
        """
        if self.whole - self.nothing < SMALLEST_CHANGE:
            return "undecided"
        start, end = float(self.scores[0]), float(self.scores[-1])
        return IN_STEP.answer((self.area - start) / (end - start))


class PixelCurveCheck(Check):
    """Area under the probability of the class while pixels are restored or removed, the map's highest first.

    is_restoring: as in `PixelCurve`. Its parameters are `steps` and `fill`.
    """

    family = CheckFamily.FAITHFULNESS
    doi = "arXiv:1806.07421"
    headline = "area"
    figures = (
        CheckFigure("area", "mean probability"),
        CheckFigure("nothing", "probability, no pixel of the image"),
        WHOLE,
        TIED_PIXELS,
        CHANGED_SHARE,
        CheckFigure("probability", "probability"),
    )
    thresholds = IN_STEP
    is_restoring: ClassVar[bool]

    @final
    def applies(self, facts: CheckFacts) -> None:
        require_removable(facts)

    @final
    def cost(self, params: Any, facts: CheckFacts) -> Cost:
        return Cost(forwards=params.steps + 1)

    @final
    def run(self, subject: CheckInput, params: Any, run: Run) -> Finding:
        self.applies(subject.facts)
        curve = pixel_curve(subject, params.fill, params.steps, self.is_restoring, run)
        change = "restored" if self.is_restoring else "removed"
        return self.finding(
            values={
                "area": curve.area,
                "nothing": curve.nothing,
                "whole": curve.whole,
                "tied_pixels": float(tied_pixels(subject.values)),
            },
            answer=curve.answer(),
            sentence=f"While the highest pixels are {change} first, the class has a probability of "
            f"{fixed(curve.area)} on average (whole image: {fixed(curve.whole)}, no pixel of it: "
            f"{fixed(curve.nothing)}).",
            params=params,
            steps=rows_of(share=curve.shares, probability=curve.scores),
        )


def pixel_curve(subject: CheckInput, fill: Fill, steps: int, is_restoring: bool, run: Run) -> PixelCurve:
    """From the whole image to its fill in `steps` equal steps, or the other way; the map's highest first.

    Raises what `class_probabilities` raises.
    """
    values, x = subject.values, subject.x
    places = pixel_places(values, run.generator)
    counts = pixel_counts(steps, 1.0, values.size)
    empty = fill_image(x, fill, run.generator)
    frames = replaced(empty, x, places, counts) if is_restoring else replaced(x, empty, places, counts)
    scores = class_probabilities(subject.network, frames, len(counts), subject.facts.target.index, run)
    return PixelCurve(np.array(counts) / values.size, scores, is_restoring)
