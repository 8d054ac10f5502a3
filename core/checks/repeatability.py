"""Repeatability: how far the map is the same when the method's own random draws differ."""

from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.changed_images import SAME_MAP
from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import EMPTY_MAPS, LIKENESS, LOWEST, CheckFigure
from core.checks.likeness import as_steps, likeness, mean_of, require_varied
from core.checks.verdict import ChipWords
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import fixed


class RepeatabilityParams(Parameters):
    """Parameters of repeatability."""

    repeats: int = Field(3, ge=1, le=50, description="maps with other seeds, each compared with the map")


@final
class Repeatability(Check):
    """Spearman's correlation of the map with maps that differ in the method's seed alone; the mean.

    A method that draws nothing gives the same map for every seed; it is run once to see that.
    """

    name = "repeatability"
    title = "Repeatability"
    short_title = "Repeats with other seeds"
    summary = "Is the map the same with another seed? Good: near 1; raise the samples if not."
    family = CheckFamily.SANITY
    doi = "10.2307/1412159"
    headline = "spearman"
    figures = (
        *LIKENESS,
        LOWEST,
        CheckFigure("deterministic", "draws nothing at random (1: yes)"),
        EMPTY_MAPS,
    )
    better = "higher"
    question = "Does another seed give the same map?"
    thresholds = SAME_MAP
    chip = ChipWords(
        key="repeatable",
        question="repeatable?",
        label="Repeatable",
        aspect="repeats",
        yes="repeatable",
        partly="repeatable in part",
        no="unstable",
        undecided="repeats: undecided",
        failed="repeats: no answer",
        no_sentence="Unstable: another seed gives another map.",
    )
    Params: ClassVar[type[RepeatabilityParams]] = RepeatabilityParams

    def applies(self, facts: CheckFacts) -> None:
        require_varied(facts.map)

    def cost(self, params: RepeatabilityParams, facts: CheckFacts) -> Cost:
        return facts.method_cost.times(params.repeats).plus(Cost(at_most=True))

    def run(self, subject: CheckInput, params: RepeatabilityParams, run: Run) -> Finding:
        self.applies(subject.facts)
        rows: list[dict[str, float]] = []
        for done, generator in enumerate(run.generator.spawn(params.repeats)):
            run.progress(done, params.repeats)
            values, has_drawn = _map_with(subject, generator, run)
            if not has_drawn:
                run.progress(params.repeats, params.repeats)
                return self._deterministic(params)
            rows.append(likeness(subject.values, values, subject.facts.map.signed))
        run.progress(params.repeats, params.repeats)
        return self._compared(rows, params)

    def _deterministic(self, params: RepeatabilityParams) -> Finding:
        return self.finding(
            values={"spearman": 1.0, "lowest": 1.0, "ssim": 1.0, "deterministic": 1.0, "empty_maps": 0.0},
            answer=self.thresholds.answer(1.0),
            sentence="The method draws nothing at random: every seed gives the same map (1.00 by "
            "construction).",
            params=params,
        )

    def _compared(self, rows: list[dict[str, float]], params: RepeatabilityParams) -> Finding:
        correlations = [row["spearman"] for row in rows if "spearman" in row]
        if not correlations:
            raise NotApplicable(
                "With every other seed the map is the same everywhere, so that there is nothing to compare.",
                "Raise the method's number of samples.",
            )
        mean, ssim = float(np.mean(correlations)), mean_of(rows, "ssim")
        return self.finding(
            values={
                "spearman": mean,
                "lowest": min(correlations),
                **({} if ssim is None else {"ssim": ssim}),
                "deterministic": 0.0,
                "empty_maps": float(len(rows) - len(correlations)),
            },
            answer=self.thresholds.answer(mean),
            sentence=f"With other seeds the map's ranks agree by {fixed(mean)} (mean of "
            f"{len(correlations)}, lowest {fixed(min(correlations))}).",
            params=params,
            steps=as_steps(rows),
        )


def _map_with(subject: CheckInput, generator: np.random.Generator, run: Run) -> tuple[Array, bool]:
    """The map (height, width) with this generator, and whether anything was drawn from it."""
    before = repr(generator.bit_generator.state)
    values = subject.explained_with(generator, run).values
    seeds = generator.bit_generator.seed_seq
    assert isinstance(seeds, np.random.SeedSequence)
    has_spawned = seeds.n_children_spawned > 0
    return values, has_spawned or repr(generator.bit_generator.state) != before
