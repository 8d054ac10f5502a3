"""Pixels removed or restored in the order of a map, for insertion, deletion, AOPC and ROAD."""

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np

from core.arrays import Array, FloatArray
from core.checks.contract import CheckFacts, Steps
from core.checks.likeness import require_varied
from core.checks.verdict import Thresholds
from core.curves.cells import cell_means, without_detail
from core.curves.measurement import predictions
from core.curves.protocol import Frame
from core.errors import CurveUndefined
from core.images.boxes import box_numbers
from core.network.network import Network
from core.network.run import Run

Fill = Literal["blur", "mean", "noise"]
FILL_WORDS = (
    "what replaces a removed pixel: the image under a Gaussian of a tenth of its shorter side, its mean, "
    "or uniform noise between its lowest and highest value"
)

# Of the gap in probability between removing highest and lowest first, which is 0 in expectation for a map
# without information. A positive gap below the first bound is within the scatter of random maps: their
# standard deviation on the sample slices, with EfficientNetB0, is up to 0.08 for AOPC and 0.1 for ROAD.
AOPC_GAP = Thresholds("gap in mean probability", yes=0.15, no=0.0, between="undecided")
ROAD_GAP = Thresholds("gap in mean probability", yes=0.2, no=0.0, between="undecided")


def require_removable(facts: CheckFacts) -> None:
    """Raises NotApplicable for a constant map, CurveUndefined for a constant image."""
    require_varied(facts.map)
    if facts.is_image_constant:
        raise CurveUndefined(
            "The image is constant, so that nothing can be removed from it.", "Choose another image."
        )


def fill_image(x: FloatArray, fill: Fill, generator: np.random.Generator) -> FloatArray:
    """(*grid, channels) what replaces the pixels of input x; each channel by itself."""
    if fill == "blur":
        return without_detail(x)
    axes = tuple(range(x.ndim - 1))
    if fill == "mean":
        mean: FloatArray = np.broadcast_to(x.mean(axis=axes, dtype=np.float64), x.shape).astype(np.float32)
        return mean
    low, high = x.min(axis=axes), x.max(axis=axes)
    return generator.uniform(low, high, x.shape).astype(np.float32)


def pixel_places(values: Array, generator: np.random.Generator) -> Array:
    """(*grid,) place of each pixel of a map, 0 for the highest; equal values by a permutation."""
    flat = values.ravel()
    places = np.empty(flat.size, dtype=np.int64)
    places[np.lexsort((generator.permutation(flat.size), -flat))] = np.arange(flat.size)
    return places.reshape(values.shape)


def square_places(values: Array, side: int, generator: np.random.Generator) -> Array:
    """The same (*grid,) for squares or cubes of `side` pixels, ranked by their mean, filled row by row.

    Those at the far edges are cut where the map ends.
    """
    squares = box_numbers([np.arange(size) // side for size in values.shape])
    of_squares = pixel_places(cell_means(values, squares)[None], generator)[0]
    places = np.empty(values.size, dtype=np.int64)
    places[np.argsort(of_squares[squares].ravel(), kind="stable")] = np.arange(values.size)
    return places.reshape(values.shape)


def tied_pixels(values: Array) -> int:
    """How many pixels of a map (*grid,) share their value: only the permutation orders them."""
    _, counts = np.unique(values, return_counts=True)
    return int(counts[counts > 1].sum())


def pixel_counts(steps: int, most: float, size: int) -> list[int]:
    """Whole numbers of pixels after 0, 1, ... `steps` equal steps up to the share `most` of `size`."""
    return [round(most * size * step / steps) for step in range(steps + 1)]


def replaced(x: FloatArray, other: FloatArray, places: Array, counts: Iterable[int]) -> Iterator[Frame]:
    """For each count, input x (*grid, channels) with that many pixels taken from `other`.

    places: (*grid,) the order in which pixels are taken.
    """
    for count in counts:
        first = (places < count)[..., None]
        yield Frame(np.where(first, other, x), count / places.size, count)


def class_probabilities(
    network: Network, frames: Iterable[Frame], total: int, target_class: int, run: Run
) -> Array:
    """(total,) the probability of the class on each frame, in as few calls as the batch size allows.

    Raises CurveUndefined if a probability is not a number, Cancelled.
    """
    run.progress(0, total)
    probabilities = [each[target_class] for _, each in predictions(network, frames, total, run)]
    return np.array(probabilities, dtype=np.float64)


def mean_height(shares: Array, heights: Array) -> float:
    """Area under heights (n,) over shares (n,) by the trapezoidal rule, divided by the width.

    More steps refine it and do not change what it measures.
    """
    return float(np.trapezoid(heights, shares) / (shares[-1] - shares[0]))


def rows_of(**series: Array) -> Steps:
    """The steps of a finding from equally long series (n,)."""
    names = list(series)
    return tuple(dict(zip(names, map(float, row), strict=True)) for row in zip(*series.values(), strict=True))


def both_orders(scores: Array) -> tuple[Array, Array]:
    """(n,) scores from the whole image on, highest pixels first and lowest first, out of (2 n - 1,)."""
    count = (scores.size + 1) // 2
    return scores[:count], np.concatenate((scores[:1], scores[count:]))
