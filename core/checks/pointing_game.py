"""The pointing game (Zhang et al. 2018, doi 10.1007/s11263-017-1059-x)."""

from typing import ClassVar, Literal, final

from pydantic import Field

from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import require_varied
from core.checks.localisation import require_region
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class PointingGameParams(Parameters):
    """Parameters of the pointing game."""

    tolerance: float = Field(
        0.0, ge=0, le=100, description="how far outside still counts, in input pixels; 15 as published"
    )


@final
class PointingGame:
    """Whether the map's highest value lies in the region; where several are highest, the share that does."""

    name: ClassVar[str] = "pointing_game"
    title: ClassVar[str] = "Pointing game"
    summary: ClassVar[str] = "Does the map's highest point lie in the region? Good: 1."
    family: ClassVar[CheckFamily] = CheckFamily.LOCALISATION
    doi: ClassVar[str] = "10.1007/s11263-017-1059-x"
    headline: ClassVar[str] = "hit"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[PointingGameParams]] = PointingGameParams

    def applies(self, subject: CheckInput) -> None:
        require_region(subject)
        require_varied(subject.map)

    def cost(self, params: PointingGameParams, subject: CheckInput) -> Cost:
        return Cost()

    def run(self, subject: CheckInput, params: PointingGameParams, run: Run) -> Finding:
        # Imported late: the window lists metrics and never computes them.
        from scipy.ndimage import distance_transform_edt

        self.applies(subject)
        region = require_region(subject)
        near = distance_transform_edt(~region) <= params.tolerance
        highest = subject.map.values == subject.map.values.max()
        hit, ties = float(near[highest].mean()), int(highest.sum())
        # What a point drawn anywhere would reach.
        chance = float(near.mean())
        where = "in" if params.tolerance == 0 else f"within {params.tolerance:g} pixels of"
        if ties > 1:
            sentence = f"Of the {ties} highest points, {hit:.0%} lie {where} the region."
        else:
            sentence = f"The highest point {'lies' if hit else 'does not lie'} {where} the region."
        return Finding(
            metric=self.name,
            values={"hit": hit, "chance": chance, "tied_maxima": float(ties)},
            sentence=f"{sentence} A random point lies there in {chance:.1%} of cases.",
            parameters=params.model_dump(mode="json"),
        )
