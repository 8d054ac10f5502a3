"""XRAI (Kapishnikov et al. 2019, doi 10.1109/ICCV.2019.00505)."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar, final

import numpy as np
from pydantic import Field, create_model

from core.arrays import Array
from core.errors import NotApplicable
from core.methods.contract import Family, Method, OneByOneMethod
from core.methods.meaning import Meaning, Sign
from core.methods.region.regions import RankedRegions, fast_regions, full_regions, top_share
from core.methods.region.segments import segment_masks
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters, checked_parameters
from core.network.run import Run

FAST_XRAI_PERCENT = 30
# Gradients of these networks jump between neighbouring points, so an even spread beats Gauss-Legendre:
# 40 points give segment means as exact as PAIR's 100 (1.1 % from those of 200; Gauss-Legendre 1.3 %).
RULE = "trapezoid"
DEFAULT_BASE = "integrated_gradients"
Ranking = Callable[[Array, list[Array], int], RankedRegions]


class RegionParams(Parameters):
    """Parameters of all region methods."""

    # Each method narrows this to the names of the methods that can rank regions.
    base: str = Field(
        DEFAULT_BASE,
        description="the map whose mean ranks the regions: Integrated Gradients averaged over a black and "
        "a white baseline, or another method with its defaults",
    )
    steps: int = Field(
        40, ge=2, le=4096, description="points of Integrated Gradients for each of the two baselines"
    )
    dilation: int = Field(
        5,
        ge=0,
        le=64,
        description="input pixels by which each segment grows on all sides",
        json_schema_extra={"unit": "px"},
    )
    min_pixels: int = Field(
        50,
        ge=1,
        le=100_000,
        description="input pixels that a region must add",
        json_schema_extra={"unit": "px"},
    )


class XraiParams(RegionParams):
    """Parameters of XRAI."""

    algorithm: Literal["full", "fast"] = Field(
        "full", description="rank again after each region, or once over whole segments"
    )
    keep: float = Field(
        100,
        gt=0,
        le=100,
        description="percent of the image to keep: its highest regions; the rest becomes 0",
        json_schema_extra={"unit": "%"},
    )


RegionParamsType = TypeVar("RegionParamsType", bound=RegionParams)


class RegionMethod(OneByOneMethod):
    """XRAI with its choice of algorithm and of how much of the image is kept."""

    family = Family.REGION
    doi = "10.1109/ICCV.2019.00505"
    can_rank_regions = False

    def __init__(self, methods: Sequence[Method]) -> None:
        """methods: those on which it may be built are the ones that can rank regions."""
        self._bases = {method.name: method for method in methods if method.can_rank_regions}

    @abstractmethod
    def ranking(self, params: Any) -> Ranking:
        """How the regions are put in order."""

    @abstractmethod
    def kept_percent(self, params: Any) -> float:
        """How much of the image keeps its value; the rest becomes 0."""

    @final
    def meaning(self, params: Any) -> Meaning:
        """That of the base, whose means the map shows; if only a part is kept, negative values are gone."""
        base, base_params = self._base(params)
        meaning = base.meaning(base_params)
        if meaning.sign is Sign.BOTH and self.kept_percent(params) < 100:
            return meaning.with_sign(Sign.SUPPORT)
        return meaning

    @final
    def cost(self, params: Any, facts: NetworkFacts) -> Cost:
        """That of the base. Nothing where it does not apply: nothing will be computed, and `run` says why."""
        base, base_params = self._base(params)
        try:
            base.applies(facts)
        except NotApplicable:
            return Cost()
        return base.cost(base_params, facts)

    @final
    def explain_input(
        self, network: Network, method_input: MethodInput, params: Any, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what `segment_masks` and the base raise."""
        x = method_input.x
        # Segments first: they fail at once where an image has none, and cost little beside the gradients.
        masks = run.once(("segments", params.dilation), lambda: segment_masks(x, params.dilation))
        base, base_params = self._base(params)
        base.applies(network.facts)
        cost = base.cost(base_params, network.facts)
        total = max(cost.gradients, cost.forwards)
        base_map = base.run(network, [method_input], base_params, run.part(0, total))[0]
        run.progress(total, total)  # a base that another method of the run made reports nothing
        effect = base_map.effect
        if effect is None:
            effect = base.meaning(base_params).effect(np.abs(base_map.values), float(np.ptp(x)))
        regions = self.ranking(params)(base_map.values, masks, params.min_pixels)
        return replace(_map(regions, base_map, len(masks), self.kept_percent(params)), effect=effect)

    def _params_with_bases(self, params: type[RegionParamsType]) -> type[RegionParamsType]:
        """`params` whose `base` is one of the methods that can rank regions."""
        names: Any = Literal[tuple(self._bases)]
        field = params.model_fields["base"]
        base: Any = (names, Field(field.default, description=field.description))
        return create_model(
            params.__name__, __base__=params, __module__=params.__module__, __doc__=params.__doc__, base=base
        )

    def _base(self, params: RegionParams) -> tuple[Method, Parameters]:
        """The method whose map ranks the regions, and its parameters."""
        base = self._bases[params.base]
        if params.base != DEFAULT_BASE:
            return base, base.Params()
        values = {"steps": params.steps, "baseline": "black_and_white", "rule": RULE}
        return base, checked_parameters(base, values)


@final
class Xrai(RegionMethod):
    """Regions of the image in the order of the mean of a base attribution over their pixels.

    Six segmentations, each segment grown by a disc, compete; the one that adds the highest mean of
    the base is taken, its new pixels get that mean, and so on. Colour channels of the base are
    summed (PAIR takes their maximum, by which evidence for and against adds up to evidence for).
    With everything kept, the map sums to what its base sums to. Volumes are cut into supervoxels of six
    sizes by SLIC, which grow by a ball.
    """

    name = "xrai"
    title = "XRAI"
    summary = "Whole regions in the order of what they add to the score; some eighty gradients."

    def __init__(self, methods: Sequence[Method]) -> None:
        """methods: see `RegionMethod`."""
        super().__init__(methods)
        self.Params = self._params_with_bases(XraiParams)

    def ranking(self, params: XraiParams) -> Ranking:
        """By the parameter `algorithm`."""
        return full_regions if params.algorithm == "full" else fast_regions

    def kept_percent(self, params: XraiParams) -> float:
        """The parameter `keep`."""
        return params.keep


@final
class FastXrai30(RegionMethod):
    """The top 30 % of XRAI's full map, everything else and all evidence against set to 0.

    This is what papers show as "Fast XRAI 30 %". It is not PAIR's algorithm `fast`, which ranks
    all segments once (parameter `algorithm` of XRAI). Regions at the edge of the 30 % stay whole.
    """

    name = "fast_xrai_30"
    title = "Fast XRAI 30 %"
    summary = "The 30 % of the image that XRAI ranks highest; some eighty gradients."

    def __init__(self, methods: Sequence[Method]) -> None:
        """methods: see `RegionMethod`."""
        super().__init__(methods)
        self.Params = self._params_with_bases(RegionParams)

    def ranking(self, params: RegionParams) -> Ranking:
        """The full one."""
        return full_regions

    def kept_percent(self, params: RegionParams) -> float:
        """30."""
        return FAST_XRAI_PERCENT


def _map(regions: RankedRegions, base_map: AttributionMap, segments: int, percent: float) -> AttributionMap:
    """The map of ranked regions of which only the top `percent` of the image keep their value."""
    values = regions.values
    kept_pixels = np.ones(values.shape, bool)
    diagnostics = dict(base_map.diagnostics)
    if percent < 100:
        kept_pixels = top_share(values, percent)
        values = np.where(kept_pixels, np.maximum(values, 0.0), 0.0)
        # A part of the map does not add up to the rise; the base's error is not its error.
        diagnostics.pop("completeness_error", None)
    diagnostics |= {
        "regions": float(len(regions.parts)),
        "segments": float(segments),
        "kept_percent": float(100 * kept_pixels.mean()),
        "base_sum": float(base_map.values.sum(dtype=np.float64)),
        "sum": float(values.sum()),
    }
    choices = {f"base_{name}": choice for name, choice in base_map.choices.items()}
    signed = base_map.signed and percent >= 100
    return AttributionMap(values.astype(np.float32), signed, values.shape, diagnostics, choices)
