"""XRAI (Kapishnikov et al. 2019, doi 10.1109/ICCV.2019.00505)."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import NotApplicable
from core.methods.contract import Family, Method
from core.methods.meaning import Meaning, Sign
from core.methods.region.regions import Regions, fast_regions, full_regions, top_share
from core.methods.region.segments import segment_masks
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters, checked_parameters
from core.network.run import Run
from core.network.target import Target

FAST_XRAI_PERCENT = 30
# Gradients of these networks jump between neighbouring points, so an even spread beats Gauss-Legendre:
# 40 points give segment means as exact as PAIR's 100 (1.1 % from those of 200; Gauss-Legendre 1.3 %).
RULE = "trapezoid"


class RegionParams(Parameters):
    """Parameters of all region methods."""

    base: Literal[
        "gradient",
        "input_x_gradient",
        "smooth_grad",
        "var_grad",
        "integrated_gradients",
        "guided_ig",
        "blur_ig",
        "smooth_ig",
        "smooth_guided_ig",
        "smooth_blur_ig",
        "expected_gradients",
        "cam",
        "grad_cam",
        "grad_cam_pp",
        "score_cam",
        "layer_cam",
        "occlusion",
        "rise",
    ] = Field(
        "integrated_gradients",
        description="the map whose mean ranks the regions: Integrated Gradients averaged over a black and "
        "a white baseline, or another method with its defaults",
    )
    steps: int = Field(
        40, ge=2, le=4096, description="points of Integrated Gradients for each of the two baselines"
    )
    dilation: int = Field(5, ge=0, le=64, description="input pixels by which each segment grows on all sides")
    min_pixels: int = Field(50, ge=1, le=100_000, description="input pixels that a region must add")


class XraiParams(RegionParams):
    """Parameters of XRAI."""

    algorithm: Literal["full", "fast"] = Field(
        "full", description="rank anew after each region, or once over whole segments"
    )
    keep: float = Field(
        100, gt=0, le=100, description="percent of the image to keep: its highest regions; the rest becomes 0"
    )


@final
class Xrai:
    """Regions of the image in the order of how much of a base attribution they hold for each pixel.

    Six segmentations, each segment grown by a disc, compete; the one that adds the highest mean of
    the base is taken, its new pixels get that mean, and so on. Colour channels of the base are
    summed (PAIR takes their maximum, by which evidence for and against adds up to evidence for).
    With everything kept, the map sums to what its base sums to.
    """

    name: ClassVar[str] = "xrai"
    title: ClassVar[str] = "XRAI"
    summary: ClassVar[str] = (
        "Whole regions in the order of what they add to the score; some eighty gradients."
    )
    family: ClassVar[Family] = Family.REGION
    doi: ClassVar[str] = "10.1109/ICCV.2019.00505"
    Params: ClassVar[type[XraiParams]] = XraiParams

    def meaning(self, params: XraiParams) -> Meaning:
        return _meaning(params, params.keep)

    def applies(self, network: Network) -> None:
        """Every differentiable network will do."""

    def cost(self, params: XraiParams, network: Network) -> Cost:
        return _base_cost(params, network)

    def run(self, network: Network, x: Array, target: Target, params: XraiParams, run: Run) -> AttributionMap:
        rank = full_regions if params.algorithm == "full" else fast_regions
        return _explained(network, x, target, params, run, rank, params.keep)


@final
class FastXrai30:
    """The top 30 % of XRAI's full map, everything else and all evidence against set to 0.

    This is what papers show as "Fast XRAI 30 %". It is not PAIR's algorithm `fast`, which ranks
    all segments once (parameter `algorithm` of XRAI). Regions at the edge of the 30 % stay whole.
    """

    name: ClassVar[str] = "fast_xrai_30"
    title: ClassVar[str] = "Fast XRAI 30 %"
    summary: ClassVar[str] = "The 30 % of the image that XRAI ranks highest; some eighty gradients."
    family: ClassVar[Family] = Family.REGION
    doi: ClassVar[str] = "10.1109/ICCV.2019.00505"
    Params: ClassVar[type[RegionParams]] = RegionParams

    def meaning(self, params: RegionParams) -> Meaning:
        return _meaning(params, FAST_XRAI_PERCENT)

    def applies(self, network: Network) -> None:
        """Every differentiable network will do."""

    def cost(self, params: RegionParams, network: Network) -> Cost:
        return _base_cost(params, network)

    def run(
        self, network: Network, x: Array, target: Target, params: RegionParams, run: Run
    ) -> AttributionMap:
        return _explained(network, x, target, params, run, full_regions, FAST_XRAI_PERCENT)


def _base(params: RegionParams) -> tuple[Method, Parameters]:
    """The method whose map ranks the regions, and its parameters."""
    # Late, for XRAI stands in the list itself.
    from core.methods import method_named

    found = method_named(params.base)
    if params.base != "integrated_gradients":
        return found, found.Params()
    return found, checked_parameters(
        found, {"steps": params.steps, "baseline": "black_and_white", "rule": RULE}
    )


def _meaning(params: RegionParams, keep: float) -> Meaning:
    """That of the base, whose means the map shows; where only a part is kept, negative values are gone."""
    base, chosen = _base(params)
    found = base.meaning(chosen)
    return found.with_sign(Sign.SUPPORT) if found.sign is Sign.BOTH and keep < 100 else found


def _base_cost(params: RegionParams, network: Network) -> Cost:
    base, chosen = _base(params)
    try:
        base.applies(network)
    except NotApplicable:
        return Cost()  # nothing will be computed; `run` says why
    return base.cost(chosen, network)


def _explained(
    network: Network,
    x: Array,
    target: Target,
    params: RegionParams,
    run: Run,
    rank: Callable[[Array, list[Array], int], Regions],
    keep: float,
) -> AttributionMap:
    # Segments first: they fail at once where an image has none, and cost little beside the gradients.
    masks = run.once(("segments", params.dilation), lambda: segment_masks(x, params.dilation))
    base, chosen = _base(params)
    base.applies(network)
    cost = base.cost(chosen, network)
    total = max(cost.gradients, cost.forwards)
    attribution = base.run(network, x, target, chosen, run.part(0, total))
    run.progress(total, total)  # a base that another method of the run made reports nothing
    effect = attribution.effect
    if effect is None:
        effect = base.meaning(chosen).effect(np.abs(attribution.values), float(np.ptp(x)))
    regions = rank(attribution.values, masks, params.min_pixels)
    return replace(_map(regions, attribution, len(masks), keep), effect=effect)


def _map(regions: Regions, base: AttributionMap, segments: int, keep: float) -> AttributionMap:
    values = regions.values
    kept = np.ones(values.shape, bool)
    told = dict(base.diagnostics)
    if keep < 100:
        kept = top_share(values, keep)
        values = np.where(kept, np.maximum(values, 0.0), 0.0)
        # A part of the map does not add up to the rise; the base's error is not its error.
        told.pop("completeness_error", None)
    diagnostics = told | {
        "regions": float(len(regions.parts)),
        "segments": float(segments),
        "kept_percent": float(100 * kept.mean()),
        "base_sum": float(base.values.sum(dtype=np.float64)),
        "sum": float(values.sum()),
    }
    choices = {f"base_{name}": choice for name, choice in base.choices.items()}
    signed = base.signed and keep >= 100
    return AttributionMap(values.astype(np.float32), signed, values.shape, diagnostics, choices)
