"""GradientSHAP (Lundberg and Lee 2017, arXiv 1705.07874; Erion et al. 2021)."""

from typing import final

from pydantic import Field

from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.background_paths import PathDraws, map_of_draws
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run


class GradientShapParams(Parameters):
    """Parameters of GradientSHAP."""

    samples: int = Field(
        256, ge=1, le=4096, description="random points, each between the image and a background image"
    )
    noise: float = Field(
        0.0,
        ge=0,
        le=100,
        description="standard deviation of noise on the image, in percent of its range",
        json_schema_extra={"unit": "%"},
    )


@final
class GradientShap(OneByOneMethod):
    """The mean over random background images b and places a of (x - b) times the gradient at b + a (x - b).

    The same expectation as Expected Gradients, with independent draws and optional noise on the image, as
    published libraries compute it. The map sums to the target at the image minus its mean over the
    background, up to `completeness_error`.
    """

    name = "gradient_shap"
    title = "GradientSHAP"
    summary = "What each pixel adds against typical images, by independent draws; one gradient a sample."
    family = Family.PATH
    doi = "arXiv:1705.07874"
    Params = GradientShapParams
    needs = frozenset({Need.GRADIENTS, Need.BACKGROUND})
    draws = "samples"

    def meaning(self, params: GradientShapParams) -> Meaning:
        """Share of the score."""
        return PATH_SHARE

    def cost(self, params: GradientShapParams, facts: NetworkFacts) -> Cost:
        """One gradient a sample; the scores of image and background are for the diagnostics."""
        return Cost(forwards=1 + facts.background_count, gradients=params.samples)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: GradientShapParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises NotApplicable without background images."""
        count, generator = len(network.background()), method_input.generator
        draws = PathDraws(generator.integers(0, count, params.samples), generator.random(params.samples))
        return map_of_draws(network, method_input, draws, run, params.noise)
