"""The z-box rule (Montavon et al. 2017, doi 10.1016/j.patcog.2016.11.008)."""

from typing import Any

from core.models.backward.rules.linear_call import LinearCall, negative, positive, stabilised
from core.models.runtime import frameworks


def relevance(call: LinearCall, signal: Any, low: float | None, high: float | None) -> Any:
    """Shares by x W - low W+ - high W-, with the box's ends where a pixel is; the bias cancels.

    low, high: of the network's input; None: each input's own lowest and highest value.
    """
    _, tf = frameworks()
    image = call.network_input
    axes = list(range(1, len(image.shape)))
    ones = tf.ones_like(image)
    ends = (
        ones * (tf.reduce_min(image, axes, keepdims=True) if low is None else low),
        ones * (tf.reduce_max(image, axes, keepdims=True) if high is None else high),
    )
    # A scaling of the input may turn the box around.
    carried = [call.carried(end, True) for end in ends]
    lowest, highest = tf.minimum(*carried), tf.maximum(*carried)
    up, down = positive(call.kernel), negative(call.kernel)
    sums = call.product(call.x, call.kernel) - call.product(lowest, up) - call.product(highest, down)
    quotient = signal / stabilised(sums, call.stabiliser)
    return (
        call.x * call.transposed(call.kernel, quotient)
        - lowest * call.transposed(up, quotient)
        - highest * call.transposed(down, quotient)
    )
