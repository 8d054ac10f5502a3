"""The network as methods and checks see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.arrays import Array
from core.network.run import Run
from core.network.target import Target


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolutional layer: its name, its output grid (rows, columns) and number of channels."""

    name: str
    grid: tuple[int, int]
    channels: int


class Network(Protocol):
    """The part of a model handle that methods and evaluation may call; arrays are float32.

    inputs: (n, height, width, channels). Every call is split into batches and compiled once per kind.
    """

    @property
    def input_shape(self) -> tuple[int, int, int]: ...
    @property
    def class_count(self) -> int: ...
    @property
    def best_batch(self) -> int: ...
    def logits(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes)."""

    def probabilities(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes), calibrated if the card has a temperature."""

    def values(self, inputs: Array, target: Target, run: Run | None = None) -> Array:
        """(n,) the target at each input."""

    def gradients(
        self, inputs: Array, target: Target | Sequence[Target], run: Run | None = None
    ) -> tuple[Array, Array]:
        """(n,) values and (n, height, width, channels) gradients at each input.

        target: one for all inputs, or one for each of them, all of the same kind of score.
        """

    def background(self) -> Array:
        """(n, height, width, channels) a few inputs that the model was made with; NotApplicable if none."""

    def activations(self, inputs: Array, layer: str, run: Run | None = None) -> Array:
        """(n, rows, columns, channels) of the layer's output."""

    def activation_gradients(
        self, inputs: Array, layer: str, target: Target, run: Run | None = None
    ) -> tuple[Array, Array, Array]:
        """(n,) values; the layer's output and the target's gradient by it (n, rows, columns, channels)."""

    def layers(self) -> list[Layer]:
        """Layers with a 4-D output, in the order of the graph; the last is the one before pooling."""

    def weighted_layers(self) -> tuple[str, ...]:
        """Names of the layers with learned weights, from the logits down."""

    def randomised(self, layers: Sequence[str], seed: int) -> "Network":
        """This network with the weights of `layers` drawn anew; what it holds is changed by the next call."""
