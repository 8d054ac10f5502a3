"""DeepLIFT's rescale rule (Shrikumar et al. 2017, arXiv 1704.02685): differences instead of slopes.

Tensors hold the inputs first and then, in the same order, their baselines: (2n, ...); multipliers (n, ...).
"""

from typing import Any

from core.models.backward.steps import ActivationStep, GateStep, MaximumStep, vector_jacobian
from core.models.runtime import frameworks

# Below these, differences are taken as none, and the quotient of a smooth function is mostly rounding,
# while its slope half-way is near.
NO_DIFFERENCE = 1e-10
SMALL_DIFFERENCE = 1e-3


def halves(tensor: Any) -> tuple[Any, Any]:
    """The rows of the inputs and those of their baselines."""
    _, tf = frameworks()
    count = tf.shape(tensor)[0] // 2
    return tensor[:count], tensor[count:]


def activation(step: ActivationStep, tensor: Any, signal: Any) -> Any:
    """The multipliers behind it times the quotient of its differences, or its slope where there is none.

    Its output is computed again: that of the way forward need not wait in memory for the way back.
    """
    _, tf = frameworks()
    (x, start), (y, y_start) = halves(tensor), halves(step.apply(tensor))
    difference = x - start
    if step.function_name == "relu":  # the most frequent by far; differences of both are exact where small
        quotient = tf.math.divide_no_nan(y - y_start, difference)
        return signal * tf.where(tf.equal(difference, 0), tf.cast(x > 0, x.dtype), quotient)
    is_near = tf.abs(difference) < SMALL_DIFFERENCE
    slope = vector_jacobian(step.apply, [(x + start) / 2], signal)[0]
    divisor = tf.where(is_near, tf.ones_like(difference), difference)
    return tf.where(is_near, slope, signal * (y - y_start) / divisor)


def maximum(step: MaximumStep, tensor: Any, output: Any, signal: Any) -> Any:
    """Multipliers of maximum pooling: of y - y0, what raises the input's winner and the baseline's.

    With m = max(y, y0) the winner of the input gets m - y0, that of the baseline y - m. On ties the
    first one wins.
    """
    _, tf = frameworks()
    (x, start), (y, y_start) = halves(tensor), halves(output)
    highest = tf.maximum(y, y_start)
    raised = vector_jacobian(step.apply, [x], signal * (highest - y_start))[0]
    lowered = vector_jacobian(step.apply, [start], signal * (y - highest))[0]
    difference = x - start
    is_near = tf.abs(difference) < NO_DIFFERENCE
    divisor = tf.where(is_near, tf.ones_like(difference), difference)
    return tf.where(is_near, tf.zeros_like(difference), (raised + lowered) / divisor)


def gate(step: GateStep, first: Any, second: Any, signal: Any) -> list[Any]:
    """Multipliers of a product: each factor's difference times the mean of the other.

    The two add up to the product's difference; it is their Shapley value.
    """
    means = [sum(halves(tensor)) / 2 for tensor in (first, second)]
    return vector_jacobian(step.apply, means, signal)
