"""A layer with weights as its rules see it: input, output, weights, and products with other weights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.models.backward.steps import LinearStep, vector_jacobian
from core.models.runtime import frameworks


@dataclass(frozen=True, slots=True)
class LinearCall:
    """One linear step in one pass. x, z: its input and output. kernel, bias: its weights.

    is_nonnegative: whether x is nowhere below 0. stabiliser: see `Composite`. carried: a tensor of the
    network's input brought to this step's input, as values (True) or as places (False): padding puts zeros in
    both, a scaling of the input changes values only. network_input: of this pass.
    """

    step: LinearStep
    x: Any
    z: Any
    kernel: Any
    bias: Any
    is_nonnegative: bool
    stabiliser: float
    carried: Callable[[Any, bool], Any]
    network_input: Any

    def product(self, x: Any, kernel: Any) -> Any:
        """W x for another input or kernel, without a bias."""
        return self.step.product(x, kernel)

    def transposed(self, kernel: Any, signal: Any) -> Any:
        """W^T signal, of the shape of x."""
        shape = like_in_shape(self.x, signal)
        return vector_jacobian(lambda x: self.step.product(x, kernel), [shape], signal)[0]


def like_in_shape(tensor: Any, signal: Any) -> Any:
    """Zeros of a tensor's shape, with as many rows as `signal`, for slopes that do not depend on its values.

    Asked for its shape on the way back, the tensor itself would have to wait for it in memory.
    """
    _, tf = frameworks()
    return tf.zeros([tf.shape(signal)[0], *tensor.shape[1:]], tensor.dtype)


def stabilised(z: Any, epsilon: float) -> Any:
    """z moved away from 0 by `epsilon`; 0 itself upwards."""
    _, tf = frameworks()
    size = tf.constant(epsilon, z.dtype)
    return z + tf.where(z >= 0, size, -size)


def positive(tensor: Any) -> Any:
    """max(t, 0)."""
    _, tf = frameworks()
    return tf.nn.relu(tf.convert_to_tensor(tensor))


def negative(tensor: Any) -> Any:
    """min(t, 0)."""
    _, tf = frameworks()
    return -tf.nn.relu(-tf.convert_to_tensor(tensor))
