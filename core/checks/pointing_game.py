"""The pointing game (Zhang et al. 2018, doi 10.1007/s11263-017-1059-x)."""

from typing import ClassVar, final

from pydantic import Field

from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import PIXELS, CheckFigure
from core.checks.likeness import require_varied
from core.checks.localisation import require_region
from core.checks.verdict import Answer, Thresholds
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import percent


class PointingGameParams(Parameters):
    """Parameters of the pointing game."""

    tolerance: float = Field(
        0.0, ge=0, le=100, description="how far outside still counts, in input pixels; 15 as published"
    )


@final
class PointingGame(Check):
    """Whether the map's highest value lies in the region; where several are highest, the share that does.

    The answer is yes where all of them do, and no where no larger share does than of all pixels.
    """

    name = "pointing_game"
    title = "Pointing game"
    summary = "Does the map's highest point lie in the region? Good: 1."
    family = CheckFamily.LOCALISATION
    doi = "10.1007/s11263-017-1059-x"
    headline = "hit"
    figures = (
        CheckFigure("hit", "share of the highest points in the region"),
        CheckFigure("chance", "share of random points in the region"),
        CheckFigure("tied_maxima", "highest points", PIXELS),
    )
    better = "higher"
    question = "Does the map's highest point lie in the region?"
    thresholds = Thresholds("share of the highest points in the region", yes=1.0, no=0.0)
    Params: ClassVar[type[PointingGameParams]] = PointingGameParams

    def applies(self, facts: CheckFacts) -> None:
        require_region(facts)
        require_varied(facts.map)

    def cost(self, params: PointingGameParams, facts: CheckFacts) -> Cost:
        return Cost()

    def run(self, subject: CheckInput, params: PointingGameParams, run: Run) -> Finding:
        # Imported late: the window lists checks and never computes them.
        from scipy.ndimage import distance_transform_edt

        self.applies(subject.facts)
        region = require_region(subject.facts)
        near = distance_transform_edt(~region) <= params.tolerance
        highest = subject.values == subject.values.max()
        hit, ties = float(near[highest].mean()), int(highest.sum())
        # What a point drawn anywhere would reach.
        chance = float(near.mean())
        where = "in" if params.tolerance == 0 else f"within {params.tolerance:g} pixels of"
        if ties > 1:
            sentence = f"Of the {ties} highest points, {percent(hit, 0)} lie {where} the region."
        else:
            sentence = f"The highest point {'lies' if hit else 'does not lie'} {where} the region."
        return self.finding(
            values={"hit": hit, "chance": chance, "tied_maxima": float(ties)},
            answer=self._answer(hit, chance),
            sentence=f"{sentence} A random point lies there in {percent(chance)} of cases.",
            params=params,
        )

    def _answer(self, hit: float, chance: float) -> Answer:
        if chance == 1:
            return "undecided"  # with this tolerance no point can miss
        return "no" if hit <= chance else self.thresholds.answer(hit)
