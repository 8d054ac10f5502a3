"""The handle: a loaded bundle ready for calls. The only file in which the engine meets the framework."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from core.arrays import Array
from core.errors import BadParameter, DamagedBundle, ModelError, NotApplicable, OutOfMemory, nearest_hint
from core.models.architectures import ARCHITECTURES
from core.models.backward.reading import activations_of
from core.models.backward.traced import memory_beside_gradient
from core.models.bundle import Bundle, find_bundle
from core.models.card import Card
from core.models.graphs import BatchedCalls, TracedFunctions, require_inputs
from core.models.layer_head import TracedLayerHead
from core.models.layers import checked_layer, grid_layers
from core.models.prediction import Prediction
from core.models.randomising import Draw, weighted_layers
from core.models.runtime import frameworks
from core.models.scores import class_weights, probabilities_of, target_rows
from core.network.composite import Composite
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.objective import LayerObjective
from core.network.run import Run
from core.network.target import Target

FORWARD, GRADIENT = Cost(forwards=1), Cost(gradients=1)


class ModelHandle:
    """A network with its card; calls take (n, *grid, channels) float32 and are batched inside.

    Each kind of call is traced once: batch size is free and the class is an argument.
    """

    def __init__(self, card: Card, model: Any, bundle: Bundle | None = None) -> None:
        """`model`: a Keras model from card.preprocessing.shape to logits. `bundle`: where it came from."""
        self.card = card
        self.bundle = bundle
        self.functions = TracedFunctions(card, model)
        self.calls = BatchedCalls(card, self.functions)
        self._model = model
        self._background: Array | None = None
        self._layers: list[Layer] | None = None
        # The last single input with its logits and content.
        self._last: tuple[Array, Array, Array] | None = None
        self._randomised: ModelHandle | None = None

    @classmethod
    def load(cls, name: str | Bundle) -> Self:
        """The handle of a bundle, by id or read. Raises UnknownModel, DamagedBundle or OutOfMemory."""
        bundle = name if isinstance(name, Bundle) else find_bundle(name)
        card = bundle.card
        if card.architecture not in ARCHITECTURES:
            hint = nearest_hint(card.architecture, ARCHITECTURES)
            raise DamagedBundle(f"{card.id} names the unknown architecture {card.architecture!r}.", hint)
        arrays = bundle.weights()
        _, tf = frameworks()
        try:
            model = ARCHITECTURES[card.architecture](card.preprocessing.shape, len(card.classes))
            assign_weights(model, arrays, card.id)
        except tf.errors.ResourceExhaustedError as error:
            raise OutOfMemory(
                f"The device has no memory left to load {card.id}.",
                "Close other programs, or choose the CPU as device.",
            ) from error
        return cls(card, model, bundle)

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(*grid, channels)."""
        return self.card.preprocessing.shape

    @property
    def class_count(self) -> int:
        """The number of classes."""
        return len(self.card.classes)

    @property
    def facts(self) -> NetworkFacts:
        """What methods and checks need to know without calling the network."""
        background_count, problem = 0, ""
        try:
            background_count = len(self.background())
        except (NotApplicable, DamagedBundle) as error:
            problem = error.message
        relevance_problem, nonlinearities = "", frozenset[str]()
        try:
            nonlinearities = activations_of(self.functions.steps)
        except NotApplicable as error:
            relevance_problem = error.message
        return NetworkFacts(
            name=self.card.id,
            grid=self.input_shape[:-1],
            channels=self.input_shape[-1],
            class_count=self.class_count,
            layers=tuple(self.layers()),
            background_count=background_count,
            background_problem=problem,
            best_batch=self.best_batch,
            relevance_problem=relevance_problem,
            nonlinearities=nonlinearities,
            input_range=self.card.preprocessing.input_range,
        )

    @property
    def best_batch(self) -> int:
        """Inputs a call; it falls when the device runs out of memory."""
        return self.calls.best_batch

    @property
    def used(self) -> Cost:
        """Evaluations so far, those with randomised weights among them."""
        return self.calls.used if self._randomised is None else self.calls.used.plus(self._randomised.used)

    @property
    def warm_up_s(self) -> float:
        """Seconds of the first calls, in which graphs are traced, so far; as for `used`."""
        return self.calls.warm_up_s + (self._randomised.warm_up_s if self._randomised is not None else 0.0)

    def predict(self, x: Array) -> Prediction:
        """The prediction for one input (*grid, channels). Raises ModelError if it is not finite."""
        logits = self._observed(x)[0][None]
        with np.errstate(over="ignore", invalid="ignore"):  # reported below
            probabilities = probabilities_of(logits, self.card.temperature)[0]
        if not (np.isfinite(logits).all() and np.isfinite(probabilities).all()):
            raise ModelError(
                f"{self.card.id} answers this image with values that are not finite.",
                "Choose another model, or install this one again.",
            )
        return Prediction(
            classes=self.card.classes,
            logits=tuple(float(value) for value in logits[0]),
            probabilities=tuple(float(value) for value in probabilities),
            calibrated=self.card.temperature is not None,
        )

    def content(self, x: Array) -> Array:
        """The content of one input (*grid, channels): (k,), see `core.models.layers`.

        Raises NotApplicable for a network without convolutional layers.
        """
        if not self.layers():
            raise NotApplicable("The network has no convolutional layers.", "Choose another model.")
        return self._observed(x)[1]

    def _observed(self, x: Array) -> tuple[Array, Array]:
        """Logits (classes,) and content (k,) of one input; kept, as prediction and fit check need both."""
        if self._last is None or not np.array_equal(self._last[0], x):
            forward = self.functions.function("forward")
            logits, content = self.calls.call(forward, x[None], None, FORWARD, results=2)
            self._last = x.copy(), logits[0], content[0]
        return self._last[1], self._last[2]

    def logits(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes) of inputs (n, *grid, channels)."""
        # The function that the prediction has traced: its content costs some percent of a forward pass, and
        # tracing a graph without it as much as a hundred passes.
        return self.calls.call(self.functions.function("forward"), inputs, run, FORWARD, results=1)[0]

    def probabilities(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes) of inputs (n, *grid, channels), calibrated if the card has a temperature."""
        return probabilities_of(self.logits(inputs, run), self.card.temperature)

    def values(self, inputs: Array, target: Target, run: Run | None = None) -> Array:
        """(n,) the target of inputs (n, *grid, channels). Raises BadParameter for an unknown class."""
        class_weights(target, self.card)  # refuses a class that the model does not have
        output = self.probabilities if target.scale == "probability" else self.logits
        return target.score(output(inputs, run))

    def gradients(
        self, inputs: Array, target: Target | Sequence[Target], run: Run | None = None
    ) -> tuple[Array, Array]:
        """(n,) the target and (n, *grid, channels) its gradient at inputs (n, *grid, channels).

        target: one for all inputs, or one for each of them, all of the same scale. Raises BadParameter for
        an unknown class.
        """
        require_inputs(self.card, inputs)
        rows, scale = target_rows(target, self.card, len(inputs))
        function = self.functions.function("gradients", scale)
        values, gradients = self.calls.call(function, inputs, run, GRADIENT, rows)
        return values, gradients

    def activations(self, inputs: Array, layer: str, run: Run | None = None) -> Array:
        """(n, *grid, channels) the output of a layer on its own grid.

        Raises BadParameter for an unknown layer.
        """
        function = self.functions.function("activations", checked_layer(self.layers(), layer).name)
        return self.calls.call(function, inputs, run, FORWARD)[0]

    def activation_gradients(
        self, inputs: Array, layer: str, target: Target, run: Run | None = None
    ) -> tuple[Array, Array, Array]:
        """(n,) the target; the layer's output and the target's gradient by it, (n, *layer grid, channels).

        Raises BadParameter for an unknown layer or class.
        """
        layer, scale = checked_layer(self.layers(), layer).name, target.scale
        function = self.functions.function("activation_gradients", layer, scale)
        rows = np.tile(class_weights(target, self.card), (len(inputs), 1))
        values, activations, gradients = self.calls.call(function, inputs, run, GRADIENT, rows)
        return values, activations, gradients

    def relevance(
        self,
        inputs: Array,
        target: Target | Sequence[Target],
        composite: Composite,
        run: Run | None = None,
        baselines: Array | None = None,
    ) -> tuple[Array, Array]:
        """(n,) values and (n, *grid, channels) what a modified backward pass hands back to each input.

        The values are those of the target; of a composite that starts from the score, the relevance that
        started, which for a probability is another value. target: as for `gradients`. baselines:
        (n, *grid, channels), where the composite compares with them; the values are then differences of the
        target, and what is handed back is multiplied by the difference of the input.

        Raises BadParameter for an unknown class, NotApplicable for a layer without a rule.
        """
        assert composite.needs_baselines == (baselines is not None), composite
        require_inputs(self.card, inputs)
        rows, scale = target_rows(target, self.card, len(inputs))
        function = self.functions.function("relevance", composite, scale)
        more = [] if baselines is None else [baselines.astype(np.float32)]
        cost = Cost(gradients=composite.gradients)
        memory = memory_beside_gradient(composite)
        values, handed_back = self.calls.call(function, inputs, run, cost, rows, *more, memory=memory)
        return values, handed_back

    def layer_gradients(
        self, inputs: Array, objective: LayerObjective, run: Run | None = None
    ) -> tuple[Array, Array]:
        """(n,) a number made from a layer and (n, *grid, channels) its gradient at each input.

        Raises BadParameter for a layer, channel or position that the network does not have.
        """
        layer = checked_layer(self.layers(), objective.layer)
        objective.require_in(layer)
        function = self.functions.function("layer_gradients", layer.name, objective.part)
        places = np.tile(np.array([objective.place], np.int32), (len(inputs), 1))
        values, gradients = self.calls.call(function, inputs, run, GRADIENT, places)
        return values, gradients

    def layer_head(self, x: Array, layer: str, run: Run | None = None) -> TracedLayerHead:
        """What follows a layer, for one input x (*grid, channels).

        Raises BadParameter for an unknown layer.
        """
        return TracedLayerHead(
            self.card, self.functions, self.calls, checked_layer(self.layers(), layer), x, run
        )

    def background(self) -> Array:
        """Inputs (n, *grid, channels) that stand for the images the model was made with.

        Those of `use_background`, else the bundle's. Raises NotApplicable without any, or DamagedBundle.
        """
        if self._background is None and self.bundle is not None:
            self._background = self.bundle.background()
        if self._background is None:
            raise NotApplicable(
                f"{self.card.id} has no background images.",
                "Give a folder of typical images, or choose another method.",
            )
        return self._background

    def use_background(self, inputs: Array) -> None:
        """Take inputs (n, *grid, channels) as background. Raises IncompatibleInput or NotFinite."""
        require_inputs(self.card, inputs)
        self._background = inputs.astype(np.float32)

    def layers(self) -> list[Layer]:
        """Layers with the input's axes, in the order of the graph; the last is the one before pooling."""
        if self._layers is None:
            self._layers = grid_layers(self._model)
        return self._layers

    def weighted_layers(self) -> tuple[str, ...]:
        """Names of the layers with learned weights, from the logits down."""
        return weighted_layers(self._model)

    def randomised(self, layers: Sequence[str], seed: int) -> "ModelHandle":
        """This network with the weights of `layers` randomised, as before training; see `randomising`.

        It is the same handle at every call: the next call changes its weights. It shares its functions with
        this one, so that none is traced again. Raises BadParameter for a layer without weights.
        """
        weighted = self.weighted_layers()
        unknown = next((layer for layer in layers if layer not in weighted), None)
        if unknown is not None:
            raise BadParameter(
                f"The model has no layer {unknown!r} with weights.", nearest_hint(unknown, weighted)
            )
        if self._randomised is None:
            self._randomised = ModelHandle(self.card, self._model, self.bundle)
            self._randomised.functions = self.functions
            self._randomised.calls = BatchedCalls(self.card, self.functions)
        drawn = self._randomised
        drawn.calls.draw = Draw(frozenset(layers), seed)
        drawn.calls.best_batch = self.best_batch
        drawn._background = self._background
        # It belongs to the weights before.
        drawn._last = None
        return drawn


def assign_weights(model: Any, arrays: dict[str, Array], name: str) -> None:
    """Give a Keras model its arrays, of any shape, by variable path.

    Raises DamagedBundle if names or shapes differ.
    """
    variables = {variable.path: variable for variable in model.weights}
    missing, surplus = variables.keys() - arrays.keys(), arrays.keys() - variables.keys()
    if missing or surplus:
        example = sorted(missing or surplus)[0]
        raise DamagedBundle(
            f"The weights of {name} do not fit its architecture: {len(missing)} missing, "
            f"{len(surplus)} unknown, such as {example}.",
            "Install the model again.",
        )
    for path, variable in variables.items():
        if tuple(variable.shape) != arrays[path].shape:
            raise DamagedBundle(
                f"The weights of {name} have the wrong shape in {path}: {arrays[path].shape}.",
                "Install the model again.",
            )
        variable.assign(arrays[path].astype(np.float32))


def named_weights(model: Any) -> dict[str, Array]:
    """Every array of a Keras model, of any shape, by its variable's path, float32."""
    return {variable.path: np.asarray(variable, dtype=np.float32) for variable in model.weights}
