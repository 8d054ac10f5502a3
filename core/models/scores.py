"""Targets and probabilities of a classifier, made from its logits."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.errors import BadParameter, IncompatibleInput
from core.models.card import Card
from core.network.target import ClassTarget, OutputScale, Target


def class_weights(target: Target, card: Card) -> Array:
    """(classes,) float32: the target is the sum of the score's classes, each times its weight.

    Raises BadParameter for a class that the model does not have, IncompatibleInput for a target that is not
    of classes.
    """
    count = len(card.classes)
    for index in target.classes:
        if not 0 <= index < count:
            raise BadParameter(
                f"The target names class {index}, but {card.id} has {count} classes.",
                f"Classes: {', '.join(card.classes)}.",
            )
    if not isinstance(target, ClassTarget):
        raise IncompatibleInput(f"{card.id} is a classifier and has no such target.", "Choose a class.")
    return target.class_weights(count)


def target_rows(target: Target | Sequence[Target], card: Card, count: int) -> tuple[Array, OutputScale]:
    """(count, classes) the weights of the score's classes for each input, and the scale of the score.

    target: one for all inputs, or one for each, all of the same scale. Raises what `class_weights` raises.
    """
    targets = [target] * count if isinstance(target, Target) else list(target)
    scales = {each.scale for each in targets}
    assert len(targets) == count, (len(targets), count)
    assert len(scales) == 1, scales
    return np.stack([class_weights(each, card) for each in targets]), scales.pop()


def probabilities_of(logits: Array, temperature: float | None) -> Array:
    """(n, classes) float32: the softmax of logits (n, classes) over the temperature, if there is one."""
    scaled = logits.astype(np.float64) / (temperature or 1.0)
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
