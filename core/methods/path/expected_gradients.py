"""Expected Gradients (Erion et al. 2021, doi 10.1038/s42256-021-00343-w)."""

from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array
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


class ExpectedGradientsParams(Parameters):
    """Parameters of Expected Gradients."""

    samples: int = Field(
        64, ge=1, le=4096, description="points, each between the image and a background image"
    )


@final
class ExpectedGradients(OneByOneMethod):
    """Integrated Gradients averaged over typical images as baselines, from random points on all paths.

    Every background image is met equally often (up to one), and the points are spread evenly over the
    path: the same expectation as independent draws, with less noise. The map sums to the target at the
    image minus its mean over the background, up to `completeness_error`.
    """

    name = "expected_gradients"
    title = "Expected Gradients"
    summary = "What each pixel adds to the score against typical images; one gradient a sample."
    family = Family.PATH
    doi = "10.1038/s42256-021-00343-w"
    Params = ExpectedGradientsParams
    needs = frozenset({Need.GRADIENTS, Need.BACKGROUND})
    draws = "samples"

    def meaning(self, params: ExpectedGradientsParams) -> Meaning:
        """Share of the score."""
        return PATH_SHARE

    def cost(self, params: ExpectedGradientsParams, facts: NetworkFacts) -> Cost:
        """One gradient a sample; the scores of image and background are for the diagnostics."""
        return Cost(forwards=1 + facts.background_count, gradients=params.samples)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: ExpectedGradientsParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises NotApplicable without background images."""
        count = len(network.background())
        draws = PathDraws(*_draws(params.samples, count, method_input.generator))
        return map_of_draws(network, method_input, draws, run)


def _draws(samples: int, count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """(samples,) indices of background images and (samples,) places on their paths, drawn independently."""
    rounds = -(-samples // count)
    indices = generator.permutation(np.tile(generator.permutation(count), rounds)[:samples])
    alphas = (generator.permutation(samples) + generator.random(samples)) / samples
    return indices, alphas
