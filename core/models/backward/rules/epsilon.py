"""LRP-epsilon (Bach et al. 2015, doi 10.1371/journal.pone.0130140)."""

from typing import Any

from core.models.backward.rules.linear_call import LinearCall, stabilised


def relevance(call: LinearCall, signal: Any, epsilon: float) -> Any:
    """x W^T [R / (z + epsilon sign z)]; the bias has its share of z."""
    return call.x * call.transposed(call.kernel, signal / stabilised(call.z, epsilon))
