"""Integrated Gradients (Sundararajan et al. 2017, arXiv 1703.01365)."""

import hashlib
from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.batches import batches_of
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.baselines import BaselineParams, baselines_of, count_of
from core.methods.path.completeness import SMALLEST_DELTA, path_map
from core.methods.path.quadrature import AdaptivePath, integrated_adaptively, quadrature, spread_order
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target

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
class PathIntegral:
    """Attribution (*grid, channels) float64, rise of the target if it was wanted, points used."""

    attribution: Array
    rise: float | None
    points: int


@final
class IntegratedGradients(OneByOneMethod):
    """(x - b) times the mean gradient on the straight path from baseline b to image x.

    The map sums to the rise of the target from baseline to image, up to the quadrature's error,
    which is reported as `completeness_error`: |sum - rise| / max(|rise|, 0.5). With several baselines the
    map is the mean of theirs.
    """

    name = "integrated_gradients"
    title = "Integrated Gradients"
    summary = "How much each pixel adds to the score against a baseline; one gradient a step."
    family = Family.PATH
    doi = "arXiv:1703.01365"
    Params = IntegratedGradientsParams
    needs = frozenset({Need.GRADIENTS})

    def meaning(self, params: IntegratedGradientsParams) -> Meaning:
        """Share of the score."""
        return PATH_SHARE

    def cost(self, params: IntegratedGradientsParams, facts: NetworkFacts) -> Cost:
        """One gradient a step and baseline; the adaptive rule gets the ends' scores with their gradients."""
        adaptive = params.rule == "adaptive"
        for_one_baseline = Cost(forwards=0 if adaptive else 2, gradients=params.steps, at_most=adaptive)
        return for_one_baseline.times(count_of(params))

    def explain_input(
        self, network: Network, method_input: MethodInput, params: IntegratedGradientsParams, run: Run
    ) -> AttributionMap:
        """The map of one input, the mean over its baselines."""
        starts = baselines_of(method_input.baseline_source, params, method_input.generator)
        total = len(starts) * params.steps
        integrals: list[PathIntegral] = []
        for number, start in enumerate(starts):
            part = run if len(starts) == 1 else run.part(number * params.steps, total)
            integrals.append(integral(network, method_input, start, params, part))
            run.progress((number + 1) * params.steps, total)
            if number + 1 < len(starts):
                run.partial(_map(_mean(integrals)))
        mean = _mean(integrals)
        is_refined = params.rule == "adaptive" and not method_input.is_noisy_copy
        return _map(mean, {"points": str(mean.points)} if is_refined else {})


def integral(
    network: Network, method_input: MethodInput, start: Array, params: IntegratedGradientsParams, run: Run
) -> PathIntegral:
    """The integral from one baseline `start` (*grid, channels) to the input; shared over `run`."""
    x, target = method_input.x, method_input.target
    if method_input.is_noisy_copy:
        return _integral(network, x, start, target, params, run, need_rise=False)
    digests = tuple(hashlib.sha256(end.tobytes()).digest() for end in (start, x))
    key = ("integrated_gradients", target, params.rule, params.steps, params.tolerance, *digests)
    return run.once(key, lambda: _integral(network, x, start, target, params, run, need_rise=True))


def _integral(
    network: Network,
    x: Array,
    start: Array,
    target: Target,
    params: IntegratedGradientsParams,
    run: Run,
    *,
    need_rise: bool,
) -> PathIntegral:
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
) -> PathIntegral:
    alphas, weights = points
    steps = len(alphas)
    total = np.zeros(x.shape, np.float64)
    used_weight = 0.0
    run.progress(0, steps)
    order = spread_order(steps)
    for part in batches_of(network, steps):
        batch = order[part]
        gradients = network.gradients(_points(x, start, alphas[batch]), target, run)[1]
        total += np.tensordot(weights[batch], gradients.astype(np.float64), axes=1)
        used_weight += float(weights[batch].sum())
        run.progress(part.stop, steps)
        if rise is not None and part.stop < steps:
            run.partial(_map(PathIntegral((x - start) * (total / used_weight), rise, part.stop)))
    return PathIntegral((x - start) * total, rise, steps)


def _adaptive(
    network: Network, x: Array, start: Array, target: Target, params: IntegratedGradientsParams, run: Run
) -> PathIntegral:
    most_points = max(min(params.steps, MOST_BYTES // x.nbytes), 2)
    distance = x - start
    evaluated = 0

    def evaluate(alphas: Array) -> tuple[Array, Array, Array]:
        nonlocal evaluated
        scores, gradients = network.gradients(_points(x, start, alphas), target, run)
        evaluated += len(alphas)
        run.progress(min(evaluated, params.steps), params.steps)
        input_axes = tuple(range(1, gradients.ndim))
        return scores, (gradients * distance).sum(axis=input_axes, dtype=np.float64), gradients

    def is_exact_enough(path: AdaptivePath) -> bool:
        run.partial(_map(PathIntegral(distance * path.integral, path.rise, path.points)))
        return abs(path.error) <= params.tolerance * max(abs(path.rise), SMALLEST_DELTA)

    run.progress(0, params.steps)
    path = integrated_adaptively(evaluate, is_exact_enough, most_points)
    run.progress(params.steps, params.steps)
    return PathIntegral(distance * path.integral, path.rise, path.points)


def _points(x: Array, start: Array, alphas: Array) -> Array:
    """(n, *grid, channels) float32 at the shares `alphas` (n,) of the way from `start` to x."""
    # In double precision, so that the network gets the float32 nearest to each point.
    shares = alphas.reshape(-1, *[1] * x.ndim).astype(np.float64)
    return (start + shares * (x.astype(np.float64) - start)).astype(np.float32)


def _mean(integrals: list[PathIntegral]) -> PathIntegral:
    attribution = np.mean([each.attribution for each in integrals], axis=0)
    rises = [each.rise for each in integrals if each.rise is not None]
    rise = float(np.mean(rises)) if len(rises) == len(integrals) else None
    return PathIntegral(attribution, rise, sum(each.points for each in integrals))


def _map(integrated: PathIntegral, choices: dict[str, str] | None = None) -> AttributionMap:
    return path_map(integrated.attribution, integrated.rise, choices)
