"""Share of the evidence inside the region (Wang et al. 2020, doi 10.1109/CVPRW50498.2020.00020)."""

from typing import final

from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import REGION_AREA, CheckFigure
from core.checks.localisation import (
    BEYOND_CHANCE,
    RegionCheckParams,
    answer_beyond_chance,
    evidence_inside,
    require_region,
)
from core.checks.verdict import ChipWords
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.run import Run
from core.number_text import fixed, percent


@final
class EnergyInside(Check):
    """Sum of the map's positive values in the region, divided by their sum in the whole image.

    The answer compares the density of the evidence with that of an even map: see `answer_beyond_chance`.
    """

    name = "energy_inside"
    title = "Evidence inside"
    summary = "How much of the positive evidence lies in the region? Good: far above the region's area."
    family = CheckFamily.LOCALISATION
    doi = "10.1109/CVPRW50498.2020.00020"
    headline = "share"
    figures = (
        CheckFigure("share", "share of the positive evidence in the region"),
        REGION_AREA,
        CheckFigure("density", "evidence relative to an even map's"),
    )
    better = "higher"
    question = "Does the evidence lie inside the outlined region?"
    thresholds = BEYOND_CHANCE
    chip = ChipWords(
        key="region",
        question="inside region?",
        label="In the region",
        aspect="region",
        yes="in the region",
        partly="partly in the region",
        no="outside the region",
        undecided="region: undecided",
        failed="region: no answer",
        share="share",
        share_words="in the region",
    )
    Params = RegionCheckParams

    def applies(self, facts: CheckFacts) -> None:
        require_region(facts)
        if facts.no_share or not facts.map.has_positive_evidence:
            none = "The map holds no positive value, so that there is no evidence to be divided."
            raise NotApplicable(facts.no_share or none, "Choose another method or target.")

    def cost(self, params: RegionCheckParams, facts: CheckFacts) -> Cost:
        return Cost()

    def run(self, subject: CheckInput, params: RegionCheckParams, run: Run) -> Finding:
        self.applies(subject.facts)
        region = require_region(subject.facts)
        share, area = evidence_inside(subject.values, region), float(region.mean())
        assert share is not None  # required by `applies`
        return self.finding(
            values={"share": share, "area": area, "density": share / area},
            answer=answer_beyond_chance(share, area),
            sentence=f"{percent(share, 0)} of the positive evidence lies in the region, which is "
            f"{percent(area)} of the area: {fixed(share / area, 1)} times what an even map has there.",
            params=params,
        )
