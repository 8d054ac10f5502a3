"""Expected Gradients (Erion et al. 2021, doi 10.1038/s42256-021-00343-w)."""

from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.batches import batches_of
from core.methods.contract import Family
from core.methods.gradient.gradient import over_channels
from core.methods.meaning import PATH_SHARE, Meaning
from core.methods.path.integrated_gradients import completeness
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


class ExpectedGradientsParams(Parameters):
    """Parameters of Expected Gradients."""

    samples: int = Field(
        64, ge=1, le=4096, description="points, each between the image and a background image"
    )


@final
class ExpectedGradients:
    """Integrated Gradients averaged over typical images as baselines, from random points on all paths.

    Every background image is met equally often (up to one), and the points are spread evenly over the
    path: the same expectation as independent draws, with less noise. The map sums to the target at the
    image minus its mean over the background, up to `completeness_error`.
    """

    name: ClassVar[str] = "expected_gradients"
    title: ClassVar[str] = "Expected Gradients"
    summary: ClassVar[str] = (
        "What each pixel adds to the score against typical images; one gradient a sample."
    )
    family: ClassVar[Family] = Family.PATH
    doi: ClassVar[str] = "10.1038/s42256-021-00343-w"
    Params: ClassVar[type[ExpectedGradientsParams]] = ExpectedGradientsParams

    def meaning(self, params: ExpectedGradientsParams) -> Meaning:
        return PATH_SHARE

    def applies(self, network: Network) -> None:
        network.background()

    def cost(self, params: ExpectedGradientsParams, network: Network) -> Cost:
        return Cost(forwards=1 + len(network.background()), gradients=params.samples)

    def run(
        self, network: Network, x: Array, target: Target, params: ExpectedGradientsParams, run: Run
    ) -> AttributionMap:
        background = network.background()
        scores = network.values(np.concatenate([x[None], background]), target, run)
        rise = float(scores[0]) - float(scores[1:].mean())
        which, alphas = _draws(params.samples, len(background), run.generator)
        total = np.zeros(x.shape)
        run.progress(0, params.samples)
        for part in batches_of(network, params.samples):
            distance = x - background[which[part]]
            points = background[which[part]] + alphas[part, None, None, None].astype(np.float32) * distance
            gradients = network.gradients(points, target, run)[1]
            total += (distance * gradients.astype(np.float64)).sum(axis=0)
            run.progress(part.stop, params.samples)
            if part.stop < params.samples:
                run.partial(self._map(total / part.stop, rise))
        return self._map(total / params.samples, rise, {"background_images": str(len(background))})

    def _map(self, values: Array, rise: float, choices: dict[str, str] | None = None) -> AttributionMap:
        return AttributionMap(
            over_channels(values, "sum"),
            signed=True,
            cells=values.shape[:2],
            diagnostics=completeness(values, rise),
            choices=choices or {},
        )


def _draws(samples: int, count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """For each sample a background image's index and a place on its path, neither tied to the other."""
    rounds = -(-samples // count)
    which = generator.permutation(np.tile(generator.permutation(count), rounds)[:samples])
    alphas = (generator.permutation(samples) + generator.random(samples)) / samples
    return which, alphas
