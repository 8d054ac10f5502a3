"""LRP-alpha-beta (Bach et al. 2015, doi 10.1371/journal.pone.0130140), z+ among them.

z+ (alpha 1, beta 0) is Montavon et al. 2017, doi 10.1016/j.patcog.2016.11.008, here for inputs of both signs:
a negative input with a negative weight contributes positively.
"""

from typing import Any

from core.models.backward.rules.linear_call import LinearCall, negative, positive, stabilised


def relevance(call: LinearCall, signal: Any, alpha: float) -> Any:
    """`alpha` times the shares of positive contributions less alpha - 1 times those of negative ones.

    Each kind is divided by its own sum, in which the part of the bias with the same sign takes a share.
    """
    result = alpha * _shares(call, signal, positive(call.kernel), negative(call.kernel), positive(call.bias))
    if alpha != 1.0:
        against = _shares(call, signal, negative(call.kernel), positive(call.kernel), negative(call.bias))
        result = result - (alpha - 1.0) * against
    return result


def _shares(call: LinearCall, signal: Any, kernel: Any, kernel_below: Any, bias: Any) -> Any:
    """Shares by x+ W + x- W', W being the kernel for positive inputs and W' that for negative ones."""
    if call.is_nonnegative:
        sums = call.product(call.x, kernel) + bias
        return call.x * call.transposed(kernel, signal / stabilised(sums, call.stabiliser))
    above, below = positive(call.x), negative(call.x)
    sums = call.product(above, kernel) + call.product(below, kernel_below) + bias
    quotient = signal / stabilised(sums, call.stabiliser)
    return above * call.transposed(kernel, quotient) + below * call.transposed(kernel_below, quotient)
