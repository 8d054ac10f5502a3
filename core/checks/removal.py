"""Taking pixels away or giving them back in the order of a map, for insertion, deletion, AOPC and ROAD."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Array, FloatArray
from core.checks.contract import CheckInput, Finding
from core.checks.likeness import require_varied
from core.curves.cells import cell_means, without_detail
from core.curves.measurement import predictions
from core.curves.protocol import Frame
from core.errors import CurveUndefined
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run

Fill = Literal["blur", "mean", "noise"]
FILL_WORDS = (
    "what stands for a missing pixel: the image under a Gaussian of a tenth of its shorter side, its mean, "
    "or uniform noise between its lowest and highest value"
)


def require_removable(subject: CheckInput) -> None:
    """Raises NotApplicable for a map that ranks nothing, CurveUndefined for an image that shows nothing."""
    require_varied(subject.map)
    if not np.ptp(subject.x, axis=(0, 1)).any():
        raise CurveUndefined(
            "The image is constant, so that nothing can be taken from it.", "Choose another image."
        )


def filled(x: FloatArray, fill: Fill, generator: np.random.Generator) -> FloatArray:
    """(height, width, channels) the input x without any of its own pixels; each channel by itself."""
    if fill == "blur":
        return without_detail(x)
    if fill == "mean":
        mean: FloatArray = np.broadcast_to(x.mean(axis=(0, 1), dtype=np.float64), x.shape).astype(np.float32)
        return mean
    low, high = x.min(axis=(0, 1)), x.max(axis=(0, 1))
    return generator.uniform(low, high, x.shape).astype(np.float32)


def pixel_places(values: Array, generator: np.random.Generator) -> Array:
    """(height, width) place of each pixel of a map, 0 for the highest; equal values by a permutation."""
    flat = values.ravel()
    places = np.empty(flat.size, dtype=np.int64)
    places[np.lexsort((generator.permutation(flat.size), -flat))] = np.arange(flat.size)
    return places.reshape(values.shape)


def square_places(values: Array, side: int, generator: np.random.Generator) -> Array:
    """The same (height, width) for squares of `side` pixels, ranked by their mean, filled row by row.

    The squares at the far edges are cut where the map ends.
    """
    rows, columns = (np.arange(size) // side for size in values.shape)
    squares = rows[:, None] * (columns[-1] + 1) + columns[None, :]
    of_squares = pixel_places(cell_means(values, squares)[None], generator)[0]
    places = np.empty(values.size, dtype=np.int64)
    places[np.argsort(of_squares[squares].ravel(), kind="stable")] = np.arange(values.size)
    return places.reshape(values.shape)


def tied_pixels(values: Array) -> int:
    """How many pixels share their value with another, so that only the permutation orders them."""
    _, counts = np.unique(values, return_counts=True)
    return int(counts[counts > 1].sum())


def counts_of(steps: int, most: float, size: int) -> list[int]:
    """Whole numbers of pixels after 0, 1, ... `steps` equal steps up to the share `most` of `size`."""
    return [round(most * size * step / steps) for step in range(steps + 1)]


def replaced(x: FloatArray, other: FloatArray, places: Array, counts: Iterable[int]) -> Iterator[Frame]:
    """For each count, input x with that many pixels, the first by `places`, taken from `other`."""
    for count in counts:
        first = (places < count)[..., None]
        yield Frame(np.where(first, other, x), count / places.size, count)


def class_probabilities(
    network: Network, frames: Iterable[Frame], total: int, target_class: int, run: Run
) -> Array:
    """(total,) the probability of the class on each frame, in as few calls as the batch allows.

    Raises CurveUndefined if a probability is not a number, Cancelled.
    """
    run.progress(0, total)
    found = [answer[target_class] for _, answer in predictions(network, frames, total, run)]
    return np.array(found, dtype=np.float64)


def mean_height(shares: Array, heights: Array) -> float:
    """Area by the trapezium rule over the width (n,), so that more steps refine it and do not change it."""
    return float(np.trapezoid(heights, shares) / (shares[-1] - shares[0]))


def rows_of(**series: Array) -> tuple[dict[str, float | str], ...]:
    """The steps of a finding from equally long series (n,)."""
    names = list(series)
    return tuple(dict(zip(names, map(float, row), strict=True)) for row in zip(*series.values(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class PixelWalk:
    """The class's probability (n,) over shares (n,) of the pixels that went or came back, the highest first.

    coming: whether they come back, from nothing to the whole image.
    """

    shares: Array
    scores: Array
    coming: bool
    tied_pixels: int

    @property
    def area(self) -> float:
        return mean_height(self.shares, self.scores)

    @property
    def whole(self) -> float:
        return float(self.scores[-1 if self.coming else 0])

    @property
    def nothing(self) -> float:
        return float(self.scores[0 if self.coming else -1])

    def finding(self, metric: str, sentence: str, params: Parameters) -> Finding:
        return Finding(
            metric=metric,
            values={
                "area": self.area,
                "nothing": self.nothing,
                "whole": self.whole,
                "tied_pixels": float(self.tied_pixels),
            },
            sentence=sentence,
            parameters=params.model_dump(mode="json"),
            steps=rows_of(share=self.shares, probability=self.scores),
        )


def pixel_walk(subject: CheckInput, fill: Fill, steps: int, coming: bool, run: Run) -> PixelWalk:
    """From the whole image to its fill in `steps` equal steps, or the way back; the map's highest first.

    Raises what `require_removable` and `class_probabilities` raise.
    """
    require_removable(subject)
    values, x = subject.map.values, subject.x
    places = pixel_places(values, run.generator)
    counts = counts_of(steps, 1.0, values.size)
    empty = filled(x, fill, run.generator)
    frames = replaced(empty, x, places, counts) if coming else replaced(x, empty, places, counts)
    scores = class_probabilities(subject.network, frames, len(counts), subject.target.index, run)
    return PixelWalk(np.array(counts) / values.size, scores, coming, tied_pixels(values))
