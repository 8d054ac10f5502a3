"""The shortcut test: the network on covered images, and linear probes on features without the finding."""

from collections.abc import Callable

import numpy as np

from core.arrays import Array
from core.images.resample import resampled
from core.models.shortcuts import LesionBox, PartialView, Probe, ProbeLabel, Shortcuts, Sight
from core.values import Interval
from training.metrics import accuracy_of, draws, f1_of, interval, macro_f1, tables_of
from training.report.coverings import BORDER, coverings
from training.report.network_outputs import NetworkOutputs
from training.report.probes import ridge

THUMBNAIL = 16
STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0)


def _thumbnails(outputs: NetworkOutputs) -> Array:
    """Small pictures as rows (n, 256)."""
    return np.stack([resampled(image, (THUMBNAIL, THUMBNAIL)).ravel() for image in outputs.pixels])


def _borders(outputs: NetworkOutputs) -> Array:
    """The pixels of the thumbnails in the border ring, (n, 112)."""
    side = (THUMBNAIL, THUMBNAIL)
    ring = next(each for each in coverings(LesionBox()) if each.name == "border").visible(side)
    return _thumbnails(outputs)[:, ring.ravel()]


SIGHTS: dict[Sight, Callable[[NetworkOutputs], Array]] = {
    "thumbnail": _thumbnails,
    "border": _borders,
    "embedding": lambda outputs: outputs.features,
}


def shortcuts(
    train: NetworkOutputs,
    val: NetworkOutputs,
    test: NetworkOutputs,
    region: LesionBox,
    classes: int,
    seed: int,
) -> Shortcuts:
    """Everything on the test part; probes are fitted on train, their strength chosen on val."""
    drawn = draws([record.group for record in test.records], seed)

    def macro_f1_of(logits: Array) -> Interval:
        tables = tables_of(drawn, test.labels, logits.argmax(axis=1), classes)
        return interval(f1_of(tables).mean(axis=-1))

    shape = (1000, 1000)
    views = tuple(
        PartialView(
            name=each.name,
            visible=round(float(each.visible(shape).mean()), 4),
            lesion=test.lesion.get(each.name),
            macro_f1=macro_f1_of(test.covered[each.name]),
        )
        for each in coverings(region)
    )
    largest = np.full(len(test.labels), np.bincount(train.labels).argmax())
    return Shortcuts(
        border=BORDER,
        region=region,
        classes=classes,
        whole=macro_f1_of(test.logits),
        guess=macro_f1(test.labels, largest, classes),
        views=views,
        probes=tuple(_probes(train, val, test, seed)),
    )


def _probes(train: NetworkOutputs, val: NetworkOutputs, test: NetworkOutputs, seed: int) -> list[Probe]:
    parts = (train, val, test)
    has_sources = len({record.source for record in train.records}) > 1
    asked: tuple[ProbeLabel, ...] = ("class", "source") if has_sources else ("class",)
    return [_probe(sees, names, parts, seed) for names in asked for sees in SIGHTS]


def _probe(
    sees: Sight, names: ProbeLabel, parts: tuple[NetworkOutputs, NetworkOutputs, NetworkOutputs], seed: int
) -> Probe:
    data = [SIGHTS[sees](part) for part in parts]
    names_of_parts = [[r.label if names == "class" else r.source for r in part.records] for part in parts]
    kinds = sorted({name for part in names_of_parts for name in part})
    train, val, truth = (np.array([kinds.index(name) for name in part]) for part in names_of_parts)
    count = len(kinds)
    fits = [(strength, ridge(data[0], train, count, strength)) for strength in STRENGTHS]
    best = max(fits, key=lambda fit: macro_f1(val, fit[1].predict(data[1]), count))[1]
    predicted = best.predict(data[2])
    largest = np.full(len(truth), np.bincount(train).argmax())
    tables = tables_of(draws([record.group for record in parts[2].records], seed), truth, predicted, count)
    return Probe(
        sees=sees,
        names=names,
        kinds=count,
        macro_f1=interval(f1_of(tables).mean(axis=-1)),
        accuracy=interval(accuracy_of(tables)),
        chance_macro_f1=macro_f1(truth, largest, count),
        chance_accuracy=float((truth == largest).mean()),
    )
