"""Deletion (Petsiuk et al. 2018, arXiv 1806.07421)."""

from typing import ClassVar, Literal, final

from pydantic import Field

from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.removal import FILL_WORDS, Fill, pixel_walk, require_removable
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class DeletionParams(Parameters):
    """Parameters of deletion."""

    steps: int = Field(32, ge=1, le=1000, description="equal steps from the whole image to nothing")
    fill: Fill = Field("mean", description=FILL_WORDS)


@final
class Deletion:
    """Area under the probability of the class while the pixels go, the map's highest first."""

    name: ClassVar[str] = "deletion"
    title: ClassVar[str] = "Deletion"
    summary: ClassVar[str] = (
        "How soon does the class go when the highest pixels are taken first? Good: near the empty image's."
    )
    family: ClassVar[CheckFamily] = CheckFamily.FAITHFULNESS
    doi: ClassVar[str] = "arXiv:1806.07421"
    headline: ClassVar[str] = "area"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    Params: ClassVar[type[DeletionParams]] = DeletionParams

    def applies(self, subject: CheckInput) -> None:
        require_removable(subject)

    def cost(self, params: DeletionParams, subject: CheckInput) -> Cost:
        return Cost(forwards=params.steps + 1)

    def run(self, subject: CheckInput, params: DeletionParams, run: Run) -> Finding:
        walk = pixel_walk(subject, params.fill, params.steps, coming=False, run=run)
        sentence = (
            f"While the highest pixels go first, the class has a probability of {walk.area:.2f} on "
            f"average (the whole image: {walk.whole:.2f}, nothing left: {walk.nothing:.2f})."
        )
        return walk.finding(self.name, sentence, params)
