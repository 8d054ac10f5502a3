"""The elementary operations of a network, of which the rules of a backward pass speak.

A Keras layer is one step or several: a convolution with an activation is two. Tensors are
(n, *grid, channels) or (n, features) unless said otherwise.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.models.runtime import frameworks

Weights = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Step(ABC):
    """One operation. name: of its Keras layer. inputs: the numbers of the steps whose outputs it takes."""

    name: str
    inputs: tuple[int, ...]

    @abstractmethod
    def apply(self, *tensors: Any) -> Any:
        """Its output for its inputs."""

    def is_nonnegative(self, inputs: Sequence[bool]) -> bool:
        """Whether its output is nowhere below 0. inputs: whether each input is."""
        return all(inputs)


@dataclass(frozen=True, slots=True)
class InputStep(Step):
    """The network's input."""

    def apply(self, *tensors: Any) -> Any:
        """The input."""
        return tensors[0]

    def is_nonnegative(self, inputs: Sequence[bool]) -> bool:
        """Never: z-scores have both signs."""
        return False


@dataclass(frozen=True, slots=True)
class LinearStep(Step):
    """A convolution or a dense layer, without its activation.

    kernel, bias: its weights when called, so that a graph reads them anew each time. product: of an input and
    a kernel. scaled: a kernel whose output channels are multiplied by (channels,).
    """

    is_dense: bool
    kernel: Weights
    bias: Weights
    product: Callable[[Any, Any], Any]
    scaled: Callable[[Any, Any], Any]

    def apply(self, *tensors: Any) -> Any:
        """W x + b."""
        return self.product(tensors[0], self.kernel()) + self.bias()

    def is_nonnegative(self, inputs: Sequence[bool]) -> bool:
        """Never: weights have both signs."""
        return False


@dataclass(frozen=True, slots=True)
class AffineStep(Step):
    """scale x + shift for each channel. is_norm: whether it is a batch norm, not a scaling of the input."""

    scale: Weights
    shift: Weights
    is_norm: bool

    def apply(self, *tensors: Any) -> Any:
        """The scaled and shifted input."""
        return tensors[0] * self.scale() + self.shift()

    def is_nonnegative(self, inputs: Sequence[bool]) -> bool:
        """Never: scale and shift have both signs."""
        return False


@dataclass(frozen=True, slots=True)
class ActivationStep(Step):
    """A nonlinearity of each value. function_name: Keras' name of it."""

    function_name: str
    function: Callable[[Any], Any]

    def apply(self, *tensors: Any) -> Any:
        """The function of the input."""
        return self.function(tensors[0])

    def is_nonnegative(self, inputs: Sequence[bool]) -> bool:
        """Of those that cut negative values off."""
        return self.function_name in ("relu", "relu6", "sigmoid", "hard_sigmoid")


@dataclass(frozen=True, slots=True)
class MaximumStep(Step):
    """Maximum pooling, local or global."""

    function: Callable[[Any], Any]

    def apply(self, *tensors: Any) -> Any:
        """The largest value of each window."""
        return self.function(tensors[0])


@dataclass(frozen=True, slots=True)
class AverageStep(Step):
    """Average pooling, local or global."""

    function: Callable[[Any], Any]

    def apply(self, *tensors: Any) -> Any:
        """The mean of each window."""
        return self.function(tensors[0])


@dataclass(frozen=True, slots=True)
class AddStep(Step):
    """The sum of several tensors."""

    def apply(self, *tensors: Any) -> Any:
        """The sum."""
        total = tensors[0]
        for tensor in tensors[1:]:
            total = total + tensor
        return total


@dataclass(frozen=True, slots=True)
class GateStep(Step):
    """The product of a signal and a gate between 0 and 1, as in squeeze-and-excitation.

    signal: which of the two inputs is not the gate.
    """

    signal: int

    def apply(self, *tensors: Any) -> Any:
        """The product."""
        return tensors[0] * tensors[1]


@dataclass(frozen=True, slots=True)
class RearrangementStep(Step):
    """What moves values or leaves them as they are: concatenation, padding, flattening, dropout.

    Its gradient moves relevance back in the same way.
    """

    function: Callable[..., Any]

    def apply(self, *tensors: Any) -> Any:
        """The values in their new places."""
        return self.function(*tensors)


def vector_jacobian(function: Callable[..., Any], tensors: Sequence[Any], signal: Any) -> list[Any]:
    """The gradient of sum(signal * function(*tensors)) by each of the tensors, of their shapes."""
    _, tf = frameworks()
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(list(tensors))
        output = function(*tensors)
    gradients: list[Any] = tape.gradient(output, list(tensors), output_gradients=signal)
    return gradients
