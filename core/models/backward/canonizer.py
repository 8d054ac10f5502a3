"""Batch norm as part of the layer before it, so that a rule sees one layer with weights."""

from collections import Counter
from dataclasses import replace
from typing import Any

from core.models.backward.steps import AffineStep, LinearStep, RearrangementStep, Step


def with_merged_norms(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The same network, with every batch norm right behind a linear step merged into that.

    With z = W x + b the batch norm gives (scale W) x + scale b + shift. A step whose output something else
    takes as well, as in a dense block, keeps its weights, and its batch norm stays. The epsilon of the batch
    norm is in `scale`; zennit 0.5.1 leaves 1 / sqrt(1 + epsilon) behind.
    """
    consumers = Counter(number for step in steps for number in step.inputs)
    changed = list(steps)
    for number, step in enumerate(steps):
        if not (isinstance(step, AffineStep) and step.is_norm):
            continue
        before = changed[step.inputs[0]]
        if isinstance(before, LinearStep) and consumers[step.inputs[0]] == 1:
            changed[step.inputs[0]] = _merged(before, step)
            changed[number] = RearrangementStep(step.name, step.inputs, _unchanged)
    return tuple(changed)


def _merged(linear: LinearStep, norm: AffineStep) -> LinearStep:
    return replace(
        linear,
        kernel=lambda: linear.scaled(linear.kernel(), norm.scale()),
        bias=lambda: linear.bias() * norm.scale() + norm.shift(),
    )


def _unchanged(tensor: Any) -> Any:
    return tensor
