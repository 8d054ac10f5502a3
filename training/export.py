"""From the best weights of a run to a bundle: scored once on test, with its card, metrics and split."""

import csv
import io
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.arrays import Array
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle, write_background, write_bundle
from core.models.card import Card, ClassMetrics, Performance, TrainingRecord
from core.models.handle import named_weights
from core.models.preprocessing import Preprocessing
from core.models.runtime import device_name
from core.output import written
from training.batches import load
from training.datasets import Record
from training.facts import Facts
from training.metrics import (
    bootstrap_interval,
    calibration_error,
    confusion,
    macro_f1,
    precision_recall_f1,
)


@dataclass(frozen=True, slots=True)
class Scores:
    """One part's logits (n, classes), labels (n,), and each row's group and id."""

    logits: Array
    labels: Array
    groups: list[str]
    ids: list[str]


# Largest share of val images whose class may change by storing the weights in half precision.
HARMLESS_CHANGE = 0.002
# Training inputs that go along for methods that compare with a background.
BACKGROUND_IMAGES = 16


def export(
    folder: Path,
    facts: Facts,
    architecture: str,
    classes: Sequence[str],
    weights: list[Array],
    records: Sequence[Record],
    record: TrainingRecord,
) -> Bundle:
    """Write the bundle: temperature from val, half precision if val allows it, metrics from test, once."""
    keras.config.set_dtype_policy("float32")
    preprocessing = facts.preprocessing
    model = ARCHITECTURES[architecture](preprocessing.shape, len(classes))
    model.set_weights(weights)
    parts = {name: [r for r in records if r.part == name] for name in ("val", "test")}
    val = _logits(model, parts["val"], classes, preprocessing)
    named = named_weights(model)
    halved = {name: array.astype(np.float16) for name, array in named.items()}
    model.set_weights([halved[variable.path].astype(np.float32) for variable in model.weights])
    val_halved = _logits(model, parts["val"], classes, preprocessing)
    changed = float((val.logits.argmax(1) != val_halved.logits.argmax(1)).mean())
    small = changed <= HARMLESS_CHANGE and all(np.isfinite(array).all() for array in halved.values())
    if not small:
        model.set_weights(weights)
    temperature = fitted_temperature((val_halved if small else val).logits, val.labels)
    test = _logits(model, parts["test"], classes, preprocessing)
    card = Card(
        **facts.model_dump(exclude={"columns", "keep"}),
        architecture=architecture,
        classes=tuple(classes),
        temperature=round(temperature, 4),
        weights_sha256="0" * 64,
        weights_dtype="float16" if small else "float32",
        parameters=int(sum(array.size for array in named.values())),
        training=record,
        performance=performance(test, classes, temperature, facts.columns.group, record.seed),
    )
    bundle = write_bundle(folder, card, halved if small else named)
    write_background(folder, _background(records, classes, preprocessing, record.seed))
    _write_split(folder / "split.csv", records)
    _write_metrics(folder / "metrics.json", test, temperature, changed)
    return bundle


def performance(
    test: Scores, classes: Sequence[str], temperature: float, group_column: str, seed: int
) -> Performance:
    """Figures on the test part with 95 % intervals from a bootstrap over groups."""
    labels, predicted = test.labels, test.logits.argmax(axis=1)
    table = confusion(labels, predicted, len(classes))
    precision, recall, f1 = precision_recall_f1(table)
    per_class = {
        name: ClassMetrics(
            precision=float(precision[i]),
            recall=float(recall[i]),
            f1=float(f1[i]),
            support=int(table[i].sum()),
        )
        for i, name in enumerate(classes)
    }

    def macro(rows: Array) -> float:
        return macro_f1(labels[rows], predicted[rows], len(classes))

    def accuracy(rows: Array) -> float:
        return float((labels[rows] == predicted[rows]).mean())

    return Performance(
        images=len(labels),
        groups=len(set(test.groups)),
        group_column=group_column,
        macro_f1=bootstrap_interval(macro, test.groups, seed),
        accuracy=bootstrap_interval(accuracy, test.groups, seed),
        classes=per_class,
        confusion=tuple(tuple(int(n) for n in row) for row in table),
        calibration_error=calibration_error(labels, softmax(test.logits / temperature)),
    )


def fitted_temperature(logits: Array, labels: Array) -> float:
    """The temperature that minimises the negative log-likelihood (Guo et al. 2017, arXiv 1706.04599)."""
    grid = np.exp(np.linspace(np.log(0.2), np.log(5.0), 400))
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(logits / t)[rows, labels] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def software_versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "keras": keras.__version__, "numpy": np.__version__}
    return versions | {"backend": keras.backend.backend(), "device": device_name()}


def _logits(
    model: Any, records: Sequence[Record], classes: Sequence[str], preprocessing: Preprocessing
) -> Scores:
    images = load(records, classes, preprocessing)
    logits = np.asarray(model.predict(images.inputs, batch_size=16, verbose=0), np.float64)
    return Scores(logits, images.labels, [r.group for r in records], [r.id for r in records])


def _background(
    records: Sequence[Record], classes: Sequence[str], preprocessing: Preprocessing, seed: int
) -> Array:
    """A few training inputs, as many of each class, that stand for what the model knows."""
    generator = np.random.default_rng(seed)
    chosen: list[Record] = []
    for name in classes:
        rows = [r for r in records if r.part == "train" and r.label == name]
        count = min(len(rows), -(-BACKGROUND_IMAGES // len(classes)))
        chosen += [rows[i] for i in sorted(generator.choice(len(rows), count, replace=False))]
    return load(chosen, classes, preprocessing).inputs


def _write_split(path: Path, records: Sequence[Record]) -> None:
    with written(path) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("id", "group", "label", "part"))
        writer.writerows((r.id, r.group, r.label, r.part) for r in records)


def _write_metrics(path: Path, test: Scores, temperature: float, changed: float) -> None:
    """Every test image's logits, so that each figure of the card can be computed again."""
    document = {
        "schema": "saliscope/metrics/1",
        "temperature": temperature,
        "changed_by_half_precision_on_val": changed,
        "test": [
            {"id": image, "group": group, "label": int(label), "logits": [round(float(v), 5) for v in row]}
            for image, group, label, row in zip(test.ids, test.groups, test.labels, test.logits, strict=True)
        ],
    }
    with written(path) as file:
        file.write(json.dumps(document, indent=1).encode("utf-8") + b"\n")
