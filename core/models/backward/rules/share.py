"""Relevance in proportion to what each input contributes to a sum or a mean (zennit's Norm)."""

from collections.abc import Sequence
from typing import Any

from core.models.backward.rules.linear_call import stabilised
from core.models.backward.steps import Step, vector_jacobian


def relevance(step: Step, tensors: Sequence[Any], output: Any, signal: Any, stabiliser: float) -> list[Any]:
    """x_i dy/dx_i R / y for each input, with y moved away from 0."""
    quotient = signal / stabilised(output, stabiliser)
    slopes = vector_jacobian(step.apply, tensors, quotient)
    return [tensor * slope for tensor, slope in zip(tensors, slopes, strict=True)]
