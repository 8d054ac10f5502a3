"""Cascading randomisation (Adebayo et al. 2018, arXiv 1810.03292): does the map depend on the weights?"""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.checks.contract import Answer, CheckFamily, CheckInput, Finding
from core.checks.likeness import require_varied
from core.checks.randomised_layers import RandomisationParams, Step, blocks, seeds_from, step_of
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.run import Run

DEPENDS, DOES_NOT = 0.2, 0.5


class CascadingParams(RandomisationParams):
    """Parameters of cascading randomisation."""

    seeds: int = Field(
        3,
        ge=1,
        le=20,
        description="networks with all weights drawn anew, of which the verdict takes the median",
    )


@final
class CascadingRandomisation:
    """The weights are drawn anew from the logits down, block after block, until none is left.

    Verdict: the median, over networks with all weights drawn anew, of Spearman's correlation of the
    maps' absolute values. A network whose map is constant has no correlation and is counted apart.
    """

    name: ClassVar[str] = "randomisation_cascading"
    title: ClassVar[str] = "Randomised layers, cascading"
    summary: ClassVar[str] = (
        "Does the map change as the network forgets what it learned? Good: near 0 once it has forgotten all."
    )
    family: ClassVar[CheckFamily] = CheckFamily.SANITY
    doi: ClassVar[str] = "arXiv:1810.03292"
    headline: ClassVar[str] = "spearman_abs"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    Params: ClassVar[type[CascadingParams]] = CascadingParams

    def applies(self, subject: CheckInput) -> None:
        require_varied(subject.map, magnitudes=True)

    def cost(self, params: CascadingParams, subject: CheckInput) -> Cost:
        """At most so much: a network with fewer layers than `steps` has fewer steps."""
        one = subject.method.cost(subject.params, subject.network.facts)
        return one.times(params.steps + params.seeds - 1).plus(Cost(at_most=True))

    def run(self, subject: CheckInput, params: CascadingParams, run: Run) -> Finding:
        self.applies(subject)
        groups = blocks(subject.network.weighted_layers(), params.steps)
        first, *others = seeds_from(run, params.seeds)
        total = len(groups) + len(others)
        steps: list[Step] = []
        drawn: tuple[str, ...] = ()
        for group in groups:
            run.progress(len(steps), total)
            drawn += group
            steps.append(step_of(subject, drawn, first, run))
            run.partial(steps[-1].map)
            run.on_finding(self._so_far(steps, len(groups), params))
        full = [steps[-1]]
        for seed in others:
            run.progress(len(groups) + len(full) - 1, total)
            full.append(step_of(subject, drawn, seed, run))
        run.progress(total, total)
        return self._finding(steps, full, params)

    def _so_far(self, steps: list[Step], total: int, params: CascadingParams) -> Finding:
        figures = steps[-1].figures
        alike = (
            f"the ranks of the map's magnitudes agree with the original's by {figures['spearman_abs']:.2f}"
            if "spearman_abs" in figures
            else "the map is the same everywhere"
        )
        return Finding(
            metric=self.name,
            values=figures,
            sentence=f"After {len(steps)} of {total} steps {alike}.",
            parameters=params.model_dump(mode="json"),
            steps=tuple(step.row for step in steps),
        )

    def _finding(self, steps: list[Step], full: list[Step], params: CascadingParams) -> Finding:
        names = ("spearman_abs", "spearman_abs_inside", "spearman", "ssim", "hog")
        found = {name: [step.figures[name] for step in full if name in step.figures] for name in names}
        reached = found[self.headline]
        if not reached:
            raise NotApplicable(
                "With all weights drawn anew, the method's map is the same everywhere, so that there is "
                "nothing to compare.",
                "Try more seeds, or another method or target.",
            )
        values = {name: float(np.median(figures)) for name, figures in found.items() if figures}
        median = values[self.headline]
        answer: Answer = "yes" if median <= DEPENDS else "no" if median >= DOES_NOT else "partly"
        how = {"yes": "depends", "partly": "depends in part", "no": "hardly depends"}[answer]
        inside = values.get("spearman_abs_inside")
        aside = "" if inside is None else f"; without the dark background, by {inside:.2f}"
        of = f"median of {len(reached)} networks" if len(reached) > 1 else "one network"
        return Finding(
            metric=self.name,
            values=values
            | {
                "lowest": min(reached),
                "highest": max(reached),
                "empty_maps": float(len(full) - len(reached)),
            },
            answer=answer,
            sentence=f"The map {how} on the trained weights: with all of them drawn anew, the ranks of its "
            f"magnitudes still agree by {median:.2f} ({of}){aside}.",
            parameters=params.model_dump(mode="json"),
            steps=tuple(step.row for step in steps),
        )
