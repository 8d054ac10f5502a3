"""Insertion (Petsiuk et al. 2018, arXiv 1806.07421)."""

from typing import ClassVar, Literal, final

from pydantic import Field

from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.removal import FILL_WORDS, Fill, pixel_walk, require_removable
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class InsertionParams(Parameters):
    """Parameters of insertion."""

    steps: int = Field(32, ge=1, le=1000, description="equal steps from nothing to the whole image")
    fill: Fill = Field("blur", description=FILL_WORDS)


@final
class Insertion:
    """Area under the probability of the class while the pixels come back, the map's highest first."""

    name: ClassVar[str] = "insertion"
    title: ClassVar[str] = "Insertion"
    summary: ClassVar[str] = (
        "How soon does the class come when the highest pixels are shown first? Good: near the whole image's."
    )
    family: ClassVar[CheckFamily] = CheckFamily.FAITHFULNESS
    doi: ClassVar[str] = "arXiv:1806.07421"
    headline: ClassVar[str] = "area"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[InsertionParams]] = InsertionParams

    def applies(self, subject: CheckInput) -> None:
        require_removable(subject)

    def cost(self, params: InsertionParams, subject: CheckInput) -> Cost:
        return Cost(forwards=params.steps + 1)

    def run(self, subject: CheckInput, params: InsertionParams, run: Run) -> Finding:
        walk = pixel_walk(subject, params.fill, params.steps, coming=True, run=run)
        sentence = (
            f"While the highest pixels come back first, the class has a probability of {walk.area:.2f} "
            f"on average (nothing shown: {walk.nothing:.2f}, the whole image: {walk.whole:.2f})."
        )
        return walk.finding(self.name, sentence, params)
