"""The network as methods and checks see it."""

from collections.abc import Sequence
from typing import Protocol

from core.arrays import Array
from core.network.composite import Composite
from core.network.facts import NetworkFacts
from core.network.objective import LayerObjective
from core.network.run import Run
from core.network.target import Target


class ProbabilityNetwork(Protocol):
    """The part of a model handle that curves call; arrays are float32, inputs (n, *grid, channels)."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(*grid, channels)."""

    @property
    def class_count(self) -> int:
        """The number of classes."""

    @property
    def best_batch(self) -> int:
        """Inputs a call; it falls when the device runs out of memory."""

    def probabilities(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes), calibrated if the card has a temperature."""


class LayerHead(Protocol):
    """What a network computes behind one of its layers, for one input of its own."""

    @property
    def activations(self) -> Array:
        """(*grid, channels) what the layer gives for the input, on its own grid."""

    def values(self, factors: Array, target: Target, run: Run | None = None) -> Array:
        """(n,) the target where the layer's channels are multiplied by `factors` (n, channels).

        What passes by the layer, such as a skip connection, stays as the input gives it.
        """


class Network(ProbabilityNetwork, Protocol):
    """The part of a model handle that methods and checks may call; arrays are float32.

    inputs: (n, *grid, channels). Every call is split into batches and compiled once per kind.
    """

    @property
    def facts(self) -> NetworkFacts:
        """What is known of the network without calling it."""

    def logits(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes)."""

    def values(self, inputs: Array, target: Target, run: Run | None = None) -> Array:
        """(n,) the target at each input."""

    def gradients(
        self, inputs: Array, target: Target | Sequence[Target], run: Run | None = None
    ) -> tuple[Array, Array]:
        """(n,) values and (n, *grid, channels) gradients at each input.

        target: one for all inputs, or one for each of them, all of the same scale.
        """

    def relevance(
        self,
        inputs: Array,
        target: Target | Sequence[Target],
        composite: Composite,
        run: Run | None = None,
        baselines: Array | None = None,
    ) -> tuple[Array, Array]:
        """(n,) values and (n, *grid, channels) what the modified backward pass hands back to each input.

        The values are those of the target; of a composite that starts from the score, the relevance that
        started, which for a probability is another value. baselines: one for each input, where the composite
        compares with them; the values are then differences of the target, and what is handed back is
        multiplied by the difference of the input.
        """

    def background(self) -> Array:
        """(n, *grid, channels) a few inputs that the model was made with. Raises NotApplicable if none."""

    def activations(self, inputs: Array, layer: str, run: Run | None = None) -> Array:
        """(n, *grid, channels) the output of a layer on its own grid."""

    def activation_gradients(
        self, inputs: Array, layer: str, target: Target, run: Run | None = None
    ) -> tuple[Array, Array, Array]:
        """(n,) values; the layer's output and the target's gradient by it (n, *layer grid, channels)."""

    def layer_gradients(
        self, inputs: Array, objective: LayerObjective, run: Run | None = None
    ) -> tuple[Array, Array]:
        """(n,) a number made from a layer and (n, *grid, channels) its gradient at each input."""

    def layer_head(self, x: Array, layer: str, run: Run | None = None) -> LayerHead:
        """What follows a layer, for one input x (*grid, channels); one forward pass."""

    def weighted_layers(self) -> tuple[str, ...]:
        """Names of the layers with learned weights, from the logits down."""

    def randomised(self, layers: Sequence[str], seed: int) -> "Network":
        """This network with the weights of `layers` randomised; what it holds is changed by the next call."""
