"""The card's figures from the test part's logits, with intervals from a bootstrap over groups."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.arrays import Array
from core.datasets.statistics import Resampling
from core.models.card import (
    Calibration,
    ClassMetrics,
    Interval,
    Mistake,
    PairMetrics,
    Performance,
    SourceMetrics,
)
from training.metrics import (
    accuracy_of,
    auc,
    calibration_error,
    confusion,
    draws,
    f1_of,
    interval,
    precision_of,
    precision_recall_f1,
    recall_of,
    reliability,
    softmax,
    tables_of,
)

MISTAKES = 6


@dataclass(frozen=True, slots=True)
class Scores:
    """One part's logits (n, classes), labels (n,), and each row's group, id and, if known, source."""

    logits: Array
    labels: Array
    groups: list[str]
    ids: list[str]
    sources: list[str] = field(default_factory=list)


def performance(
    test: Scores,
    classes: Sequence[str],
    temperature: float,
    group_column: str,
    seed: int,
    pair: Sequence[str] = (),
) -> Performance:
    """Figures on the test part with 95 % intervals from a bootstrap over groups.

    pair: two classes that can be compared fairly, or none.
    """
    labels, predicted, count = test.labels, test.logits.argmax(axis=1), len(classes)
    table = confusion(labels, predicted, count)
    drawn = draws(test.groups, seed)
    tables = tables_of(drawn, labels, predicted, count)
    probabilities = softmax(test.logits / temperature)
    return Performance(
        images=len(labels),
        groups=len(set(test.groups)),
        group_column=group_column,
        macro_f1=interval(f1_of(tables).mean(axis=-1)),
        accuracy=interval(accuracy_of(tables)),
        classes=_classes(test, classes, probabilities, drawn, tables),
        confusion=_rows(table),
        calibration_error=calibration_error(labels, probabilities),
        calibration=Calibration(
            error_before=calibration_error(labels, softmax(test.logits)),
            error_after=calibration_error(labels, probabilities),
            before=tuple(reliability(labels, softmax(test.logits))),
            after=tuple(reliability(labels, probabilities)),
        ),
        sources=_sources(test, classes, seed),
        pair=_pair(test, classes, pair, seed) if pair else None,
        mistakes=_mistakes(test, classes, probabilities),
    )


def _classes(
    test: Scores, classes: Sequence[str], probabilities: Array, drawn: Resampling, tables: Array
) -> dict[str, ClassMetrics]:
    table = tables[0]
    precision, recall, f1 = precision_recall_f1(table)
    precisions, recalls, f1s = precision_of(tables), recall_of(tables), f1_of(tables)
    return {
        name: ClassMetrics(
            precision=float(precision[i]),
            recall=float(recall[i]),
            f1=float(f1[i]),
            support=int(table[i].sum()),
            precision_interval=_interval(precisions[:, i]),
            recall_interval=_interval(recalls[:, i]),
            f1_interval=interval(f1s[:, i]),
            auc=_interval(auc(test.labels == i, probabilities[:, i], drawn.counts)),
        )
        for i, name in enumerate(classes)
    }


def _interval(values: Array) -> Interval | None:
    """The interval of a figure (draws,); None if it is not defined on the data themselves."""
    return None if np.isnan(values[0]) else interval(values)


def _sources(test: Scores, classes: Sequence[str], seed: int) -> dict[str, SourceMetrics]:
    labels, predicted = test.labels, test.logits.argmax(axis=1)
    metrics = {}
    for name in sorted(set(test.sources) - {""}):
        rows = np.flatnonzero(np.array(test.sources) == name)
        groups = [test.groups[i] for i in rows]
        present = np.unique(labels[rows])
        tables = tables_of(draws(groups, seed), labels[rows], predicted[rows], len(classes))
        mean_f1 = interval(f1_of(tables)[:, present].mean(axis=-1))
        metrics[name] = SourceMetrics(
            images=len(rows),
            groups=len(set(groups)),
            classes={classes[i]: int((labels[rows] == i).sum()) for i in present},
            accuracy=interval(accuracy_of(tables)),
            macro_f1=mean_f1 if len(present) > 1 else None,
        )
    return metrics


def _pair(test: Scores, classes: Sequence[str], pair: Sequence[str], seed: int) -> PairMetrics:
    """Test images of the two classes alone; the one with the larger logit counts as predicted."""
    chosen = [list(classes).index(name) for name in pair]
    rows = np.flatnonzero(np.isin(test.labels, chosen))
    truth = (test.labels[rows] == chosen[1]).astype(int)
    predicted = test.logits[rows][:, chosen].argmax(axis=1)
    groups = [test.groups[i] for i in rows]
    sources = np.array([test.sources[i] if test.sources else "" for i in rows])

    def within(places: Array) -> Interval:
        drawn = draws([groups[i] for i in places], seed)
        tables = tables_of(drawn, truth[places], predicted[places], 2)
        return interval(f1_of(tables).mean(axis=-1))

    by_source = {name: np.flatnonzero(sources == name) for name in sorted(set(sources) - {""})}
    return PairMetrics(
        classes=(pair[0], pair[1]),
        images=len(rows),
        groups=len(set(groups)),
        macro_f1=within(np.arange(len(rows))),
        confusion=_rows(confusion(truth, predicted, 2)),
        sources={name: within(at) for name, at in by_source.items() if len(np.unique(truth[at])) == 2},
    )


def _mistakes(test: Scores, classes: Sequence[str], probabilities: Array) -> tuple[Mistake, ...]:
    """The wrong predictions with the highest probability, one for each group."""
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != test.labels)
    first: dict[str, int] = {}
    for row in wrong[np.argsort(-probabilities[wrong, predicted[wrong]], kind="stable")]:
        first.setdefault(test.groups[row], int(row))
    ordered = sorted(first.values(), key=lambda row: -probabilities[row, predicted[row]])
    return tuple(
        Mistake(
            id=test.ids[row],
            truth=classes[test.labels[row]],
            said=classes[predicted[row]],
            probability=float(probabilities[row, predicted[row]]),
        )
        for row in ordered[:MISTAKES]
    )


def _rows(table: Array) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(n) for n in row) for row in table)
