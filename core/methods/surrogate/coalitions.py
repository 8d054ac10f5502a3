"""Scores of an image with only some of its segments present (coalitions)."""

from collections.abc import Callable, Iterator

import numpy as np

from core.arrays import Array, FloatArray
from core.methods.batches import batches_of
from core.methods.surrogate.segmentation import SegmentParams, absent_image, segment_labels
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target

# How many partial maps a run shows.
PARTIALS = 8
# Of so many values at a time are coalitions turned into numbers: a hundred thousand coalitions of a thousand
# segments take 0.1 GB as yes and no, but 0.8 GB as numbers, of which a fit needs several.
BLOCK_VALUES = 4_000_000


class SegmentedImage:
    """An input, its segments, and what is shown where they are absent.

    labels: (*grid,) 0 to count - 1.
    """

    def __init__(self, x: FloatArray, labels: Array, absent: FloatArray) -> None:
        """x and absent: (*grid, channels)."""
        self.labels = labels
        self.count = int(labels.max()) + 1
        self._x, self._absent = x, absent
        self._difference = x - absent

    @classmethod
    def of(cls, method_input: MethodInput, params: SegmentParams) -> "SegmentedImage":
        """By the parameters. Raises NotFinite or NotApplicable as `segment_labels` does."""
        labels = segment_labels(method_input.baseline_source, params)
        return cls(method_input.x, labels, absent_image(method_input.x, labels, params))

    def shown(self, coalitions: Array) -> FloatArray:
        """(n, *grid, channels) the image with those segments that `coalitions` (n, count) name."""
        visible = coalitions[:, self.labels][..., None]
        return np.where(visible, self._x, self._absent)

    def scores(
        self,
        network: Network,
        coalitions: Array,
        target: Target,
        run: Run,
        on_part: Callable[[Array, int], None] = lambda scores, count: None,
    ) -> Array:
        """(n,) float64 the target for each of `coalitions` (n, count) bool, batch by batch.

        on_part: gets the scores so far and how many they are, a few times. Raises Cancelled.
        """
        total = len(coalitions)
        scores = np.zeros(total)
        step = total / PARTIALS
        run.progress(0, total)
        for part in batches_of(network, total):
            scores[part] = network.values(self.shown(coalitions[part]), target, run)
            run.progress(part.stop, total)
            if part.stop < total and part.stop // step > part.start // step:
                on_part(scores[: part.stop], part.stop)
        return scores

    def map(self, weights: Array) -> FloatArray:
        """(*grid,) float32: at each pixel the value (count,) of its segment."""
        return weights[self.labels].astype(np.float32)


def blocks_of(coalitions: int, segments: int) -> Iterator[slice]:
    """Slices that together hold each of `coalitions` once, in order, and few enough for a fit's arrays."""
    size = max(BLOCK_VALUES // max(segments, 1), 1)
    for first in range(0, coalitions, size):
        yield slice(first, min(first + size, coalitions))


def all_coalitions(count: int) -> Array:
    """(n, count) bool, n = 2^count; segment i is present in those whose number has bit i set."""
    return (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(bool)
