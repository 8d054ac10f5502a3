"""DeepLIFT with the rescale rule (Shrikumar et al. 2017, arXiv 1704.02685)."""

from typing import final

import numpy as np

from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.baselines import BaselineParams, baselines_of, count_of
from core.methods.path.completeness import path_map
from core.methods.relevance.differences import RESCALE, mean_differences
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run


class DeepLiftParams(BaselineParams):
    """Parameters of DeepLIFT."""


@final
class DeepLift(OneByOneMethod):
    """What each pixel adds to the score against a baseline, by quotients of differences in every layer.

    The map sums to the score at the image less that at the baseline; `completeness_error` is rounding. With
    several baselines the map is the mean of theirs. Colour channels are added up.
    """

    name = "deep_lift"
    title = "DeepLIFT"
    summary = "What each pixel adds to the score against a baseline; about two gradients a baseline."
    family = Family.RELEVANCE
    doi = "arXiv:1704.02685"
    Params = DeepLiftParams
    needs = frozenset({Need.GRADIENTS, Need.RELEVANCE})

    def meaning(self, params: DeepLiftParams) -> Meaning:
        """Share of the score."""
        return PATH_SHARE

    def cost(self, params: DeepLiftParams, facts: NetworkFacts) -> Cost:
        """One pass a baseline."""
        return Cost(gradients=RESCALE.gradients).times(count_of(params))

    def explain_input(
        self, network: Network, method_input: MethodInput, params: DeepLiftParams, run: Run
    ) -> AttributionMap:
        """The map of one input, the mean over its baselines."""
        starts = baselines_of(method_input.baseline_source, params, method_input.generator)
        attribution, rise = mean_differences(network, method_input, np.asarray(starts), run)
        return path_map(attribution, None if method_input.is_noisy_copy else rise)
