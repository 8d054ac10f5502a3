"""LRP-gamma (Montavon et al. 2019, doi 10.1007/978-3-030-28954-6_10), for values of both signs.

The generalised form of zennit: what has the output's sign is enlarged, whichever sign that is.
"""

from typing import Any

from core.models.backward.rules.linear_call import LinearCall, negative, positive, stabilised
from core.models.runtime import frameworks


def relevance(call: LinearCall, signal: Any, gamma: float) -> Any:
    """Shares by x (W + gamma W+) where z > 0 and by x (W + gamma W-) where z < 0, for x above 0.

    For x below 0 the two kernels change places. An output of 0 hands nothing on.
    """
    _, tf = frameworks()
    none = tf.zeros_like(signal)
    up, down = call.kernel + gamma * positive(call.kernel), call.kernel + gamma * negative(call.kernel)
    bias_up = call.bias + gamma * positive(call.bias)
    bias_down = call.bias + gamma * negative(call.bias)
    above, below = positive(call.x), negative(call.x)

    def quotient(is_chosen: Any, kernel: Any, kernel_below: Any, bias: Any) -> Any:
        sums = call.product(call.x if call.is_nonnegative else above, kernel) + bias
        if not call.is_nonnegative:
            sums = sums + call.product(below, kernel_below)
        return tf.where(is_chosen, signal, none) / stabilised(sums, call.stabiliser)

    rising = quotient(call.z > 0, up, down, bias_up)
    falling = quotient(call.z < 0, down, up, bias_down)
    result = above * (call.transposed(up, rising) + call.transposed(down, falling))
    if call.is_nonnegative:
        return result
    return result + below * (call.transposed(down, rising) + call.transposed(up, falling))
