"""LIME (Ribeiro et al. 2016, doi 10.1145/2939672.2939778)."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadMap
from core.methods.contract import Family, OneByOneMethod
from core.methods.meaning import SCORE_CHANGE, Meaning
from core.methods.surrogate.coalitions import SegmentedImage, blocks_of
from core.methods.surrogate.segmentation import SegmentParams
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run
from core.number_text import fixed, percent

# Below them single weights say little: half of the score's variation, and the agreement from which on two
# maps can be read as the same.
LOW_FIT, LOW_STABILITY = 0.5, 0.9


class LimeParams(SegmentParams):
    """Parameters of LIME."""

    masks: int = Field(
        1000, ge=8, le=100_000, description="random selections of segments; one forward pass each"
    )
    kernel_width: float = Field(
        0.25,
        gt=0,
        le=100,
        description="how quickly a selection counts less the more segments are absent, as cosine distance",
    )
    penalty: float = Field(1.0, ge=0, le=1e6, description="ridge penalty on the squared weights")


@dataclass(frozen=True, slots=True)
class LinearFit:
    """A weighted linear fit. weights: (segments,). explained: its R squared, 1 for an exact fit."""

    weights: Array
    intercept: float
    explained: float


@final
class Lime(OneByOneMethod):
    """The weights of a linear model of the score over segments that are present or absent.

    Selections are drawn with each segment present with probability 1/2, the first one whole; they count by
    the kernel of LIME's authors for images, sqrt(exp(-d^2 / width^2)) with the cosine distance d to the
    whole image. `fit` is the weighted R squared. `stability` is the correlation of the weights of two fits,
    each with half of the selections: as two seeds with half as many would agree. A low
    fit or stability gives the map a caution.
    """

    name = "lime"
    title = "LIME"
    summary = "What each segment adds to the score, by a linear model around the image; slow."
    family = Family.SURROGATE
    doi = "10.1145/2939672.2939778"
    Params = LimeParams

    def meaning(self, params: LimeParams) -> Meaning:
        """Change of the score with the whole segment, in the linear model."""
        return replace(SCORE_CHANGE, unit="change of the score by the segment, linear fit")

    def cost(self, params: LimeParams, facts: NetworkFacts) -> Cost:
        """One forward pass a selection."""
        return Cost(forwards=params.masks)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: LimeParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises NotFinite or NotApplicable as `segment_labels` does."""
        image = SegmentedImage.of(method_input, params)
        coalitions = selections(params.masks, image.count, method_input.generator)

        def show(scores: Array, count: int) -> None:
            run.partial(_map(image, lime_fit(coalitions[:count], scores, params), {}))

        scores = image.scores(network, coalitions, method_input.target, run, show)
        return _map(image, lime_fit(coalitions, scores, params), _stability(coalitions, scores, params))


def selections(masks: int, count: int, generator: np.random.Generator) -> Array:
    """(masks, count) bool: each segment present with probability 1/2, but all of them in the first."""
    chosen = np.zeros((masks, count), bool)
    for block in blocks_of(masks, count):
        chosen[block] = generator.random((block.stop - block.start, count)) < 0.5
    chosen[0] = True
    return chosen


def lime_fit(coalitions: Array, scores: Array, params: LimeParams) -> LinearFit:
    """Ridge regression of scores (n,) on coalitions (n, segments) bool, weighted by LIME's kernel.

    The intercept is not penalised. Raises BadMap if a score is not finite.
    """
    if not np.isfinite(scores).all():
        raise BadMap(
            "The network answers an image without some of its segments with a score that is not a finite "
            "number.",
            "Choose another fill.",
        )
    nearness, count = kernel_weights(coalitions, params.kernel_width), coalitions.shape[1]
    # With weights that sum to 1 the penalty is divided by what they were divided by.
    penalty, nearness = params.penalty / nearness.sum(), nearness / nearness.sum()
    blocks = list(blocks_of(len(coalitions), count))
    mean_present = np.sum([nearness[block] @ coalitions[block] for block in blocks], axis=0)
    mean_score = float(nearness @ scores)
    rises = scores - mean_score
    products, sides = penalty * np.eye(count), np.zeros(count)
    for block in blocks:
        centred = coalitions[block] - mean_present
        products += centred.T @ (nearness[block, None] * centred)
        sides += centred.T @ (nearness[block] * rises[block])
    weights = np.linalg.lstsq(products, sides, rcond=None)[0]
    fitted = np.concatenate([(coalitions[block] - mean_present) @ weights for block in blocks])
    residual, spread = float(nearness @ (rises - fitted) ** 2), float(nearness @ rises**2)
    return LinearFit(weights, mean_score - float(mean_present @ weights), 1 - residual / (spread or 1.0))


def kernel_weights(coalitions: Array, width: float) -> Array:
    """(n,) sqrt(exp(-d^2 / width^2)) of coalitions (n, segments); d: cosine distance to all segments."""
    distance = 1 - np.sqrt(coalitions.mean(axis=1))
    return np.exp(-(distance**2) / (2 * width**2))


def _stability(coalitions: Array, scores: Array, params: LimeParams) -> dict[str, float]:
    """The correlation of the weights of the fits to every second selection; none for constant weights."""
    first, second = (lime_fit(coalitions[start::2], scores[start::2], params).weights for start in (0, 1))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return {}
    return {"stability": float(np.corrcoef(first, second)[0, 1])}


def _map(image: SegmentedImage, fit: LinearFit, diagnostics: dict[str, float]) -> AttributionMap:
    values = image.map(fit.weights)
    return AttributionMap(
        values,
        signed=True,
        cells=values.shape,
        diagnostics={"fit": fit.explained, "intercept": fit.intercept, **diagnostics},
        choices={"segments": str(image.count)},
        caution=_caution(fit.explained, diagnostics.get("stability", 1.0)),
    )


def _caution(fit: float, stability: float) -> str:
    reasons = []
    if fit < LOW_FIT:
        reasons.append(f"the linear model explains {percent(fit, 0)} of the score's variation")
    if stability < LOW_STABILITY:
        reasons.append(f"the weights of two halves of the selections correlate by {fixed(stability)}")
    if not reasons:
        return ""
    return f"Uncertain: {', and '.join(reasons)}. Take more masks or fewer segments."
