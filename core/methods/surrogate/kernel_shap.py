"""KernelSHAP over segments (Lundberg and Lee 2017, arXiv 1705.07874)."""

from dataclasses import dataclass, replace
from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadMap, BadParameter
from core.methods.contract import Family, OneByOneMethod
from core.methods.meaning import SCORE_CHANGE, Meaning
from core.methods.surrogate.coalitions import SegmentedImage, all_coalitions, blocks_of
from core.methods.surrogate.segmentation import SegmentParams
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run
from core.number_text import significant

# The standard error is that of the values without each of so many parts of the coalitions (jackknife).
PARTS = 20
# Of the largest value: with a standard error above it, twice the error exceeds half of what the map shows.
LARGE_ERROR = 0.25


class KernelShapParams(SegmentParams):
    """Parameters of KernelSHAP."""

    masks: int = Field(
        1000,
        ge=8,
        le=100_000,
        description="random coalitions of segments, in pairs of one and its opposite; one forward pass each",
    )
    exact: int = Field(
        12,
        ge=0,
        le=16,
        description="up to so many segments all coalitions are computed, 2 to the power of their number",
    )


@dataclass(frozen=True, slots=True)
class ShapleyValues:
    """Shapley values (segments,). standard_error: of each, (segments,); 0 where they are exact."""

    values: Array
    standard_error: Array


@final
class KernelShap(OneByOneMethod):
    """The Shapley value of each segment: its mean effect on the score over all orders of appearance.

    Shapley values solve a weighted least-squares problem over coalitions, with the scores of none and of all
    segments as constraints, so that the values sum to the difference of those scores exactly. With few
    segments all coalitions enter. With more, coalitions are drawn by their weight, each with its opposite;
    the standard error is then stated; where the largest one is above a quarter of the largest value, the map
    has a caution.
    """

    name = "kernel_shap"
    title = "KernelSHAP"
    summary = "Each segment's fair share of the score (Shapley value), with its error; slow."
    family = Family.SURROGATE
    doi = "arXiv:1705.07874"
    Params = KernelShapParams

    def meaning(self, params: KernelShapParams) -> Meaning:
        """Share of the score of the whole segment."""
        return replace(SCORE_CHANGE, unit="share of the score, of the whole segment")

    def cost(self, params: KernelShapParams, facts: NetworkFacts) -> Cost:
        """One forward pass a coalition; how many segments there are is known only with the image."""
        sampled = 2 + 2 * (params.masks // 2)
        if params.segments > params.exact:
            return Cost(forwards=sampled, at_most=params.segmentation != "grid")
        return Cost(forwards=max(2**params.segments, sampled), at_most=True)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: KernelShapParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadParameter for too few coalitions, and as `segment_labels` does."""
        image = SegmentedImage.of(method_input, params)
        if image.count <= params.exact:
            scores = image.scores(network, all_coalitions(image.count), method_input.target, run)
            return _map(image, exact_values(_finite(scores)), scores[-1] - scores[0])
        if params.masks < 2 * image.count:
            raise BadParameter(
                f"kernel_shap.masks cannot be {params.masks}: {image.count} segments need at least "
                f"{2 * image.count} coalitions.",
                "Choose more coalitions, or fewer segments.",
                "masks",
            )
        ends = np.repeat([[False], [True]], image.count, axis=1)
        pairs = coalition_pairs(image.count, params.masks // 2, method_input.generator)
        coalitions = np.concatenate([ends, pairs])

        def show(scores: Array, count: int) -> None:
            if count >= 2 + 2 * image.count:
                count -= count % 2
                values = solved(coalitions[2:count], scores[2:count], scores[0], scores[1])
                run.partial(_map(image, ShapleyValues(values, 0 * values), scores[1] - scores[0]))

        scores = _finite(image.scores(network, coalitions, method_input.target, run, show))
        estimate = sampled_values(pairs, scores[2:], scores[0], scores[1])
        return _map(image, estimate, scores[1] - scores[0])


def exact_values(scores: Array) -> ShapleyValues:
    """Shapley values from the scores (n,), n = 2^segments, of `all_coalitions`.

    phi_i = sum over coalitions S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S)); Shapley 1953.
    """
    count = int(np.log2(len(scores)))
    sizes = all_coalitions(count).sum(axis=1)
    factorials = np.cumprod([1.0, *range(1, count + 1)])
    values = np.zeros(count)
    numbers = np.arange(2**count)
    for segment in range(count):
        without = numbers[(numbers >> segment & 1) == 0]
        shares = factorials[sizes[without]] * factorials[count - sizes[without] - 1] / factorials[count]
        values[segment] = shares @ (scores[without | 1 << segment] - scores[without])
    return ShapleyValues(values, np.zeros(count))


def coalition_pairs(count: int, pairs: int, generator: np.random.Generator) -> Array:
    """(2 * pairs, count) bool: coalitions drawn by the Shapley kernel, each followed by its opposite.

    A size k is drawn in proportion to 1 / (k (count - k)), which is the kernel's weight of all coalitions of
    that size; neither end is drawn.
    """
    sizes = np.arange(1, count)
    shares = 1.0 / (sizes * (count - sizes))
    drawn = generator.choice(sizes, size=pairs, p=shares / shares.sum())
    coalitions = np.zeros((pairs, 2, count), bool)
    for block in blocks_of(pairs, count):
        order = generator.random((block.stop - block.start, count)).argsort(axis=1)
        np.put_along_axis(coalitions[block, 0], order, np.arange(count) < drawn[block, None], axis=1)
    np.logical_not(coalitions[:, 0], out=coalitions[:, 1])
    return coalitions.reshape(2 * pairs, count)


def sampled_values(pairs: Array, scores: Array, none: float, all_: float) -> ShapleyValues:
    """Shapley values from drawn coalitions (n, segments) and their scores (n,), with errors.

    none, all_: the scores of no and of every segment. Pairs stay together in the parts that are left out.
    """
    numbers = np.arange(len(pairs)) // 2 % PARTS
    parts = [_products(pairs[numbers == part], scores[numbers == part], none, all_) for part in range(PARTS)]
    whole = np.sum(parts, axis=0)
    shortened = np.stack([_solution(whole - part, all_ - none) for part in parts])
    spread = ((shortened - shortened.mean(axis=0)) ** 2).sum(axis=0)
    return ShapleyValues(_solution(whole, all_ - none), np.sqrt((PARTS - 1) / PARTS * spread))


def solved(coalitions: Array, scores: Array, none: float, all_: float) -> Array:
    """(segments,) least squares of scores (n,) on coalitions (n, segments), whose sum is all_ - none.

    The last segment's value is the rest, so that the constraint holds whatever the fit.
    """
    return _solution(_products(coalitions, scores, none, all_), all_ - none)


def _products(coalitions: Array, scores: Array, none: float, all_: float) -> Array:
    """(segments - 1, segments) the normal equations of `solved`: products of columns, then right sides."""
    count = coalitions.shape[1]
    total = np.zeros((count - 1, count))
    for block in blocks_of(len(coalitions), count):
        present = coalitions[block].astype(np.float64)
        others = present[:, :-1] - present[:, -1:]
        left = scores[block] - none - present[:, -1] * (all_ - none)
        total[:, :-1] += others.T @ others
        total[:, -1] += others.T @ left
    return total


def _solution(products: Array, rise: float) -> Array:
    first = np.linalg.lstsq(products[:, :-1], products[:, -1], rcond=None)[0]
    return np.append(first, rise - first.sum())


def _finite(scores: Array) -> Array:
    if not np.isfinite(scores).all():
        raise BadMap(
            "The network answers an image without some of its segments with a score that is not a finite "
            "number.",
            "Choose another fill.",
        )
    return scores


def _map(image: SegmentedImage, shapley: ShapleyValues, rise: float) -> AttributionMap:
    values = image.map(shapley.values)
    return AttributionMap(
        values,
        signed=True,
        cells=values.shape,
        diagnostics={
            "segment_sum": float(shapley.values.sum()),
            "rise": float(rise),
            "standard_error": float(shapley.standard_error.max()),
        },
        choices={"segments": str(image.count)},
        caution=_caution(shapley),
    )


def _caution(shapley: ShapleyValues) -> str:
    error, largest = float(shapley.standard_error.max()), float(np.abs(shapley.values).max())
    if error <= LARGE_ERROR * largest:
        return ""
    return (
        f"Uncertain: the standard error of a segment is up to {significant(error)}, the largest value "
        f"{significant(largest)}. Take more masks or fewer segments."
    )
