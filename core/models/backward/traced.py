"""The function that a network's relevance is called by: values and what the pass hands back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.models.backward.propagation import Propagation
from core.models.backward.rules.rescale import halves
from core.models.backward.steps import Step
from core.models.runtime import frameworks
from core.network.composite import Composite

# Gauss-Legendre points on the way between two outputs; of a softmax they leave less than 0.1 % of its rise.
POINTS = 32

# What a pass takes for an input, beside a gradient: more tensors of the way forward wait for the way back,
# and of comparisons there are two inputs.
RULES_MEMORY, COMPARISON_MEMORY = 1.6, 3.2

Score = Callable[[Any, Any], Any]


def relevance_pass(steps: tuple[Step, ...], composite: Composite, score: Score) -> Callable[..., Any]:
    """A function of inputs (n, *grid, channels), weights (n, classes) and, if compared, baselines.

    It gives (n,) values and (n, *grid, channels) what was handed back. The values are the target; its
    differences from the baselines'; or the relevance that started, which is each logit's part of the score's
    tangent, logit x slope, summed: of a logit the logit itself, of a probability not the probability.
    score: (n,) the target from logits (n, classes) and weights.
    """
    propagation = Propagation(steps, composite)

    def relevance(x: Any, weights: Any) -> Any:
        _, tf = frameworks()
        passed = propagation.forward(x)
        values, slope = _slope(score, passed.logits, weights)
        if not composite.starts_from_score:
            return values, propagation.backward(passed, slope)
        start = slope * passed.logits
        return tf.reduce_sum(start, axis=-1), propagation.backward(passed, start)

    def differences(x: Any, weights: Any, baselines: Any) -> Any:
        _, tf = frameworks()
        passed = propagation.forward(tf.concat([x, baselines], axis=0))
        logits, start_logits = halves(passed.logits)
        values = score(logits, weights) - score(start_logits, weights)
        multipliers = _mean_slope(score, start_logits, logits, weights)
        return values, (x - baselines) * propagation.backward(passed, multipliers)

    return differences if composite.needs_baselines else relevance


def memory_beside_gradient(composite: Composite) -> float:
    """How many times the memory of a gradient a pass takes."""
    return COMPARISON_MEMORY if composite.needs_baselines else RULES_MEMORY


def _slope(score: Score, logits: Any, weights: Any) -> tuple[Any, Any]:
    """(n,) the score and (n, classes) its gradient by the logits."""
    _, tf = frameworks()
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(logits)
        values = score(logits, weights)
    return values, tape.gradient(values, logits)


def _mean_slope(score: Score, start: Any, end: Any, weights: Any) -> Any:
    """(n, classes) the mean gradient of the score on the straight way between two outputs.

    Of a logit it is the slope; of a probability, for which the rescale rule is not defined, the multipliers
    with which its change is complete (Aumann and Shapley).
    """
    _, tf = frameworks()
    places, shares = np.polynomial.legendre.leggauss(POINTS)
    places, shares = (tf.constant(part[:, None, None], end.dtype) for part in ((places + 1) / 2, shares / 2))
    points = start + places * (end - start)
    _, slopes = _slope(score, tf.reshape(points, [-1, end.shape[-1]]), tf.tile(weights, [POINTS, 1]))
    return tf.reduce_sum(tf.reshape(slopes, tf.shape(points)) * shares, axis=0)
