"""The handle: a loaded bundle ready for calls. The only file in which the engine meets the framework."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import numpy as np

from core.arrays import Array
from core.errors import (
    BadParameter,
    DamagedBundle,
    IncompatibleInput,
    ModelError,
    NotApplicable,
    NotFinite,
    OutOfMemory,
    nearest_hint,
)
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle, find_bundle
from core.models.card import Card
from core.models.layers import grid_layers, observed_model
from core.models.prediction import Prediction
from core.models.randomising import assign_partly_random, weighted_layers
from core.models.runtime import frameworks
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.run import Run
from core.network.target import ClassTarget, Target

# On CPUs all gain from batching is had at 8; larger batches only take memory (measured on 2 cores).
CPU_BATCH = 8
GPU_BATCH = 32


class ModelHandle:
    """A network with its card; calls take (n, height, width, channels) float32 and are batched inside.

    Each kind of call is traced once: batch size is free and the class is an argument.
    """

    def __init__(self, card: Card, model: Any, bundle: Bundle | None = None) -> None:
        """`model`: a Keras model from card.preprocessing.shape to logits. `bundle`: where it came from."""
        self.card = card
        self.bundle = bundle
        self._background: Array | None = None
        self._model = model
        self._functions: dict[tuple[str, ...], Any] = {}
        self._layers: list[Layer] | None = None
        self._last: tuple[Array, Array, Array] | None = None
        self._randomised: ModelHandle | None = None
        _, tf = frameworks()
        self._tf = tf
        self.best_batch = GPU_BATCH if tf.config.list_physical_devices("GPU") else CPU_BATCH
        self.notices: list[str] = []
        self._used = Cost()

    @classmethod
    def load(cls, name: str | Bundle) -> Self:
        """The handle of a bundle, by id or already found. Raises UnknownModel or DamagedBundle."""
        bundle = name if isinstance(name, Bundle) else find_bundle(name)
        card = bundle.card
        if card.architecture not in ARCHITECTURES:
            hint = nearest_hint(card.architecture, ARCHITECTURES)
            raise DamagedBundle(f"{card.id} names the unknown architecture {card.architecture!r}.", hint)
        arrays = bundle.weights()
        frameworks()
        model = ARCHITECTURES[card.architecture](card.preprocessing.shape, len(card.classes))
        assign_weights(model, arrays, card.id)
        return cls(card, model, bundle)

    @property
    def input_shape(self) -> tuple[int, int, int]:
        return self.card.preprocessing.shape

    @property
    def class_count(self) -> int:
        return len(self.card.classes)

    @property
    def facts(self) -> NetworkFacts:
        """What methods and checks need to know without calling the network."""
        background_count, problem = 0, ""
        try:
            background_count = len(self.background())
        except (NotApplicable, DamagedBundle) as error:
            problem = error.message
        *grid, channels = self.input_shape
        return NetworkFacts(
            name=self.card.id,
            grid=tuple(grid),
            channels=channels,
            class_count=self.class_count,
            layers=tuple(self.layers()),
            background_count=background_count,
            background_problem=problem,
            best_batch=self.best_batch,
        )

    @property
    def traces(self) -> int:
        """How many graphs were traced so far, over all kinds of call."""
        return sum(function.experimental_get_tracing_count() for function in self._functions.values())

    @property
    def used(self) -> Cost:
        """Evaluations so far, those with randomised weights among them."""
        return self._used if self._randomised is None else self._used.plus(self._randomised.used)

    def predict(self, inputs: Array) -> Prediction:
        """The prediction for one input (height, width, channels). Raises ModelError if it is not finite."""
        logits = self._observed(inputs)[0][None]
        with np.errstate(over="ignore", invalid="ignore"):  # told below
            probabilities = self._softmax(logits)[0]
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

    def logits(self, inputs: Array, run: Run | None = None) -> Array:
        return self._batched(self._function("logits"), inputs, run, Cost(forwards=1))[0]

    def probabilities(self, inputs: Array, run: Run | None = None) -> Array:
        return self._softmax(self.logits(inputs, run))

    def values(self, inputs: Array, target: Target, run: Run | None = None) -> Array:
        self._weights(target)
        answer = self.probabilities if target.scale == "probability" else self.logits
        return target.score(answer(inputs, run))

    def gradients(
        self, inputs: Array, target: Target | Sequence[Target], run: Run | None = None
    ) -> tuple[Array, Array]:
        self._require_input(inputs)
        targets = [target] * len(inputs) if isinstance(target, Target) else list(target)
        scales = {each.scale for each in targets}
        assert len(targets) == len(inputs), (len(targets), len(inputs))
        assert len(scales) <= 1, scales
        function = self._function("gradients", *scales)
        rows = np.stack([self._weights(each) for each in targets])
        values, gradients = self._batched(function, inputs, run, Cost(gradients=1), rows)
        return values, gradients

    def activations(self, inputs: Array, layer: str, run: Run | None = None) -> Array:
        function = self._function("activations", self._known(layer))
        return self._batched(function, inputs, run, Cost(forwards=1))[0]

    def activation_gradients(
        self, inputs: Array, layer: str, target: Target, run: Run | None = None
    ) -> tuple[Array, Array, Array]:
        function = self._function("activation_gradients", self._known(layer), target.scale)
        one, rows = Cost(gradients=1), np.tile(self._weights(target), (len(inputs), 1))
        values, activations, gradients = self._batched(function, inputs, run, one, rows)
        return values, activations, gradients

    def background(self) -> Array:
        """Inputs (n, height, width, channels) that stand for what the model was made with.

        Those given to `use_background`, else the bundle's. Raises NotApplicable without any, or
        DamagedBundle.
        """
        if self._background is None and self.bundle is not None:
            self._background = self.bundle.background()
        if self._background is None:
            raise NotApplicable(
                f"{self.card.id} brings no background images.",
                "Give a folder of typical images, or choose another method.",
            )
        return self._background

    def use_background(self, inputs: Array) -> None:
        """Take these inputs (n, height, width, channels) as background. Raises IncompatibleInput."""
        self._require_input(inputs)
        self._background = inputs.astype(np.float32)

    def layers(self) -> list[Layer]:
        if self._layers is None:
            self._layers = grid_layers(self._model)
        return self._layers

    def content(self, inputs: Array) -> Array:
        """What the network makes of one input (height, width, channels): (k,), see `core.models.layers`.

        Raises NotApplicable for a network without convolutional layers.
        """
        if not self.layers():
            raise NotApplicable("The network has no convolutional layers.", "Choose another model.")
        return self._observed(inputs)[1]

    def _observed(self, inputs: Array) -> tuple[Array, Array]:
        """Logits (classes,) and content (k,) of one input, kept for the last one: both are asked for."""
        if self._last is None or not np.array_equal(self._last[0], inputs):
            if not self.layers():
                return self.logits(inputs[None])[0], np.zeros(0, np.float32)
            logits, content = self._batched(self._function("content"), inputs[None], None, Cost(forwards=1))
            self._last = inputs.copy(), logits[0], content[0]
        return self._last[1], self._last[2]

    def weighted_layers(self) -> tuple[str, ...]:
        """Layers with learned weights, from the logits down."""
        return weighted_layers(self._model)

    def randomised(self, layers: Sequence[str], seed: int) -> "ModelHandle":
        """This network with the weights of `layers` drawn anew, as before training; see `randomising`.

        It is the same handle at every call, so that its graphs are traced once: the next call changes
        what it holds. Raises BadParameter for a layer without weights.
        """
        unknown = next((layer for layer in layers if layer not in self.weighted_layers()), None)
        if unknown is not None:
            hint = nearest_hint(unknown, self.weighted_layers())
            raise BadParameter(f"The model has no layer {unknown!r} with weights.", hint)
        if self._randomised is None:
            keras, _ = frameworks()
            self._randomised = ModelHandle(self.card, keras.models.clone_model(self._model), self.bundle)
        self._randomised.best_batch = self.best_batch
        self._randomised._background = self._background
        assign_partly_random(self._randomised._model, self._model, layers, seed)
        return self._randomised

    @contextmanager
    def at_batch(self, size: int) -> Iterator[None]:
        """Calls within use this batch size, for comparisons with other implementations."""
        before, self.best_batch = self.best_batch, size
        try:
            yield
        finally:
            self.best_batch = before

    def _known(self, layer: str) -> str:
        names = [info.name for info in self.layers()]
        if layer not in names:
            raise BadParameter(f"The model has no convolutional layer {layer!r}.", nearest_hint(layer, names))
        return layer

    def _weights(self, target: Target) -> Array:
        """(classes,) the target's weights. Raises BadParameter for a class that the model does not have."""
        for index in target.classes:
            if not 0 <= index < self.class_count:
                raise BadParameter(
                    f"The target names class {index}, but {self.card.id} has {self.class_count} classes.",
                    f"Classes: {', '.join(self.card.classes)}.",
                )
        assert isinstance(target, ClassTarget), "a classifier explains scores of classes"
        return target.class_weights(self.class_count)

    def _softmax(self, logits: Array) -> Array:
        scaled = logits.astype(np.float64) / (self.card.temperature or 1.0)
        powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)

    def _batched(
        self, function: Callable[..., Any], inputs: Array, run: Run | None, one: Cost, *rows: Array
    ) -> tuple[Array, ...]:
        """Call `function` batch by batch; halve the batch and go on when the device runs out.

        one: what one image costs, added to `used`. rows: further arguments with one row for each input.
        """
        self._require_input(inputs)
        parts: list[tuple[Array, ...]] = []
        start = 0
        while start < len(inputs):
            if run is not None:
                run.check()
            batch, *more = (each[start : start + self.best_batch] for each in (inputs, *rows))
            try:
                results = function(self._tf.constant(batch, self._tf.float32), *more)
            except self._tf.errors.ResourceExhaustedError:
                self._halve()
                continue
            parts.append(tuple(result.numpy() for result in results))
            self._used = self._used.plus(one.times(len(batch)))
            start += len(batch)
        return tuple(np.concatenate(pieces) for pieces in zip(*parts, strict=True))

    def _halve(self) -> None:
        if self.best_batch == 1:
            raise OutOfMemory(
                f"The device has no memory left for one image with {self.card.id}.",
                "Close other programs or choose a smaller model.",
            )
        self.best_batch //= 2
        if not self.notices:
            self.notices.append(f"The device ran out of memory; going on in batches of {self.best_batch}.")

    def _require_input(self, inputs: Array) -> None:
        if inputs.ndim != 4 or inputs.shape[1:] != self.input_shape or len(inputs) == 0:
            raise IncompatibleInput(
                f"{self.card.id} takes inputs of {self.input_shape}, not {inputs.shape[1:]}.",
                "Prepare the image with the card's preprocessing.",
            )
        # Behind a ReLU a NaN has the gradient 0, which would pass for a map.
        if not np.isfinite(inputs).all():
            raise NotFinite(
                f"{self.card.id} was given an image with values that are not finite numbers.",
                "Repair the image in its source.",
            )

    def _function(self, *key: str) -> Any:
        if key not in self._functions:
            kind, *rest = key
            makers: dict[str, Callable[..., Any]] = {
                "logits": self._make_logits,
                "gradients": self._make_gradients,
                "content": self._make_content,
                "activations": self._make_activations,
                "activation_gradients": self._make_activation_gradients,
            }
            self._functions[key] = makers[kind](*rest)
        return self._functions[key]

    def _signature(self, *extra: Any) -> list[Any]:
        return [self._tf.TensorSpec((None, *self.input_shape), self._tf.float32), *extra]

    def _class_weights_spec(self) -> Any:
        return self._tf.TensorSpec((None, self.class_count), self._tf.float32)

    def _score(self, logits: Any, weights: Any, kind: str) -> Any:
        """(n,) target values from (n, classes) logits."""
        tf = self._tf
        if kind == "probability":
            logits = tf.nn.softmax(logits / (self.card.temperature or 1.0))
        return tf.reduce_sum(logits * weights, axis=-1)

    def _make_logits(self) -> Any:
        def logits(x: Any) -> Any:
            return (self._model(x, training=False),)

        return self._tf.function(logits, autograph=False, input_signature=self._signature())

    def _make_content(self) -> Any:
        observed = observed_model(self._model)

        def content(x: Any) -> Any:
            return tuple(observed(x, training=False))

        return self._tf.function(content, autograph=False, input_signature=self._signature())

    def _make_gradients(self, kind: str) -> Any:
        def gradients(x: Any, weights: Any) -> Any:
            with self._tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(x)
                values = self._score(self._model(x, training=False), weights, kind)
            return values, tape.gradient(values, x)

        signature = self._signature(self._class_weights_spec())
        return self._tf.function(gradients, autograph=False, input_signature=signature)

    def _tapped(self, layer: str) -> Any:
        keras, _ = frameworks()
        return keras.Model(self._model.input, [self._model.get_layer(layer).output, self._model.output])

    def _make_activations(self, layer: str) -> Any:
        tapped = self._tapped(layer)

        def activations(x: Any) -> Any:
            return (tapped(x, training=False)[0],)

        return self._tf.function(activations, autograph=False, input_signature=self._signature())

    def _make_activation_gradients(self, layer: str, kind: str) -> Any:
        tapped = self._tapped(layer)

        def activation_gradients(x: Any, weights: Any) -> Any:
            with self._tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(x)
                activations, logits = tapped(x, training=False)
                values = self._score(logits, weights, kind)
            return values, activations, tape.gradient(values, activations)

        signature = self._signature(self._class_weights_spec())
        return self._tf.function(activation_gradients, autograph=False, input_signature=signature)


def assign_weights(model: Any, arrays: dict[str, Array], name: str) -> None:
    """Give a Keras model its arrays by variable path. Raises DamagedBundle if names or shapes differ."""
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
    """Every array of a Keras model by its variable's path, float32."""
    return {variable.path: np.asarray(variable, dtype=np.float32) for variable in model.weights}
