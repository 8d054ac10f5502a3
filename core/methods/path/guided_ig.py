"""Guided Integrated Gradients (Kapishnikov et al. 2021, doi 10.1109/CVPR46437.2021.00501)."""

from collections.abc import Sequence
from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadMap
from core.methods.contract import Family, Method, Need
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.baselines import BaselineParams, baselines_of, count_of
from core.methods.path.completeness import path_map
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
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
class GuidedIg(Method):
    """Integrated Gradients on a path that moves first what changes the score least.

    So the path avoids regions where the gradient is large and noisy. Several baselines walk in step.
    """

    name = "guided_ig"
    title = "Guided IG"
    summary = "Integrated Gradients on a path around noise; its gradients come one after another."
    family = Family.PATH
    doi = "10.1109/CVPR46437.2021.00501"
    Params = GuidedIgParams
    needs = frozenset({Need.GRADIENTS})
    shares_calls = True

    def meaning(self, params: GuidedIgParams) -> Meaning:
        """Share of the score."""
        return PATH_SHARE

    def cost(self, params: GuidedIgParams, facts: NetworkFacts) -> Cost:
        """One gradient a step and baseline; the steps wait for one another."""
        count = count_of(params)
        return Cost(forwards=1 + count, gradients=params.steps * count, serial=params.steps)

    def run(
        self, network: Network, inputs: Sequence[MethodInput], params: GuidedIgParams, run: Run
    ) -> list[AttributionMap]:
        """The maps of inputs whose paths take each step together. Raises what `walked_in_step` raises."""
        count = count_of(params)
        starts = [baselines_of(each.baseline_source, params, each.generator) for each in inputs]
        ends = np.repeat(np.stack([each.x for each in inputs]), count, axis=0)
        targets = [each.target for each in inputs for _ in range(count)]
        attributions = walked_in_step(network, ends, np.concatenate(starts), targets, params, run)
        maps = []
        for number, (method_input, baselines) in enumerate(zip(inputs, starts, strict=True)):
            attribution = attributions[number * count : (number + 1) * count].mean(axis=0)
            maps.append(path_map(attribution, _mean_rise(network, method_input, baselines, run)))
        return maps


def _mean_rise(network: Network, method_input: MethodInput, baselines: Array, run: Run) -> float | None:
    """The rise of the target from the baselines (n, *grid, channels), their mean; None for a noisy copy."""
    if method_input.is_noisy_copy:
        return None
    points = np.concatenate([method_input.x[None], baselines])
    scores = network.values(points, method_input.target, run)
    return float(scores[0]) - float(scores[1:].mean())


def walked_in_step(
    network: Network,
    inputs: Array,
    starts: Array,
    targets: Sequence[Target],
    params: GuidedIgParams,
    run: Run,
) -> Array:
    """Attributions (n, *grid, channels) float64 of n paths that take each step together.

    inputs, starts: (n, *grid, channels), where the paths end and begin.

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
    """One path from a baseline to an image, and the attribution so far; float64.

    Only inputs that differ between both can move; the others keep their place in the quantile.
    """

    def __init__(self, x: Array, start: Array, params: GuidedIgParams) -> None:
        self._start = start.astype(np.float64)
        span = x.astype(np.float64) - self._start
        self._moving = np.flatnonzero(span)
        self._from = self._start.ravel()[self._moving]
        self._span = span.ravel()[self._moving]
        self._to = x.astype(np.float64).ravel()[self._moving]
        self._position = self._from.copy()
        self._integral = np.zeros(self._span.shape)
        self._length = float(np.abs(self._span).sum())
        self._rank = int(params.fraction * (x.size - 1))
        self._band = params.max_distance

    def point(self) -> Array:
        """(*grid, channels) the present point of the path."""
        return self._full(self._position, self._start)

    def attribution(self) -> Array:
        """(*grid, channels) the gradients integrated over the path so far."""
        return self._full(self._integral, np.zeros(self._start.shape))

    def advance(self, share: float, gradient: Array) -> None:
        """Go on until only 1 - share of the path is left. gradient: (*grid, channels) at this point."""
        slope = gradient.astype(np.float64).ravel()[self._moving]
        before = self._position.copy()
        self._catch_up(max(share - self._band, 0.0))
        self._move(np.abs(slope), self._length * (1 - share), min(share + self._band, 1.0))
        self._integral += (self._position - before) * slope

    def _catch_up(self, lowest: float) -> None:
        """Inputs that fell behind the band round the straight line are taken to its edge."""
        behind = (self._position - self._from) / self._span < lowest
        self._position[behind] = (self._from + self._span * lowest)[behind]

    def _move(self, steepness: Array, goal: float, highest: float) -> None:
        """Move the flattest inputs, a fraction at a time, not beyond the band, until `goal` is left."""
        limit = self._from + self._span * highest
        free = np.flatnonzero(self._position != limit)
        while free.size:
            surplus = float(np.abs(self._to - self._position).sum()) - goal
            if surplus <= NEGLIGIBLE * (1 + goal):
                return
            is_flat = _flattest(steepness[free], self._rank)
            flat = free[is_flat]
            room = float(np.abs(limit[flat] - self._position[flat]).sum())
            if room >= surplus:
                self._position[flat] += surplus / room * (limit[flat] - self._position[flat])
                return
            self._position[flat] = limit[flat]
            free = free[~is_flat]

    def _full(self, moving_values: Array, rest: Array) -> Array:
        """(*grid, channels): `rest` with the values of the inputs that move."""
        values = rest.ravel().copy()
        values[self._moving] = moving_values
        return values.reshape(rest.shape)


def _flattest(steepness: Array, rank: int) -> Array:
    """(n,) bool: which are not above the value of this rank, counted from 0; all if there are not so many."""
    if rank >= len(steepness):
        return np.ones(len(steepness), bool)
    return steepness <= np.partition(steepness, rank)[rank]
