"""Classification metrics and their bootstrap intervals over groups."""

from collections.abc import Callable, Sequence

import numpy as np

from core.arrays import Array
from core.models.card import Interval


def confusion(truth: Array, predicted: Array, classes: int) -> Array:
    """(classes, classes) counts; rows are the true class."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def precision_recall_f1(table: Array) -> tuple[Array, Array, Array]:
    """Per class, from a confusion matrix; 0 where undefined."""
    hits = np.diag(table).astype(float)
    precision = hits / np.maximum(table.sum(axis=0), 1)
    recall = hits / np.maximum(table.sum(axis=1), 1)
    f1 = 2 * hits / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)
    return precision, recall, f1


def macro_f1(truth: Array, predicted: Array, classes: int) -> float:
    """The mean of the classes' F1."""
    return float(precision_recall_f1(confusion(truth, predicted, classes))[2].mean())


def bootstrap_interval(
    figure: Callable[[Array], float], groups: Sequence[str], seed: int, samples: int = 2000
) -> Interval:
    """`figure` of all rows with its 95 % interval from resampling whole groups.

    figure: gets row indices (with repeats) and gives a number.
    """
    generator = np.random.default_rng(seed)
    names, membership = np.unique(np.asarray(groups), return_inverse=True)
    rows = [np.flatnonzero(membership == index) for index in range(len(names))]
    drawn = [
        figure(np.concatenate([rows[i] for i in generator.integers(len(names), size=len(names))]))
        for _ in range(samples)
    ]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Interval(value=figure(np.arange(len(membership))), low=float(low), high=float(high))


def calibration_error(truth: Array, probabilities: Array, bins: int = 15) -> float:
    """Expected calibration error of the top class (Guo et al. 2017, arXiv 1706.04599)."""
    confidence = probabilities.max(axis=1)
    hit = probabilities.argmax(axis=1) == truth
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    total = 0.0
    for index in range(bins):
        inside = which == index
        if inside.any():
            total += inside.mean() * abs(hit[inside].mean() - confidence[inside].mean())
    return float(total)
