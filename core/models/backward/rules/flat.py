"""The flat rule (Lapuschkin et al. 2019, doi 10.1038/s41467-019-08987-4)."""

from typing import Any

from core.models.backward.rules.linear_call import LinearCall, stabilised
from core.models.runtime import frameworks


def relevance(call: LinearCall, signal: Any) -> Any:
    """The same share for every input of the receptive field; none for padding and bias."""
    _, tf = frameworks()
    places = call.carried(tf.ones_like(call.network_input), False)
    ones = tf.ones_like(call.kernel)
    sums = call.product(places, ones)
    return places * call.transposed(ones, signal / stabilised(sums, call.stabiliser))
