"""Independent randomisation (Adebayo et al. 2018, arXiv 1810.03292): which layers does the map depend on?"""

from typing import ClassVar, final

from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import EMPTY_MAPS, CheckFigure
from core.checks.likeness import mean_of, require_varied
from core.checks.randomised_layers import (
    FIGURES,
    INDEPENDENT_ABOVE,
    RANDOMISED_LAYERS,
    RandomisationParams,
    RandomisedMap,
    blocks,
    randomised_map,
    seeds_from,
)
from core.checks.verdict import Thresholds, common_answer
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.run import Run
from core.number_text import fixed


@final
class IndependentRandomisation(Check):
    """Each block of layers is randomised alone, while all others keep their trained weights.

    The answer is yes if the map depends on every block, no if on none, partly else: a block counts whose
    new weights leave a rank correlation of magnitudes of at most 0.5.
    """

    name = "randomisation_independent"
    title = "Randomised layers, one block at a time"
    short_title = "Weights, block by block"
    summary = (
        "Which layers does the map depend on? Good: low for every block; a block at 1 is not seen by the map."
    )
    family = CheckFamily.SANITY
    doi = "arXiv:1810.03292"
    headline = "spearman_abs"
    figures = (
        *FIGURES,
        CheckFigure("lowest", "lowest rank correlation of magnitudes"),
        EMPTY_MAPS,
        RANDOMISED_LAYERS,
    )
    better = "lower"
    question = "Does the map depend on the trained weights of every block of layers?"
    thresholds = Thresholds(
        "rank correlation with one block randomised", yes=INDEPENDENT_ABOVE, no=INDEPENDENT_ABOVE
    )
    Params: ClassVar[type[RandomisationParams]] = RandomisationParams

    def applies(self, facts: CheckFacts) -> None:
        require_varied(facts.map, magnitudes=True)

    def cost(self, params: RandomisationParams, facts: CheckFacts) -> Cost:
        """At most so much: a network with fewer layers than `steps` has fewer steps."""
        return facts.method_cost.times(params.steps).plus(Cost(at_most=True))

    def run(self, subject: CheckInput, params: RandomisationParams, run: Run) -> Finding:
        self.applies(subject.facts)
        groups = blocks(subject.network.weighted_layers(), params.steps)
        (seed,) = seeds_from(run, 1)
        steps: list[RandomisedMap] = []
        for group in groups:
            run.progress(len(steps), len(groups))
            steps.append(randomised_map(subject, group, seed, run))
            run.partial(steps[-1].map)
            if any(self.headline in step.figures for step in steps):
                unfinished = self._finding(steps, params).model_copy(update={"answer": None})
                run.on_finding(unfinished)
        run.progress(len(groups), len(groups))
        return self._finding(steps, params)

    def _finding(self, steps: list[RandomisedMap], params: RandomisationParams) -> Finding:
        defined = [step for step in steps if self.headline in step.figures]
        if not defined:
            raise NotApplicable(
                "Whichever layers are randomised, the method's map is the same everywhere, so that there is "
                "nothing to compare.",
                "Try another method or target.",
            )
        rows = [step.figures for step in steps]
        values = {figure.name: mean for figure in FIGURES if (mean := mean_of(rows, figure.name)) is not None}
        lowest = min(defined, key=lambda step: step.figures[self.headline])
        correlation = lowest.figures[self.headline]
        return self.finding(
            values=values | {"lowest": correlation, "empty_maps": float(len(steps) - len(defined))},
            answer=common_answer(self.thresholds.answer(step.figures[self.headline]) for step in defined),
            sentence="With one block of layers randomised at a time, the ranks of the map's magnitudes agree "
            f"by {fixed(values[self.headline])} on average, least after {lowest.layers[0]} to "
            f"{lowest.layers[-1]} ({fixed(correlation)}).",
            params=params,
            steps=tuple(step.step for step in steps),
        )
