"""Repeatability: how far the map is the same when the method's own random draws differ."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import as_steps, likeness, mean_of, require_varied
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.method_input import MethodInput
from core.network.parameters import Parameters
from core.network.run import Run


class RepeatabilityParams(Parameters):
    """Parameters of repeatability."""

    repeats: int = Field(3, ge=1, le=50, description="maps with other seeds, each compared with the map")


@final
class Repeatability:
    """Spearman's correlation of the map with maps that differ in the method's seed alone; the mean.

    A method that draws nothing gives the same map for every seed; it is run once to see that.
    """

    name: ClassVar[str] = "repeatability"
    title: ClassVar[str] = "Repeatability"
    summary: ClassVar[str] = "Is the map the same with another seed? Good: near 1; raise the samples if not."
    family: ClassVar[CheckFamily] = CheckFamily.SANITY
    doi: ClassVar[str] = "10.2307/1412159"
    headline: ClassVar[str] = "spearman"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[RepeatabilityParams]] = RepeatabilityParams

    def applies(self, subject: CheckInput) -> None:
        require_varied(subject.map)

    def cost(self, params: RepeatabilityParams, subject: CheckInput) -> Cost:
        one = subject.method.cost(subject.params, subject.network.facts)
        return one.times(params.repeats).plus(Cost(at_most=True))

    def run(self, subject: CheckInput, params: RepeatabilityParams, run: Run) -> Finding:
        self.applies(subject)
        rows: list[dict[str, float]] = []
        for done, generator in enumerate(run.generator.spawn(params.repeats)):
            run.progress(done, params.repeats)
            values, drew = _with(subject, generator, run)
            if not drew:
                run.progress(params.repeats, params.repeats)
                return self._by_construction(params)
            rows.append(likeness(subject.map.values, values, subject.map.signed))
        run.progress(params.repeats, params.repeats)
        return self._finding(rows, params)

    def _by_construction(self, params: RepeatabilityParams) -> Finding:
        return Finding(
            metric=self.name,
            values={"spearman": 1.0, "lowest": 1.0, "ssim": 1.0, "deterministic": 1.0, "empty_maps": 0.0},
            sentence="The method draws nothing at random: every seed gives the same map (1.00 by "
            "construction).",
            parameters=params.model_dump(mode="json"),
        )

    def _finding(self, rows: list[dict[str, float]], params: RepeatabilityParams) -> Finding:
        reached = [row["spearman"] for row in rows if "spearman" in row]
        if not reached:
            raise NotApplicable(
                "With every other seed the map is the same everywhere, so that there is nothing to compare.",
                "Raise the method's number of samples.",
            )
        mean, ssim = float(np.mean(reached)), mean_of(rows, "ssim")
        return Finding(
            metric=self.name,
            values={
                "spearman": mean,
                "lowest": min(reached),
                **({} if ssim is None else {"ssim": ssim}),
                "deterministic": 0.0,
                "empty_maps": float(len(rows) - len(reached)),
            },
            sentence=f"With other seeds the map's ranks agree by {mean:.2f} (mean of {len(reached)}, lowest "
            f"{min(reached):.2f}).",
            parameters=params.model_dump(mode="json"),
            steps=as_steps(rows),
        )


def _with(subject: CheckInput, generator: np.random.Generator, run: Run) -> tuple[Array, bool]:
    """The map with this generator, and whether anything was drawn from it."""
    before = repr(generator.bit_generator.state)
    own = Run(cancelled=run.cancelled)
    repeated = MethodInput(subject.x, subject.target, generator)
    found = subject.method.run(subject.network, [repeated], subject.params, own)[0]
    seeds = generator.bit_generator.seed_seq
    assert isinstance(seeds, np.random.SeedSequence)
    spawned = seeds.n_children_spawned > 0
    return found.values, spawned or repr(generator.bit_generator.state) != before
