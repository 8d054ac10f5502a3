"""Targets and probabilities of a classifier, made from its logits."""

import numpy as np

from core.arrays import Array
from core.errors import BadParameter
from core.models.card import Card
from core.network.target import Target


def class_weights(target: Target, card: Card) -> Array:
    """(classes,) float32: the target is the sum of the score's classes, each times its weight.

    Raises BadParameter for a class that the model does not have.
    """
    weights = np.zeros(len(card.classes), np.float32)
    for index, sign in ((target.index, 1.0), (target.against, -1.0)):
        if index is None:
            continue
        if not 0 <= index < len(card.classes):
            raise BadParameter(
                f"The target names class {index}, but {card.id} has {len(card.classes)} classes.",
                f"Classes: {', '.join(card.classes)}.",
            )
        weights[index] += sign
    return weights


def scale_of(target: Target) -> str:
    """`logit` or `probability`: the scores whose weighted sum the target is.

    A difference is a weighted sum of logits, like a single logit: one traced function serves both.
    """
    return "probability" if target.kind == "probability" else "logit"


def probabilities_of(logits: Array, temperature: float | None) -> Array:
    """(n, classes) float32: the softmax of logits (n, classes) over the temperature, if there is one."""
    scaled = logits.astype(np.float64) / (temperature or 1.0)
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
