"""Cascading randomisation (Adebayo et al. 2018, arXiv 1810.03292): does the map depend on the weights?"""

from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import EMPTY_MAPS, CheckFigure
from core.checks.likeness import require_varied
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
from core.checks.verdict import ChipWords, Thresholds
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.run import Run
from core.number_text import fixed


class CascadingParams(RandomisationParams):
    """Parameters of cascading randomisation."""

    seeds: int = Field(
        3,
        ge=1,
        le=20,
        description="networks with all weights randomised, of which the verdict takes the median",
    )


@final
class CascadingRandomisation(Check):
    """The weights are randomised from the logits down, block after block, until none is left.

    Verdict: the median, over networks with all weights randomised, of Spearman's correlation of the
    maps' absolute values. A network whose map is constant has no correlation and is counted apart.
    """

    name = "randomisation_cascading"
    title = "Randomised layers, cascading"
    short_title = "Trained weights"
    summary = (
        "Does the map change as the network forgets what it learned? Good: near 0 once it has forgotten all."
    )
    family = CheckFamily.SANITY
    doi = "arXiv:1810.03292"
    headline = "spearman_abs"
    figures = (
        *FIGURES,
        CheckFigure("lowest", "lowest rank correlation of magnitudes"),
        CheckFigure("highest", "highest rank correlation of magnitudes"),
        EMPTY_MAPS,
        RANDOMISED_LAYERS,
    )
    better = "lower"
    question = "Does the map depend on what the model has learned?"
    thresholds = Thresholds("rank correlation with all weights randomised", yes=0.2, no=INDEPENDENT_ABOVE)
    chip = ChipWords(
        key="weights",
        question="trained weights?",
        label="Depends on training",
        aspect="training",
        yes="needs trained weights",
        partly="needs weights in part",
        no="ignores the weights",
        undecided="weights: undecided",
        failed="weights: no answer",
    )
    Params: ClassVar[type[CascadingParams]] = CascadingParams

    def applies(self, facts: CheckFacts) -> None:
        require_varied(facts.map, magnitudes=True)

    def cost(self, params: CascadingParams, facts: CheckFacts) -> Cost:
        """At most so much: a network with fewer layers than `steps` has fewer steps."""
        return facts.method_cost.times(params.steps + params.seeds - 1).plus(Cost(at_most=True))

    def run(self, subject: CheckInput, params: CascadingParams, run: Run) -> Finding:
        self.applies(subject.facts)
        groups = blocks(subject.network.weighted_layers(), params.steps)
        first, *others = seeds_from(run, params.seeds)
        total = len(groups) + len(others)
        steps: list[RandomisedMap] = []
        drawn: tuple[str, ...] = ()
        for group in groups:
            run.progress(len(steps), total)
            drawn += group
            steps.append(randomised_map(subject, drawn, first, run))
            run.partial(steps[-1].map)
            run.on_finding(self._unfinished(steps, len(groups), params))
        fully_randomised = [steps[-1]]
        for seed in others:
            run.progress(len(groups) + len(fully_randomised) - 1, total)
            fully_randomised.append(randomised_map(subject, drawn, seed, run))
        run.progress(total, total)
        return self._finished(steps, fully_randomised, params)

    def _unfinished(self, steps: list[RandomisedMap], total: int, params: CascadingParams) -> Finding:
        figures = steps[-1].figures
        result = (
            f"the ranks of the map's magnitudes agree with the original's by {fixed(figures['spearman_abs'])}"
            if "spearman_abs" in figures
            else "the map is the same everywhere"
        )
        return self.finding(
            values=figures,
            answer=None,
            sentence=f"After {len(steps)} of {total} steps {result}.",
            params=params,
            steps=tuple(each.step for each in steps),
        )

    def _finished(
        self, steps: list[RandomisedMap], fully_randomised: list[RandomisedMap], params: CascadingParams
    ) -> Finding:
        by_name = {
            figure.name: [
                each.figures[figure.name] for each in fully_randomised if figure.name in each.figures
            ]
            for figure in FIGURES
        }
        correlations = by_name[self.headline]
        if not correlations:
            raise NotApplicable(
                "With all weights randomised, the method's map is the same everywhere, so that there is "
                "nothing to compare.",
                "Try more seeds, or another method or target.",
            )
        values = {name: float(np.median(figures)) for name, figures in by_name.items() if figures}
        median = values[self.headline]
        answer = self.thresholds.answer(median)
        verb = {"yes": "depends", "partly": "depends in part"}.get(answer, "hardly depends")
        inside = values.get("spearman_abs_inside")
        aside = "" if inside is None else f"; without the dark background, by {fixed(inside)}"
        count = len(correlations)
        networks = f"median of {count} networks" if count > 1 else "one network"
        return self.finding(
            values=values
            | {
                "lowest": min(correlations),
                "highest": max(correlations),
                "empty_maps": float(len(fully_randomised) - count),
            },
            answer=answer,
            sentence=f"The map {verb} on the trained weights: with all of them randomised, the ranks of its "
            f"magnitudes still agree by {fixed(median)} ({networks}){aside}.",
            params=params,
            steps=tuple(each.step for each in steps),
        )
