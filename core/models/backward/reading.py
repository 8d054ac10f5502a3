"""The steps of a Keras network; see `core.models.backward.steps`."""

from collections.abc import Callable, Iterator
from typing import Any

from core.errors import NotApplicable
from core.models.backward.steps import (
    ActivationStep,
    AddStep,
    AffineStep,
    AverageStep,
    GateStep,
    InputStep,
    LinearStep,
    MaximumStep,
    RearrangementStep,
    Step,
)
from core.models.runtime import frameworks

# Functions of each value with f(0) = 0, so that a rule can pass relevance through.
PASSED_ACTIVATIONS = frozenset({"relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh"})
GATES = frozenset({"sigmoid", "hard_sigmoid"})

_TRANSPOSED = frozenset({"Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"})
_LINEAR = _TRANSPOSED | {"Conv1D", "Conv2D", "Conv3D", "Dense", "DepthwiseConv2D", "SeparableConv2D"}
_AFFINE = frozenset({"BatchNormalization", "Rescaling", "Normalization"})
# Of upsampling only the kind that repeats values.
_MOVING = ("ZeroPadding", "Cropping", "Flatten", "Reshape", "Permute", "UpSampling")
_FOR_TRAINING = ("Dropout", "SpatialDropout", "GaussianNoise", "GaussianDropout", "ActivityRegularization")
# The beginnings of layers' kinds, of any number of axes, and the step that calls such a layer.
_CALLED: tuple[tuple[tuple[str, ...], Callable[..., Step]], ...] = (
    (("MaxPooling", "GlobalMaxPooling"), MaximumStep),
    (("AveragePooling", "GlobalAveragePooling"), AverageStep),
    (_MOVING + _FOR_TRAINING, RearrangementStep),
)


def steps_of(model: Any) -> tuple[Step, ...]:
    """The steps of a functional Keras model from its input to its logits, each behind those it depends on.

    Raises NotApplicable for a layer for which no rule is defined.
    """
    reader = _Reader()
    for layer in model.layers:
        reader.read(layer)
    steps = reader.steps
    # Nothing behind the logits, nor beside them.
    last = reader.number_of(model.output)
    return tuple(steps[: last + 1])


def activations_of(steps: tuple[Step, ...]) -> frozenset[str]:
    """The names of the nonlinear functions between a network's layers."""
    return frozenset(step.function_name for step in steps if isinstance(step, ActivationStep))


class _Reader:
    """Reads layer after layer."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._numbers: dict[int, int] = {}

    def number_of(self, tensor: Any) -> int:
        """The step whose output a symbolic tensor is."""
        return self._numbers[id(tensor)]

    def read(self, layer: Any) -> None:
        """Add the steps of a layer. Raises NotApplicable."""
        if len(layer._inbound_nodes) != 1 or isinstance(layer.output, (list, tuple, dict)):
            raise _unknown(layer, "is used twice or has several outputs")
        if type(layer).__name__ == "InputLayer":
            self.steps.append(InputStep(layer.name, ()))
        else:
            tensors = layer.input if isinstance(layer.input, list) else [layer.input]
            numbers = tuple(self._numbers[id(tensor)] for tensor in tensors)
            for step in _layer_steps(layer, numbers, self.steps):
                self.steps.append(step)
        self._numbers[id(layer.output)] = len(self.steps) - 1


def _layer_steps(layer: Any, numbers: tuple[int, ...], earlier: list[Step]) -> Iterator[Step]:
    """The steps of a layer, whose inputs are those of these numbers. Raises NotApplicable."""
    kind, ahead = type(layer).__name__, len(earlier)
    called = next((make for kinds, make in _CALLED if kind.startswith(kinds)), None)
    if kind.startswith("UpSampling") and getattr(layer, "interpolation", "nearest") != "nearest":
        raise _unknown(layer, "interpolates")
    if kind in _LINEAR:
        linear = list(_linear_steps(layer, numbers, ahead))
        yield from linear
        yield from _activation_steps(layer, (ahead + len(linear) - 1,))
    elif kind in ("Activation", "ReLU"):
        yield from _activation_steps(layer, numbers)
    elif kind in _AFFINE:
        yield AffineStep(layer.name, numbers, *_affine_weights(layer), is_norm=kind == "BatchNormalization")
    elif called is not None:
        yield called(layer.name, numbers, lambda tensor: layer(tensor, training=False))
    else:
        yield from _joining_steps(layer, numbers, earlier)


def _joining_steps(layer: Any, numbers: tuple[int, ...], earlier: list[Step]) -> Iterator[Step]:
    """The steps of a layer that puts several tensors together. Raises NotApplicable for any other."""
    kind, ahead = type(layer).__name__, len(earlier)
    if kind == "Add":
        yield AddStep(layer.name, numbers)
    elif kind == "CustomScaleLayer":  # InceptionResNetV2: the first input plus a multiple of the second
        yield AffineStep(layer.name, numbers[1:], lambda: layer.scale, lambda: 0.0, is_norm=False)
        yield AddStep(layer.name, (numbers[0], ahead))
    elif kind == "Multiply":
        yield GateStep(layer.name, numbers, _signal_of(layer, numbers, earlier))
    elif kind == "Concatenate":
        yield RearrangementStep(layer.name, numbers, lambda *tensors: layer(list(tensors)))
    else:
        raise _unknown(layer, f"is of the kind {kind}")


def _unknown(layer: Any, reason: str) -> NotApplicable:
    return NotApplicable(
        f"The layer {layer.name!r} {reason}, for which no rule of a backward pass is defined.",
        "Choose a method that needs gradients only, such as Integrated Gradients.",
    )


def _activation_steps(layer: Any, numbers: tuple[int, ...]) -> Iterator[Step]:
    """The layer's activation function as a step; none for a linear layer. Raises NotApplicable."""
    if type(layer).__name__ == "ReLU":
        is_plain = layer.max_value is None and not layer.negative_slope and not layer.threshold
        if not is_plain and layer.threshold:
            raise _unknown(layer, "is a ReLU with a threshold")
        name = "relu" if is_plain else "relu6" if not layer.negative_slope else "leaky_relu"
        yield ActivationStep(layer.name, numbers, name, lambda tensor: layer(tensor, training=False))
        return
    function = layer.activation
    name = getattr(function, "__name__", type(function).__name__)
    if name == "linear":
        return
    if name not in PASSED_ACTIVATIONS | GATES:
        raise _unknown(layer, f"has the activation {name}")
    yield ActivationStep(layer.name, numbers, name, function)


def _linear_steps(layer: Any, numbers: tuple[int, ...], ahead: int) -> Iterator[LinearStep]:
    """The weights of a layer as one step, those of a separable convolution as two."""
    keras, _ = frameworks()
    kind, ops = type(layer).__name__, keras.ops
    is_biased = getattr(layer, "use_bias", False)

    def convolve(operation: Any, **options: Any) -> Callable[[Any, Any], Any]:
        return lambda x, kernel: operation(x, kernel, data_format=layer.data_format, **options)

    def weights(name: str) -> Callable[[], Any]:
        # Read at each call: a sanity check changes them.
        return lambda: ops.convert_to_tensor(getattr(layer, name))

    def bias() -> Any:
        return ops.convert_to_tensor(layer.bias) if is_biased else 0.0

    def last_axis(kernel: Any, scale: Any) -> Any:
        return kernel * scale

    def two_axes(kernel: Any, scale: Any) -> Any:
        return kernel * ops.reshape(scale, kernel.shape[-2:])

    def before_last_axis(kernel: Any, scale: Any) -> Any:
        return kernel * scale[:, None]

    windows = {} if kind == "Dense" else {
        "strides": layer.strides, "padding": layer.padding, "dilation_rate": layer.dilation_rate
    }  # fmt: skip
    if kind == "Dense":
        yield LinearStep(layer.name, numbers, True, weights("kernel"), bias, ops.matmul, last_axis)
    elif kind in _TRANSPOSED:
        product = convolve(ops.conv_transpose, output_padding=layer.output_padding, **windows)
        yield LinearStep(layer.name, numbers, False, weights("kernel"), bias, product, before_last_axis)
    elif kind == "DepthwiseConv2D":
        product = convolve(ops.depthwise_conv, **windows)
        yield LinearStep(layer.name, numbers, False, weights("kernel"), bias, product, two_axes)
    elif kind == "SeparableConv2D":
        product = convolve(ops.depthwise_conv, **windows)
        depthwise, pointwise = weights("depthwise_kernel"), weights("pointwise_kernel")
        yield LinearStep(layer.name, numbers, False, depthwise, lambda: 0.0, product, two_axes)
        product = convolve(ops.conv, strides=1, padding="valid")
        yield LinearStep(layer.name, (ahead,), False, pointwise, bias, product, last_axis)
    else:
        product = convolve(ops.conv, **windows)
        yield LinearStep(layer.name, numbers, False, weights("kernel"), bias, product, last_axis)


def _norm_weights(layer: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Scale and shift of a batch norm with its learned statistics. Raises NotApplicable."""
    keras, _ = frameworks()
    ops = keras.ops
    if layer.axis not in (-1, len(layer.input.shape) - 1):
        raise _unknown(layer, "normalises another axis than that of the channels")

    def scale() -> Any:
        root = ops.rsqrt(ops.convert_to_tensor(layer.moving_variance) + layer.epsilon)
        return root * layer.gamma if layer.scale else root

    def shift() -> Any:
        moved = -ops.convert_to_tensor(layer.moving_mean) * scale()
        return moved + layer.beta if layer.center else moved

    return scale, shift


def _affine_weights(layer: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Scale and shift of a layer that has one of each for a channel. Raises NotApplicable."""
    kind = type(layer).__name__
    if kind == "Rescaling":
        return lambda: layer.scale, lambda: layer.offset
    return _norm_weights(layer) if kind == "BatchNormalization" else _normalisation_weights(layer)


def _normalisation_weights(layer: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Scale and shift of a Normalization layer. Raises NotApplicable where it undoes one."""
    keras, _ = frameworks()
    ops = keras.ops
    if layer.invert:
        raise _unknown(layer, "undoes a normalisation")

    def scale() -> Any:
        deviation = ops.sqrt(ops.convert_to_tensor(layer.variance))
        return 1.0 / ops.maximum(deviation, keras.config.epsilon())

    return scale, lambda: -ops.convert_to_tensor(layer.mean) * scale()


def _signal_of(layer: Any, numbers: tuple[int, ...], earlier: list[Step]) -> int:
    """Which input of a product is not its gate. Raises NotApplicable where that is not clear."""
    gates = [place for place, number in enumerate(numbers) if _is_gate(number, earlier)]
    if len(numbers) != 2 or len(gates) != 1:
        raise _unknown(layer, "multiplies two signals")
    return 1 - gates[0]


def _is_gate(number: int, steps: list[Step]) -> bool:
    step = steps[number]
    while isinstance(step, RearrangementStep) and len(step.inputs) == 1:
        step = steps[step.inputs[0]]
    return isinstance(step, ActivationStep) and step.function_name in GATES
