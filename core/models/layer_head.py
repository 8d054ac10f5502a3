"""What a network computes behind one of its layers, for one input and changed channels of the layer."""

import math

from core.arrays import Array
from core.models.card import Card
from core.models.graphs import BatchedCalls, TracedFunctions
from core.models.scores import class_weights, probabilities_of
from core.network.cost import Cost
from core.network.layer import Layer
from core.network.run import Run
from core.network.target import Target


class TracedLayerHead:
    """The part of a network behind a layer. The layer and all that passes by it are computed once."""

    def __init__(
        self,
        card: Card,
        functions: TracedFunctions,
        calls: BatchedCalls,
        layer: Layer,
        x: Array,
        run: Run | None,
    ) -> None:
        """x: the input (*grid, channels). Raises IncompatibleInput, NotFinite, OutOfMemory or Cancelled."""
        self._card, self._calls, self._layer = card, calls, layer
        self._function = functions.function("behind_layer", layer.name)
        up_to_layer = functions.function("up_to_layer", layer.name)
        self._tensors = calls.call(up_to_layer, x[None], run, Cost(forwards=1))
        # The share of forward passes that has been made so far, and the whole passes counted for it.
        self._work, self._counted = 0.0, 0

    @property
    def activations(self) -> Array:
        """(*grid, channels) what the layer gives for the input."""
        return self._tensors[0][0]

    def values(self, factors: Array, target: Target, run: Run | None = None) -> Array:
        """(n,) the target where the layer's channels are multiplied by `factors` (n, channels).

        Counted as the forward passes that the part behind the layer amounts to, over all calls. Raises
        BadParameter for an unknown class, OutOfMemory or Cancelled.
        """
        class_weights(target, self._card)  # refuses a class that the model does not have
        (logits,) = self._calls.call_rows(self._function, (factors,), run, Cost(), shared=self._tensors)
        self._work += len(factors) * self._layer.work_behind
        passes = math.ceil(self._work) - self._counted
        self._calls.used = self._calls.used.plus(Cost(forwards=passes))
        self._counted += passes
        if target.scale == "probability":
            return target.score(probabilities_of(logits, self._card.temperature))
        return target.score(logits)
