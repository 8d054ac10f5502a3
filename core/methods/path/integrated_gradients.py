"""Integrated Gradients (Sundararajan et al. 2017, arXiv 1703.01365)."""

import hashlib
from dataclasses import dataclass
from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.batches import batches_of
from core.methods.contract import Family
from core.methods.gradient.gradient import over_channels
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.baselines import BaselineParams, baselines_of, count_of
from core.methods.path.quadrature import AdaptivePath, integrated_adaptively, quadrature, spread_order
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target

# Below half a logit a relative error says nothing about the map; the error is then told against this.
SMALLEST_DELTA = 0.5
# A rise of a float32 score that may be rounding alone; no error relative to it is defined.
SMALLEST_RISE = 1e-6
# The adaptive rule keeps every gradient until the end; it takes no more points than fit in here.
MOST_BYTES = 1 << 29


class IntegratedGradientsParams(BaselineParams):
    """Parameters of Integrated Gradients."""

    steps: int = Field(
        128, ge=2, le=4096, description="points on the path from baseline to image; adaptive: at most so many"
    )
    rule: Literal["gauss_legendre", "adaptive", "trapezoid", "pair"] = Field(
        "adaptive",
        description="quadrature: adaptive (refines until the completeness error is small enough), "
        "Gauss-Legendre, trapezoid, or PAIR's (both ends, equal weights), for comparison",
    )
    tolerance: float = Field(
        0.01, ge=0.0001, le=1, description="completeness error at which the adaptive rule stops"
    )


@dataclass(frozen=True, slots=True)
class Integral:
    """Attribution (height, width, channels) float64, rise of the target if it was asked for, points used."""

    attribution: Array
    rise: float | None
    points: int


@final
class IntegratedGradients:
    """(x - b) times the mean gradient on the straight path from baseline b to image x.

    The map sums to the rise of the target from baseline to image, up to the quadrature's error,
    which is told as `completeness_error`: |sum - rise| / max(|rise|, 0.5). With several baselines the
    map is the mean of theirs.
    """

    name: ClassVar[str] = "integrated_gradients"
    title: ClassVar[str] = "Integrated Gradients"
    summary: ClassVar[str] = "How much each pixel adds to the score against a baseline; one gradient a step."
    family: ClassVar[Family] = Family.PATH
    doi: ClassVar[str] = "arXiv:1703.01365"
    Params: ClassVar[type[IntegratedGradientsParams]] = IntegratedGradientsParams

    def meaning(self, params: IntegratedGradientsParams) -> Meaning:
        return PATH_SHARE

    def applies(self, network: Network) -> None:
        """Every differentiable network will do."""

    def cost(self, params: IntegratedGradientsParams, network: Network) -> Cost:
        # The adaptive rule learns the ends' scores with their gradients.
        adaptive = params.rule == "adaptive"
        one = Cost(forwards=0 if adaptive else 2, gradients=params.steps, at_most=adaptive)
        return one.times(count_of(params))

    def run(
        self, network: Network, x: Array, target: Target, params: IntegratedGradientsParams, run: Run
    ) -> AttributionMap:
        starts = baselines_of(x, params, run.generator)
        total = len(starts) * params.steps
        found: list[Integral] = []
        for number, start in enumerate(starts):
            part = run if len(starts) == 1 else run.part(number * params.steps, total)
            found.append(integral(network, x, start, target, params, part))
            run.progress((number + 1) * params.steps, total)
            if number + 1 < len(starts):
                run.partial(_map(_mean(found)))
        mean = _mean(found)
        return _map(mean, {"points": str(mean.points)} if params.rule == "adaptive" else {})

    def attributions(
        self,
        network: Network,
        inputs: Array,
        x: Array,
        target: Target,
        params: IntegratedGradientsParams,
        run: Run,
    ) -> Array:
        results = []
        done, total = 0, len(inputs) * count_of(params) * params.steps
        for one in inputs:
            found = []
            for start in baselines_of(x, params, run.generator):
                part = run.part(done, total)
                found.append(_integral(network, one, start, target, params, part, need_rise=False))
                done += params.steps
            results.append(_mean(found).attribution)
        return np.stack(results)

    def as_map(self, values: Array, params: IntegratedGradientsParams) -> AttributionMap:
        return AttributionMap(over_channels(values, "sum"), signed=True, cells=values.shape[:2])


def integral(
    network: Network, x: Array, start: Array, target: Target, params: IntegratedGradientsParams, run: Run
) -> Integral:
    """The integral from one baseline `start` to x, both (height, width, channels); shared over `run`."""
    digests = tuple(hashlib.sha256(end.tobytes()).digest() for end in (start, x))
    key = ("integrated_gradients", target, params.rule, params.steps, params.tolerance, *digests)
    return run.once(key, lambda: _integral(network, x, start, target, params, run, need_rise=True))


def completeness(attribution: Array, rise: float) -> dict[str, float]:
    """The diagnostics of a path method: its sum, the rise that it should be, and the error between."""
    total = float(attribution.sum())
    error = abs(total - rise) / max(abs(rise), SMALLEST_DELTA)
    return {"completeness_error": error, "sum": total, "rise": rise}


def _integral(
    network: Network,
    x: Array,
    start: Array,
    target: Target,
    params: IntegratedGradientsParams,
    run: Run,
    *,
    need_rise: bool,
) -> Integral:
    if params.rule == "adaptive":
        return _adaptive(network, x, start, target, params, run)
    rise = None
    if need_rise:
        ends = network.values(np.stack([start, x]), target, run)
        rise = float(ends[1]) - float(ends[0])
    points = quadrature(params.rule, params.steps)
    return _fixed(network, x, start, target, points, rise, run)


def _fixed(
    network: Network,
    x: Array,
    start: Array,
    target: Target,
    points: tuple[Array, Array],
    rise: float | None,
    run: Run,
) -> Integral:
    alphas, weights = points
    steps = len(alphas)
    total = np.zeros(x.shape, np.float64)
    used = 0.0
    run.progress(0, steps)
    order = spread_order(steps)
    for part in batches_of(network, steps):
        chosen = order[part]
        gradients = network.gradients(_points(x, start, alphas[chosen]), target, run)[1]
        total += np.tensordot(weights[chosen], gradients.astype(np.float64), axes=1)
        used += float(weights[chosen].sum())
        run.progress(part.stop, steps)
        if rise is not None and part.stop < steps:
            run.partial(_map(Integral((x - start) * (total / used), rise, part.stop)))
    return Integral((x - start) * total, rise, steps)


def _adaptive(
    network: Network, x: Array, start: Array, target: Target, params: IntegratedGradientsParams, run: Run
) -> Integral:
    most = max(min(params.steps, MOST_BYTES // x.nbytes), 2)
    distance = x - start
    done = 0

    def evaluate(alphas: Array) -> tuple[Array, Array, Array]:
        nonlocal done
        scores, gradients = network.gradients(_points(x, start, alphas), target, run)
        done += len(alphas)
        run.progress(min(done, params.steps), params.steps)
        return scores, (gradients * distance).sum(axis=(1, 2, 3), dtype=np.float64), gradients

    def enough(path: AdaptivePath) -> bool:
        run.partial(_map(Integral(distance * path.integral, path.rise, path.points)))
        return abs(path.error) <= params.tolerance * max(abs(path.rise), SMALLEST_DELTA)

    run.progress(0, params.steps)
    path = integrated_adaptively(evaluate, enough, most)
    run.progress(params.steps, params.steps)
    return Integral(distance * path.integral, path.rise, path.points)


def _points(x: Array, start: Array, alphas: Array) -> Array:
    # In double precision, so that the network gets the float32 nearest to each point.
    places = alphas[:, None, None, None].astype(np.float64)
    return (start + places * (x.astype(np.float64) - start)).astype(np.float32)


def _mean(found: list[Integral]) -> Integral:
    attribution = np.mean([one.attribution for one in found], axis=0)
    rises = [one.rise for one in found if one.rise is not None]
    rise = float(np.mean(rises)) if len(rises) == len(found) else None
    return Integral(attribution, rise, sum(one.points for one in found))


def _map(found: Integral, choices: dict[str, str] | None = None) -> AttributionMap:
    values = over_channels(found.attribution, "sum")
    told = {} if found.rise is None else completeness(found.attribution, found.rise)
    return AttributionMap(values, signed=True, cells=values.shape, diagnostics=told, choices=choices or {})
