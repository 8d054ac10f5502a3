"""DeepSHAP (Lundberg and Lee 2017, arXiv 1705.07874; Chen et al. 2022, doi 10.1038/s41467-022-31384-3)."""

from typing import final

import numpy as np
from pydantic import Field

from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.completeness import path_map
from core.methods.relevance.differences import RESCALE, mean_differences
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run


class DeepShapParams(Parameters):
    """Parameters of DeepSHAP."""

    images: int = Field(
        16, ge=1, le=1024, description="background images, spread evenly over all; all where there are fewer"
    )


@final
class DeepShap(OneByOneMethod):
    """DeepLIFT averaged over typical images as baselines.

    The map sums to the score at the image less its mean over those images; `completeness_error` is rounding.
    Colour channels are added up.
    """

    name = "deep_shap"
    title = "DeepSHAP"
    summary = "What each pixel adds to the score against typical images; about two gradients an image."
    family = Family.RELEVANCE
    doi = "arXiv:1705.07874"
    Params = DeepShapParams
    needs = frozenset({Need.GRADIENTS, Need.RELEVANCE, Need.BACKGROUND})
    draws = "background images"

    def meaning(self, params: DeepShapParams) -> Meaning:
        """Share of the score."""
        return PATH_SHARE

    def cost(self, params: DeepShapParams, facts: NetworkFacts) -> Cost:
        """One pass a background image."""
        return Cost(gradients=RESCALE.gradients).times(min(params.images, facts.background_count))

    def explain_input(
        self, network: Network, method_input: MethodInput, params: DeepShapParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises NotApplicable without background images."""
        background = network.background()
        count = min(params.images, len(background))
        chosen = background[np.linspace(0, len(background) - 1, count).round().astype(int)]
        attribution, rise = mean_differences(network, method_input, chosen, run)
        choices = {"background_images": str(count)}
        return path_map(attribution, None if method_input.is_noisy_copy else rise, choices)
