"""Integrated Gradients (Sundararajan et al. 2017, arXiv 1703.01365)."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.gradient import over_channels
from core.methods.protocol import Cost, Family, Map, MethodParams, Network, Run, Target

# Below half a logit a relative error says nothing about the map; the error is then told against this.
SMALLEST_DELTA = 0.5


class IntegratedGradientsParams(MethodParams):
    """Parameters of Integrated Gradients."""

    steps: int = Field(64, ge=2, le=4096, description="points on the path from baseline to image")
    rule: Literal["gauss_legendre", "pair"] = Field(
        "gauss_legendre",
        description="quadrature: Gauss-Legendre, or PAIR's (both ends, equal weights), for comparison",
    )
    baseline: Literal["black", "white", "mean"] = Field(
        "black", description="the input that stands for nothing: the image's lowest, highest or mean value"
    )


@final
class IntegratedGradients:
    """(x - b) times the mean gradient on the straight path from baseline b to image x.

    The map sums to the rise of the target from baseline to image, up to the quadrature's error,
    which is told as `completeness_error`: |sum - rise| / max(|rise|, 0.5).
    """

    name: ClassVar[str] = "integrated_gradients"
    title: ClassVar[str] = "Integrated Gradients"
    summary: ClassVar[str] = "How much each pixel adds to the score against a black image; one gradient a step."
    family: ClassVar[Family] = Family.PATH
    doi: ClassVar[str] = "arXiv:1703.01365"
    Params: ClassVar[type[IntegratedGradientsParams]] = IntegratedGradientsParams

    def applies(self, network: Network) -> None:
        """Every differentiable network will do."""

    def cost(self, params: IntegratedGradientsParams, network: Network) -> Cost:
        return Cost(forwards=2, gradients=params.steps)

    def run(
        self, network: Network, x: Array, target: Target, params: IntegratedGradientsParams, run: Run
    ) -> Map:
        start = baseline_of(x, params.baseline)
        alphas, weights = quadrature(params.rule, params.steps)
        ends = network.values(np.stack([start, x]), target, run)
        rise = float(ends[1]) - float(ends[0])
        total = np.zeros(x.shape, np.float64)
        used = 0.0
        run.progress(0, params.steps)
        order = spread_order(params.steps)
        for first in range(0, params.steps, network.best_batch):
            chosen = order[first : first + network.best_batch]
            points = start + alphas[chosen, None, None, None].astype(np.float32) * (x - start)
            _, gradients = network.gradients(points, target, run)
            total += np.tensordot(weights[chosen], gradients.astype(np.float64), axes=1)
            used += float(weights[chosen].sum())
            run.progress(first + len(chosen), params.steps)
            if first + len(chosen) < params.steps:
                run.partial(self._map((x - start) * (total / used), rise))
        return self._map((x - start) * total, rise)

    def _map(self, attribution: Array, rise: float) -> Map:
        values = over_channels(attribution, "sum")
        total = float(attribution.sum())
        error = abs(total - rise) / max(abs(rise), SMALLEST_DELTA)
        diagnostics = {"completeness_error": error, "sum": total, "rise": rise}
        return Map(values, signed=True, cells=values.shape, diagnostics=diagnostics)


def baseline_of(x: Array, kind: Literal["black", "white", "mean"]) -> Array:
    """The baseline of an input (height, width, channels): one value everywhere."""
    value = {"black": x.min, "white": x.max, "mean": x.mean}[kind]()
    return np.full_like(x, value)


def quadrature(rule: Literal["gauss_legendre", "pair"], steps: int) -> tuple[Array, Array]:
    """Nodes in [0, 1] and weights, each (steps,) float64.

    Gauss-Legendre is exact for polynomials up to degree 2 steps - 1. PAIR's rule takes equal
    weights with both ends, which overrates the ends: x cubed comes out 1/(2(steps - 1)) too large.
    """
    if rule == "pair":
        return np.linspace(0.0, 1.0, steps), np.full(steps, 1.0 / steps)
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    return (nodes + 1) / 2, weights / 2


def spread_order(count: int) -> Array:
    """0 to count - 1 so that every beginning of the order is spread over the whole range."""
    bits = max(count - 1, 1).bit_length()
    numbers = np.arange(1 << bits)
    reversed_bits = sum(((numbers >> bit) & 1) << (bits - 1 - bit) for bit in range(bits))
    order = np.asarray(reversed_bits)
    return order[order < count]
