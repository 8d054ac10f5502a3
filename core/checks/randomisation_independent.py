"""Independent randomisation (Adebayo et al. 2018, arXiv 1810.03292): which layers does the map depend on?"""

from typing import ClassVar, Literal, final

from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import mean_of, require_varied
from core.checks.randomised_layers import RandomisationParams, Step, blocks, seeds_from, step_of
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.run import Run


@final
class IndependentRandomisation:
    """Each block of layers is drawn anew alone, while all others keep their trained weights."""

    name: ClassVar[str] = "randomisation_independent"
    title: ClassVar[str] = "Randomised layers, one block at a time"
    summary: ClassVar[str] = (
        "Which layers does the map depend on? Good: low for every block; a block at 1 is not seen by the map."
    )
    family: ClassVar[CheckFamily] = CheckFamily.SANITY
    doi: ClassVar[str] = "arXiv:1810.03292"
    headline: ClassVar[str] = "spearman_abs"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    Params: ClassVar[type[RandomisationParams]] = RandomisationParams

    def applies(self, subject: CheckInput) -> None:
        require_varied(subject.map, magnitudes=True)

    def cost(self, params: RandomisationParams, subject: CheckInput) -> Cost:
        """At most so much: a network with fewer layers than `steps` has fewer steps."""
        one = subject.method.cost(subject.params, subject.network.facts)
        return one.times(params.steps).plus(Cost(at_most=True))

    def run(self, subject: CheckInput, params: RandomisationParams, run: Run) -> Finding:
        self.applies(subject)
        groups = blocks(subject.network.weighted_layers(), params.steps)
        (seed,) = seeds_from(run, 1)
        steps: list[Step] = []
        for group in groups:
            run.progress(len(steps), len(groups))
            steps.append(step_of(subject, group, seed, run))
            run.partial(steps[-1].map)
            if any(self.headline in step.figures for step in steps):
                run.on_finding(self._finding(steps, params))
        run.progress(len(groups), len(groups))
        return self._finding(steps, params)

    def _finding(self, steps: list[Step], params: RandomisationParams) -> Finding:
        defined = [step for step in steps if self.headline in step.figures]
        if not defined:
            raise NotApplicable(
                "Whichever layers are drawn anew, the method's map is the same everywhere, so that there is "
                "nothing to compare.",
                "Try another method or target.",
            )
        rows = [step.figures for step in steps]
        values = {
            name: mean
            for name in ("spearman_abs", "spearman_abs_inside", "spearman", "ssim", "hog")
            if (mean := mean_of(rows, name)) is not None
        }
        least = min(defined, key=lambda step: step.figures[self.headline])
        low = least.figures[self.headline]
        return Finding(
            metric=self.name,
            values=values | {"lowest": low, "empty_maps": float(len(steps) - len(defined))},
            sentence="With one block of layers drawn anew at a time, the ranks of the map's magnitudes agree "
            f"by {values[self.headline]:.2f} on average, least after {least.layers[0]} to "
            f"{least.layers[-1]} ({low:.2f}).",
            parameters=params.model_dump(mode="json"),
            steps=tuple(step.row for step in steps),
        )
