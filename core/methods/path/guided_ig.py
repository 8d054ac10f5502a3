"""Guided Integrated Gradients (Kapishnikov et al. 2021, doi 10.1109/CVPR46437.2021.00501)."""

from collections.abc import Sequence
from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadMap
from core.methods.contract import Family
from core.methods.gradient.gradient import over_channels
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.baselines import BaselineParams, baselines_of, count_of
from core.methods.path.integrated_gradients import completeness
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target

# Below this the rest of a step is rounding.
NEGLIGIBLE = 1e-9


class GuidedIgParams(BaselineParams):
    """Parameters of Guided IG."""

    steps: int = Field(100, ge=1, le=2000, description="steps of the path; each waits for the one before")
    fraction: float = Field(
        0.25,
        ge=0.01,
        le=1,
        description="share of the inputs, those of smallest gradient, that move at a time",
    )
    max_distance: float = Field(
        0.02,
        ge=0,
        le=1,
        description="how far the path may stray from the straight line, as a share of its length; 0 gives IG",
    )


@final
class GuidedIg:
    """Integrated Gradients on a path that moves first what changes the score least.

    So the path avoids regions where the gradient is large and noisy. Several baselines walk in step.
    """

    name: ClassVar[str] = "guided_ig"
    title: ClassVar[str] = "Guided IG"
    summary: ClassVar[str] = (
        "Integrated Gradients on a path around noise; its gradients come one after another."
    )
    family: ClassVar[Family] = Family.PATH
    doi: ClassVar[str] = "10.1109/CVPR46437.2021.00501"
    Params: ClassVar[type[GuidedIgParams]] = GuidedIgParams

    def meaning(self, params: GuidedIgParams) -> Meaning:
        return PATH_SHARE

    def applies(self, network: Network) -> None:
        """Every differentiable network will do."""

    def cost(self, params: GuidedIgParams, network: Network) -> Cost:
        count = count_of(params)
        return Cost(forwards=1 + count, gradients=params.steps * count, serial=params.steps)

    def run(
        self, network: Network, x: Array, target: Target, params: GuidedIgParams, run: Run
    ) -> AttributionMap:
        return self.run_together(network, x[None], [target], [run.generator], params, run)[0]

    def run_together(
        self,
        network: Network,
        inputs: Array,
        targets: Sequence[Target],
        generators: Sequence[np.random.Generator],
        params: GuidedIgParams,
        run: Run,
    ) -> list[AttributionMap]:
        """The maps of several inputs in step; see `core.methods.contract.Together`."""
        starts = [
            baselines_of(one, params, generator) for one, generator in zip(inputs, generators, strict=True)
        ]
        count = count_of(params)
        every_target = [target for target in targets for _ in range(count)]
        every_input = np.repeat(inputs, count, axis=0)
        walked = walked_in_step(network, every_input, np.concatenate(starts), every_target, params, run)
        maps = []
        for number, (x, target) in enumerate(zip(inputs, targets, strict=True)):
            values = walked[number * count : (number + 1) * count].mean(axis=0)
            scores = network.values(np.concatenate([x[None], starts[number]]), target, run)
            told = completeness(values, float(scores[0]) - float(scores[1:].mean()))
            maps.append(
                AttributionMap(over_channels(values, "sum"), signed=True, cells=x.shape[:2], diagnostics=told)
            )
        return maps

    def attributions(
        self, network: Network, inputs: Array, x: Array, target: Target, params: GuidedIgParams, run: Run
    ) -> Array:
        count = count_of(params)
        starts = np.concatenate([baselines_of(x, params, run.generator) for _ in inputs])
        every_target = [target] * (len(inputs) * count)
        walked = walked_in_step(network, np.repeat(inputs, count, axis=0), starts, every_target, params, run)
        return walked.reshape(len(inputs), count, *x.shape).mean(axis=1)

    def as_map(self, values: Array, params: GuidedIgParams) -> AttributionMap:
        return AttributionMap(over_channels(values, "sum"), signed=True, cells=values.shape[:2])


def walked_in_step(
    network: Network,
    inputs: Array,
    starts: Array,
    targets: Sequence[Target],
    params: GuidedIgParams,
    run: Run,
) -> Array:
    """Attributions (n, height, width, channels) float64 of n paths that take each step together.

    Raises BadMap if a gradient is not finite: no order of the inputs would follow from it.
    """
    walks = [Walk(x, start, params) for x, start in zip(inputs, starts, strict=True)]
    total = len(walks) * params.steps
    run.progress(0, total)
    for step in range(1, params.steps + 1):
        points = np.stack([walk.point() for walk in walks])
        gradients = network.gradients(points.astype(np.float32), targets, run)[1]
        if not np.isfinite(gradients).all():
            raise BadMap(
                f"Guided IG met a gradient that is not a finite number at step {step} of {params.steps}.",
                "The model overflows on the path; try another baseline, target or method.",
            )
        for walk, gradient in zip(walks, gradients, strict=True):
            walk.advance(step / params.steps, gradient)
        run.progress(step * len(walks), total)
    return np.stack([walk.attribution() for walk in walks])


class Walk:
    """One path from a baseline to an image, and what was gathered on it; float64.

    Only inputs that differ between both can move; the others keep their place in the quantile.
    """

    def __init__(self, x: Array, start: Array, params: GuidedIgParams) -> None:
        self._start = start.astype(np.float64)
        span = x.astype(np.float64) - self._start
        self._moving = np.flatnonzero(span)
        self._from = self._start.ravel()[self._moving]
        self._span = span.ravel()[self._moving]
        self._to = x.astype(np.float64).ravel()[self._moving]
        self._at = self._from.copy()
        self._gathered = np.zeros(self._span.shape)
        self._length = float(np.abs(self._span).sum())
        self._rank = int(params.fraction * (x.size - 1))
        self._band = params.max_distance

    def point(self) -> Array:
        """Where the path is, (height, width, channels)."""
        return self._full(self._at, self._start)

    def attribution(self) -> Array:
        return self._full(self._gathered, np.zeros(self._start.shape))

    def advance(self, share: float, gradient: Array) -> None:
        """Go on until only 1 - share of the path is left, with the gradient at this point."""
        slope = gradient.astype(np.float64).ravel()[self._moving]
        before = self._at.copy()
        self._keep_up(max(share - self._band, 0.0))
        self._move(np.abs(slope), self._length * (1 - share), min(share + self._band, 1.0))
        self._gathered += (self._at - before) * slope

    def _keep_up(self, lowest: float) -> None:
        """Inputs that fell behind the band round the straight line are taken to its edge."""
        behind = (self._at - self._from) / self._span < lowest
        self._at[behind] = (self._from + self._span * lowest)[behind]

    def _move(self, steepness: Array, goal: float, highest: float) -> None:
        """Move the flattest inputs, a fraction at a time, not beyond the band, until `goal` is left."""
        limit = self._from + self._span * highest
        free = np.flatnonzero(self._at != limit)
        while free.size:
            surplus = float(np.abs(self._to - self._at).sum()) - goal
            if surplus <= NEGLIGIBLE * (1 + goal):
                return
            chosen = _flattest(steepness[free], self._rank)
            picked = free[chosen]
            room = float(np.abs(limit[picked] - self._at[picked]).sum())
            if room >= surplus:
                self._at[picked] += surplus / room * (limit[picked] - self._at[picked])
                return
            self._at[picked] = limit[picked]
            free = free[~chosen]

    def _full(self, moved: Array, rest: Array) -> Array:
        whole = rest.ravel().copy()
        whole[self._moving] = moved
        return whole.reshape(rest.shape)


def _flattest(steepness: Array, rank: int) -> Array:
    """Which are not above the value of this rank, counted from 0; all if there are not so many."""
    if rank >= len(steepness):
        return np.ones(len(steepness), bool)
    return steepness <= np.partition(steepness, rank)[rank]
