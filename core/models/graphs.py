"""The traced functions of a Keras model, one for each kind of call, and their calls batch by batch."""

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from core.arrays import Array
from core.errors import GpuFailed, IncompatibleInput, NotFinite, OutOfMemory
from core.models.backward.reading import steps_of
from core.models.backward.steps import Step
from core.models.backward.traced import relevance_pass
from core.models.card import Card
from core.models.layer_gradients import layer_gradients
from core.models.layers import (
    cut_models,
    grid_layers,
    head_model,
    layer_model,
    observed_model,
    output_bytes,
)
from core.models.randomising import TRAINED, WeightSets
from core.models.runtime import computing_device, frameworks
from core.network.composite import Composite
from core.network.cost import Cost
from core.network.run import Run

# On CPUs all gain from batching is had at 8; larger batches only take memory (measured on 2 cores).
CPU_BATCH = 8
GPU_BATCH = 32
# What the layers' outputs of a batch may take on a CPU, so that no call brings a worker above 2.5 GB: of
# DenseNet121 that is a batch of 8 at 224 x 224 and of 1 at 512 x 512. A GPU is asked by trying.
CPU_BATCH_BYTES = 1.7e9
# In the messages of errors by which a GPU's libraries report that they get no more memory.
SHORTAGE_PHRASES = ("out of memory", "no algorithm worked", "failed to allocate")


class FirstCall(NamedTuple):
    """The first call of a function, in which its graph is traced: its seconds, with so many inputs."""

    seconds: float
    inputs: int


class TracedFunctions:
    """The functions of a Keras model that are compiled when they are first needed.

    Each takes a batch (n, *grid, channels) of any size and, if it explains, weights (n, classes) of the
    score's classes; a scale is `logit` or `probability`.
    """

    def __init__(self, card: Card, model: Any) -> None:
        self._card, self._model = card, model
        self.weights = WeightSets(model)
        self.output_bytes = output_bytes(model)
        """Of all layers, for one input."""
        self.first_calls: dict[Callable[..., Any], FirstCall] = {}
        """Of each function that has been called."""
        self._functions: dict[tuple[Hashable, ...], Any] = {}
        self._steps: tuple[Step, ...] | None = None
        self._makers: dict[str, Callable[..., Any]] = {
            "forward": self._forward,
            "gradients": self._gradients,
            "activations": self._activations,
            "activation_gradients": self._activation_gradients,
            "relevance": self._relevance,
            "up_to_layer": self._up_to_layer,
            "behind_layer": self._behind_layer,
            "layer_gradients": partial(layer_gradients, model),
        }
        _, self._tf = frameworks()

    def function(self, kind: str, *arguments: Hashable) -> Any:
        """The function of this kind, for a layer and a scale where the kind has them:

        `forward` gives logits, content and the last layer's output; `gradients` (scale), `activations`
        (layer), `activation_gradients` (layer, scale), `relevance` (composite, scale), which raises
        NotApplicable for a network with layers that have no rule; `up_to_layer` (layer) gives the outputs of
        the first of `cut_models`, `behind_layer` (layer) the logits for factors (n, channels) of the layer's
        channels and the outputs of one input; `layer_gradients` (layer, part) takes places (n, 3).
        """
        key = (kind, *arguments)
        if key not in self._functions:
            self._functions[key] = self._makers[kind](*arguments)
        return self._functions[key]

    @property
    def kinds(self) -> frozenset[tuple[Hashable, ...]]:
        """Kind and arguments of each function that was needed so far."""
        return frozenset(self._functions)

    @property
    def traces(self) -> int:
        """How many graphs were traced so far, over all functions."""
        return sum(function.experimental_get_tracing_count() for function in set(self._functions.values()))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The network's elementary operations. Raises NotApplicable for a layer without a rule."""
        if self._steps is None:
            self._steps = steps_of(self._model)
        return self._steps

    def _traced(
        self, function: Callable[..., Any], is_weighted: bool = False, has_baselines: bool = False
    ) -> Any:
        float32, spec = self._tf.float32, self._tf.TensorSpec
        signature = [spec((None, *self._card.preprocessing.shape), float32)]
        if is_weighted:
            signature.append(spec((None, len(self._card.classes)), float32))
        if has_baselines:
            signature.append(signature[0])
        return self._tf.function(function, autograph=False, input_signature=signature)

    def _score(self, logits: Any, weights: Any, scale: str) -> Any:
        """(n,) target values from (n, classes) logits."""
        if scale == "probability":
            logits = self._tf.nn.softmax(logits / (self._card.temperature or 1.0))
        return self._tf.reduce_sum(logits * weights, axis=-1)

    def _forward(self) -> Any:
        observed = observed_model(self._model)
        return self._traced(lambda x: tuple(observed(x, training=False)))

    def _gradients(self, scale: str) -> Any:
        def gradients(x: Any, weights: Any) -> Any:
            with self._tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(x)
                values = self._score(self._model(x, training=False), weights, scale)
            return values, tape.gradient(values, x)

        return self._traced(gradients, is_weighted=True)

    def _activations(self, layer: str) -> Any:
        if layer == grid_layers(self._model)[-1].name:
            return LastLayer(self.function("forward"))
        with_layer = layer_model(self._model, layer)
        return self._traced(lambda x: (with_layer(x, training=False)[0],))

    def _up_to_layer(self, layer: str) -> Any:
        trunk, _ = cut_models(self._model, layer)
        if len(trunk.outputs) == 1:
            return self.function("activations", layer)
        return self._traced(lambda x: tuple(trunk(x, training=False)))

    def _behind_layer(self, layer: str) -> Any:
        _, head = cut_models(self._model, layer)
        positions = [1] * (len(head.inputs[0].shape) - 2)

        def behind(factors: Any, activations: Any, *passing: Any) -> Any:
            count = self._tf.shape(factors)[0]
            repeated = [self._tf.repeat(tensor, count, axis=0) for tensor in passing]
            by_position = self._tf.reshape(factors, [count, *positions, factors.shape[-1]])
            return (head([activations * by_position, *repeated], training=False),)

        first, *others = [self._tf.TensorSpec(tensor.shape, self._tf.float32) for tensor in head.inputs]
        factors = self._tf.TensorSpec((None, first.shape[-1]), self._tf.float32)
        return self._tf.function(behind, autograph=False, input_signature=[factors, first, *others])

    def _activation_gradients(self, layer: str, scale: str) -> Any:
        head = head_model(self._model, layer) if layer == grid_layers(self._model)[-1].name else None
        if head is not None:
            return HeadGradients(self.function("forward"), self._head_gradients(head, scale))
        with_layer = layer_model(self._model, layer)

        def activation_gradients(x: Any, weights: Any) -> Any:
            with self._tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(x)
                activations, logits = with_layer(x, training=False)
                values = self._score(logits, weights, scale)
            return values, activations, tape.gradient(values, activations)

        return self._traced(activation_gradients, is_weighted=True)

    def _relevance(self, composite: Composite, scale: str) -> Any:
        def score(logits: Any, weights: Any) -> Any:
            return self._score(logits, weights, scale)

        function = relevance_pass(self.steps, composite, score)
        return self._traced(function, is_weighted=True, has_baselines=composite.needs_baselines)

    def _head_gradients(self, head: Any, scale: str) -> Any:
        """From the output of the layer that `head` starts at: the target and its gradient there."""

        def gradients(activations: Any, weights: Any) -> Any:
            with self._tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(activations)
                values = self._score(head(activations, training=False), weights, scale)
            return values, tape.gradient(values, activations)

        spec = self._tf.TensorSpec
        return self._tf.function(
            gradients,
            autograph=False,
            input_signature=[
                spec(head.input.shape, self._tf.float32),
                spec((None, len(self._card.classes)), self._tf.float32),
            ],
        )


class LastLayer:
    """The output of the network's last layer with a grid, which the prediction's graph gives as well."""

    def __init__(self, forward: Callable[..., Any]) -> None:
        self._forward = forward

    def __call__(self, x: Any) -> Any:
        """The layer's output (n, *layer grid, channels), as the only result."""
        return (self._forward(x)[-1],)

    def experimental_get_tracing_count(self) -> int:
        """No graph was traced beside that of the prediction; named as TensorFlow's functions do."""
        return 0


class HeadGradients:
    """The gradient at the network's last layer, for class activation maps.

    The prediction's graph leads to that layer, and only what is behind it is traced again: tracing all of
    the network once more takes as long as many such maps.
    """

    def __init__(self, forward: Callable[..., Any], head: Any) -> None:
        self._forward, self._head = forward, head

    def __call__(self, x: Any, weights: Any) -> Any:
        """(n,) the target; the layer's output and the target's gradient by it, (n, *layer grid, channels)."""
        *_, activations = self._forward(x)
        values, gradients = self._head(activations, weights)
        return values, activations, gradients

    def experimental_get_tracing_count(self) -> int:
        """How many graphs were traced beside that of the prediction; named as TensorFlow's functions do."""
        count: int = self._head.experimental_get_tracing_count()
        return count


class BatchedCalls:
    """Calls functions batch by batch. A batch that the device has no memory for is halved.

    best_batch: inputs a call. device: that computes them. notices: a sentence for each thing that a person
    should know of the calls. draw: the weights with which they are called. used: evaluations so far.
    warm_up_s: seconds of each function's first call, in which its graph is traced.
    """

    def __init__(self, card: Card, functions: TracedFunctions) -> None:
        self._card, self._functions = card, functions
        self.draw = TRAINED
        _, self._tf = frameworks()
        self.device = computing_device()
        is_gpu = self.device.kind == "gpu"
        # How many inputs may be in a batch of gradients, as far as memory goes.
        self._room = GPU_BATCH if is_gpu else CPU_BATCH_BYTES / functions.output_bytes
        self.best_batch = GPU_BATCH if is_gpu else max(min(CPU_BATCH, int(self._room)), 1)
        self.notices: list[str] = []
        self.used = Cost()
        self.warm_up_s = 0.0

    def call(
        self,
        function: Callable[..., Any],
        inputs: Array,
        run: Run | None,
        cost: Cost,
        *rows: Array,
        results: int | None = None,
        memory: float = 1.0,
    ) -> tuple[Array, ...]:
        """What `function` gives for all inputs (n, *grid, channels), each result (n, ...).

        cost: of one input, added to `used`. rows: further arguments with one row for each input. results:
        how many of the results are kept, the first ones; all by default. memory: what the function takes for
        an input, beside a gradient; batches are as much smaller where that is needed.

        Raises IncompatibleInput, NotFinite, OutOfMemory, GpuFailed or Cancelled.
        """
        require_inputs(self._card, inputs)
        return self.call_rows(function, (inputs, *rows), run, cost, results, memory=memory)

    def call_rows(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Array],
        run: Run | None,
        cost: Cost,
        results: int | None = None,
        shared: Sequence[Any] = (),
        memory: float = 1.0,
    ) -> tuple[Array, ...]:
        """The same for any arguments (n, ...) with one row for each item, the first of them float32.

        shared: further arguments, which are the same in every batch. memory: as for `call`.
        Raises OutOfMemory or Cancelled.
        """
        inputs, *rows = arguments
        self._functions.weights.use(self.draw)
        parts: list[tuple[Array, ...]] = []
        start = 0
        is_first, started = function not in self._functions.first_calls, time.monotonic()
        while start < len(inputs):
            if run is not None:
                run.check()
            size = self._size(memory)
            batch, *more = (each[start : start + size] for each in (inputs, *rows))
            try:
                answers = function(self._tf.constant(batch, self._tf.float32), *more, *shared)
                # A GPU may report here, where its answer is fetched, what failed while it computed.
                parts.append(tuple(answer.numpy() for answer in answers[:results]))
            except self._tf.errors.OpError as error:
                self._after(error)
                continue
            self.used = self.used.plus(cost.times(len(batch)))
            start += len(batch)
            if is_first:
                is_first = False
                first = FirstCall(time.monotonic() - started, len(batch))
                self._functions.first_calls[function] = first
                self.warm_up_s += first.seconds
        return tuple(np.concatenate(pieces) for pieces in zip(*parts, strict=True))

    @contextmanager
    def at_batch(self, size: int) -> Iterator[None]:
        """Calls within use this batch size, for comparisons with other implementations."""
        before, self.best_batch = self.best_batch, size
        try:
            yield
        finally:
            self.best_batch = before

    def _size(self, memory: float) -> int:
        """Inputs of the next batch; `memory` as for `call`."""
        if memory <= 1.0:
            return self.best_batch
        return max(min(self.best_batch, int(self._room / memory)), 1)

    def _after(self, error: Exception) -> None:
        """Halve the batch after a lack of memory; raises GpuFailed after another failure of a GPU."""
        if self._is_shortage(error):
            self._halve()
        elif self.device.kind == "gpu":
            raise GpuFailed(
                f"The GPU stopped computing with {self._card.id} ({type(error).__name__}).",
                "Try again without deterministic mode, or choose the CPU as device."
                if self.device.deterministic_mode
                else "Try again, or choose the CPU as device.",
            ) from error
        else:
            raise error

    def _is_shortage(self, error: Exception) -> bool:
        """Whether an error of TensorFlow means that the device has no memory for the batch.

        cuDNN and XLA report it as errors of other kinds: no algorithm of a convolution found room.
        """
        if isinstance(error, self._tf.errors.ResourceExhaustedError):
            return True
        message = str(error).lower()
        return self.device.kind == "gpu" and any(phrase in message for phrase in SHORTAGE_PHRASES)

    def _halve(self) -> None:
        if self.best_batch == 1:
            raise OutOfMemory(
                f"The device has no memory left for one image with {self._card.id}.",
                "Close other programs or choose a smaller model.",
            )
        self.best_batch //= 2
        if not self.notices:
            self.notices.append(f"The device ran out of memory; going on in batches of {self.best_batch}.")


def require_inputs(card: Card, inputs: Array) -> None:
    """Raises IncompatibleInput or NotFinite unless `inputs` are finite and (n, *grid, channels)."""
    shape = card.preprocessing.shape
    if inputs.ndim != len(shape) + 1 or inputs.shape[1:] != shape or len(inputs) == 0:
        raise IncompatibleInput(
            f"{card.id} takes inputs of {shape}, not {inputs.shape[1:]}.",
            "Prepare the image with the card's preprocessing.",
        )
    # Behind a ReLU a NaN has the gradient 0, which would pass for a map.
    if not np.isfinite(inputs).all():
        raise NotFinite(
            f"{card.id} was given an image with values that are not finite numbers.",
            "Repair the image in its source.",
        )
