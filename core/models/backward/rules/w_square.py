"""The w-square rule (Montavon et al. 2017, doi 10.1016/j.patcog.2016.11.008)."""

from typing import Any

from core.models.backward.rules.linear_call import LinearCall, stabilised
from core.models.runtime import frameworks


def relevance(call: LinearCall, signal: Any) -> Any:
    """Shares by W^2; the squared bias takes one as well. Padding has none."""
    _, tf = frameworks()
    places = call.carried(tf.ones_like(call.network_input), False)
    squares = call.kernel * call.kernel
    sums = call.product(places, squares) + call.bias * call.bias
    return places * call.transposed(squares, signal / stabilised(sums, call.stabiliser))
