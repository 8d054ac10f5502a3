"""Classification metrics and their bootstrap intervals over groups."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.datasets.statistics import RESAMPLES, Resampling, central_interval
from core.models.card import Interval, ReliabilityBin


def confusion(truth: Array, predicted: Array, classes: int) -> Array:
    """(classes, classes) counts; rows are the true class."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def precision_recall_f1(table: Array) -> tuple[Array, Array, Array]:
    """Each (classes,), from a confusion matrix (classes, classes); 0 where undefined."""
    hits = np.diag(table).astype(float)
    precision = hits / np.maximum(table.sum(axis=0), 1)
    recall = hits / np.maximum(table.sum(axis=1), 1)
    f1 = 2 * hits / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)
    return precision, recall, f1


def macro_f1(truth: Array, predicted: Array, classes: int) -> float:
    """The mean of the classes' F1, from true and predicted classes (n,)."""
    return float(precision_recall_f1(confusion(truth, predicted, classes))[2].mean())


def draws(groups: Sequence[str], seed: int, samples: int = RESAMPLES) -> Resampling:
    """The data themselves, then `samples` bootstrap draws of whole groups; groups: that of each row."""
    generator = np.random.default_rng(seed)
    return Resampling.of(np.asarray(groups), generator, samples).after_original()


def tables_of(drawn: Resampling, truth: Array, predicted: Array, classes: int) -> Array:
    """Confusion matrices (draws, classes, classes) of true and predicted classes (n,) in each draw."""
    cells = np.zeros((drawn.group_counts.shape[1], classes * classes))
    np.add.at(cells, (drawn.membership, truth * classes + predicted), 1)
    return (drawn.group_counts @ cells).reshape(-1, classes, classes)


def interval(values: Array) -> Interval:
    """A figure with its 95 % interval, from values (draws,) of which the first is that of the data.

    Draws in which it is NaN do not count.
    """
    value, drawn = float(values[0]), values[1:]
    defined = drawn[~np.isnan(drawn)]
    low, high = central_interval(defined) if len(defined) else (value, value)
    return Interval(value=value, low=float(low), high=float(high))


def f1_of(tables: Array) -> Array:
    """Every class's F1, (..., classes), from confusion matrices; 0 where undefined."""
    both = tables.sum(axis=-1) + tables.sum(axis=-2)
    return 2 * np.diagonal(tables, axis1=-2, axis2=-1) / np.maximum(both, 1)


def precision_of(tables: Array) -> Array:
    """Share of predicted positives that are correct, (..., classes); NaN for a class never predicted."""
    return _share_of_hits(tables, tables.sum(axis=-2))


def recall_of(tables: Array) -> Array:
    """Share of a class's images that are found, (..., classes); NaN for a class without images."""
    return _share_of_hits(tables, tables.sum(axis=-1))


def _share_of_hits(tables: Array, totals: Array) -> Array:
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    return np.where(totals > 0, hits / np.maximum(totals, 1), np.nan)


def accuracy_of(tables: Array) -> Array:
    """Share of correct predictions (...) from confusion matrices (..., classes, classes)."""
    return np.trace(tables, axis1=-2, axis2=-1) / tables.sum(axis=(-2, -1))


def softmax(logits: Array) -> Array:
    """Along the last axis of (n, classes)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def reliability(truth: Array, probabilities: Array, bins: int = 15) -> list[ReliabilityBin]:
    """The filled ones of `bins` equal bins of the top class's probability (n, classes)."""
    confidence = probabilities.max(axis=1)
    hit = probabilities.argmax(axis=1) == truth
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        ReliabilityBin(
            confidence=float(confidence[which == index].mean()),
            accuracy=float(hit[which == index].mean()),
            images=int((which == index).sum()),
        )
        for index in np.unique(which)
    ]


def calibration_error(truth: Array, probabilities: Array, bins: int = 15) -> float:
    """Expected calibration error of the top class (Guo et al. 2017, arXiv 1706.04599).

    truth: (n,) classes; probabilities: (n, classes).
    """
    filled_bins = reliability(truth, probabilities, bins)
    return sum(filled.images * abs(filled.accuracy - filled.confidence) for filled in filled_bins) / len(
        truth
    )


def roc(positive: Array, score: Array) -> tuple[Array, Array]:
    """False and true positive rates (k,) from (0, 0) to (1, 1) as the threshold falls.

    positive: (n,) bool with both values; score: (n,); images of equal score are added together.
    """
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    hits, misses = np.cumsum(positive[order])[last], np.cumsum(~positive[order])[last]
    return np.append(0, misses / misses[-1]), np.append(0, hits / hits[-1])


def auc(positive: Array, score: Array, weights: Array) -> Array:
    """Area under the ROC, (...), of rows that count `weights` (..., n): NaN if a kind is missing.

    It is the probability that a positive scores above a negative, ties counting half.
    """
    order = np.argsort(-score, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(score[order]) != 0))
    both = [weights[..., order] * kind[order] for kind in (positive, ~positive)]
    hits, misses = (np.add.reduceat(each, starts, axis=-1) for each in both)
    above = np.cumsum(hits, axis=-1) - hits / 2
    pairs = hits.sum(axis=-1) * misses.sum(axis=-1)
    return np.where(pairs > 0, (above * misses).sum(axis=-1) / np.maximum(pairs, 1), np.nan)
