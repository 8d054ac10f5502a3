"""Blur Integrated Gradients (Xu et al. 2020, doi 10.1109/CVPR42600.2020.00970)."""

from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.images.gaussian import Border, blurred
from core.methods.batches import batches_of
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.completeness import path_map
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target

# The distance over which PAIR's rule takes the blur's derivative, in pixels.
PAIRS_STEP = 0.01


class BlurIgParams(Parameters):
    """Parameters of Blur IG."""

    steps: int = Field(
        64, ge=2, le=1024, description="points on the path from the blurred to the sharp image"
    )
    max_sigma: float = Field(
        50.0,
        gt=0,
        le=500,
        description="standard deviation of the widest blur, from which the path starts",
        json_schema_extra={"unit": "px"},
    )
    spacing: Literal["linear", "quadratic"] = Field(
        "quadratic",
        description="how blurs follow one another: in steps of sigma that grow with it, for the score moves "
        "most where the image is almost sharp, or in equal steps, as published",
    )
    border: Border = Field(
        "reflect",
        description="what the blur sees beyond the edge: the mirrored picture, or zeros (a darker rim)",
    )
    rule: Literal["trapezoid", "pair"] = Field(
        "trapezoid",
        description="quadrature: trapezoid between successive blurs, or PAIR's left rule with a numerical "
        "derivative of the blur, for comparison",
    )


@final
class BlurIg(OneByOneMethod):
    """The gradient integrated while the image comes into focus: evidence in details of every scale.

    No baseline but the blurred image itself, so dark pixels get credit too. The map sums to the rise of
    the target from the blurred to the sharp image, up to `completeness_error`.
    """

    name = "blur_ig"
    title = "Blur IG"
    summary = "What each pixel adds while the image comes into focus; one gradient a step."
    family = Family.PATH
    doi = "10.1109/CVPR42600.2020.00970"
    Params = BlurIgParams
    needs = frozenset({Need.GRADIENTS})

    def meaning(self, params: BlurIgParams) -> Meaning:
        """Share of the score."""
        return PATH_SHARE

    def cost(self, params: BlurIgParams, facts: NetworkFacts) -> Cost:
        """One gradient a step; PAIR's rule does not learn the scores of the ends from them."""
        return Cost(forwards=2 if params.rule == "pair" else 0, gradients=params.steps)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: BlurIgParams, run: Run
    ) -> AttributionMap:
        """The map of one input."""
        x, target = method_input.x, method_input.target
        if params.rule == "trapezoid":
            return path_map(*_by_trapezoid(network, x, target, params, run))
        attribution, rise = _by_pairs_rule(network, x, target, params, run), None
        if not method_input.is_noisy_copy:
            widest = blurred(x, params.max_sigma, params.border).astype(np.float32)
            ends = network.values(np.stack([widest, x]), target, run)
            rise = float(ends[1]) - float(ends[0])
        return path_map(attribution, rise)


def sigmas_of(params: BlurIgParams, count: int) -> Array:
    """(count,) standard deviations in pixels, from 0 to the widest blur."""
    shares = np.linspace(0.0, 1.0, count)
    return params.max_sigma * (shares if params.spacing == "linear" else shares**2)


def _by_trapezoid(
    network: Network, x: Array, target: Target, params: BlurIgParams, run: Run
) -> tuple[Array, float]:
    """Attribution and rise: each pair of neighbouring blurs shares both their gradients."""
    total = np.zeros(x.shape)
    ends: list[float] = []
    previous: tuple[Array, Array] | None = None
    sigmas = sigmas_of(params, params.steps)
    run.progress(0, params.steps)
    for part in batches_of(network, params.steps):
        blurs = np.stack([blurred(x, s, params.border) for s in sigmas[part]])
        scores, gradients = network.gradients(blurs.astype(np.float32), target, run)
        ends += [float(scores[0]), float(scores[-1])]
        for point in zip(blurs, gradients.astype(np.float64), strict=True):
            if previous is not None:
                total += (previous[0] - point[0]) * (previous[1] + point[1]) / 2
            previous = point
        run.progress(part.stop, params.steps)
    return total, ends[0] - ends[-1]


def _by_pairs_rule(network: Network, x: Array, target: Target, params: BlurIgParams, run: Run) -> Array:
    """The attribution by the left rule; each step has its own width, whatever the batch."""
    total = np.zeros(x.shape)
    sigmas = sigmas_of(params, params.steps + 1)
    run.progress(0, params.steps)
    for part in batches_of(network, params.steps):
        blurs = np.stack([blurred(x, s, params.border) for s in sigmas[part]])
        wider = np.stack([blurred(x, s + PAIRS_STEP, params.border) for s in sigmas[part]])
        gradients = network.gradients(blurs.astype(np.float32), target, run)[1].astype(np.float64)
        widths = np.diff(sigmas[part.start : part.stop + 1]) / PAIRS_STEP
        total -= np.tensordot(widths, (wider - blurs) * gradients, axes=1)
        run.progress(part.stop, params.steps)
    return total
