"""The bundle of a run from its best weights: scored once on test, with card, metrics and split."""

import csv
import io
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.arrays import Array
from core.models.architectures import ARCHITECTURES
from core.models.bundle import Bundle, write_background, write_bundle
from core.models.card import Card, TrainingRecord
from core.models.handle import named_weights
from core.models.metrics import Metrics, Scored, write_metrics
from core.models.preprocessing import Preprocessing
from core.models.runtime import computing_device
from core.output import written
from training.batches import load
from training.datasets import LabelledImage
from training.facts import Facts
from training.metrics import softmax
from training.report.coverings import coverings
from training.report.make import SPLIT_NAME, add_report, report_inputs
from training.report.performance import Scores, performance

# Largest share of val images whose class may change by storing the weights in half precision.
HARMLESS_CHANGE = 0.002
# Training inputs that are stored for methods that compare with a background.
BACKGROUND_IMAGES = 16


def export(
    folder: Path,
    facts: Facts,
    architecture: str,
    classes: Sequence[str],
    weights: list[Array],
    records: Sequence[LabelledImage],
    record: TrainingRecord,
) -> Bundle:
    """Write the bundle with its report. weights: arrays of any shape, in the order of the network's.

    The temperature is fitted on val, weights are stored in half precision if the predictions on val allow it,
    and the metrics are computed once on test. Raises DiskFull.
    """
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
        **facts.for_card,
        architecture=architecture,
        classes=tuple(classes),
        temperature=round(temperature, 4),
        weights_sha256="0" * 64,
        weights_dtype="float16" if small else "float32",
        parameters=int(sum(array.size for array in named.values())),
        training=record,
        performance=performance(
            test, classes, temperature, facts.columns.group, record.seed, facts.fair_classes
        ),
    )
    bundle = write_bundle(folder, card, halved if small else named)
    write_background(folder, _background(records, classes, preprocessing, record.seed))
    _write_split(folder / SPLIT_NAME, records)
    write_metrics(folder, _metrics(test, temperature, changed))
    return add_report(bundle, facts, report_inputs(bundle, coverings(facts.region), records))


def fitted_temperature(logits: Array, labels: Array) -> float:
    """The temperature that minimises the negative log-likelihood (Guo et al. 2017, arXiv 1706.04599).

    logits: (n, classes); labels: (n,).
    """
    grid = np.exp(np.linspace(np.log(0.2), np.log(5.0), 400))
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(logits / t)[rows, labels] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def software_versions() -> dict[str, str]:
    """The versions of Python and the libraries, the backend and the device."""
    versions = {"python": platform.python_version(), "keras": keras.__version__, "numpy": np.__version__}
    return versions | {"backend": keras.backend.backend(), "device": computing_device().name}


def _logits(
    model: Any, records: Sequence[LabelledImage], classes: Sequence[str], preprocessing: Preprocessing
) -> Scores:
    images = load(records, classes, preprocessing)
    logits = np.asarray(model.predict(images.inputs, batch_size=16, verbose=0), np.float64)
    return Scores(
        logits,
        images.labels,
        [r.group for r in records],
        [r.id for r in records],
        [r.source for r in records],
    )


def _background(
    records: Sequence[LabelledImage], classes: Sequence[str], preprocessing: Preprocessing, seed: int
) -> Array:
    """A few training inputs (n, height, width, channels), equally many of each class."""
    generator = np.random.default_rng(seed)
    chosen: list[LabelledImage] = []
    for name in classes:
        rows = [r for r in records if r.part == "train" and r.label == name]
        count = min(len(rows), -(-BACKGROUND_IMAGES // len(classes)))
        chosen += [rows[i] for i in sorted(generator.choice(len(rows), count, replace=False))]
    return load(chosen, classes, preprocessing).inputs


def _write_split(path: Path, records: Sequence[LabelledImage]) -> None:
    with written(path) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("id", "group", "label", "part"))
        writer.writerows((r.id, r.group, r.label, r.part) for r in records)


def _metrics(test: Scores, temperature: float, changed: float) -> Metrics:
    """Every test image's logits, so that each figure of the card can be computed again."""
    rows = zip(test.ids, test.groups, test.labels, test.logits, strict=True)
    return Metrics(
        temperature=temperature,
        changed_by_half_precision_on_val=changed,
        test=tuple(
            Scored(id=image, group=group, label=int(label), logits=tuple(round(float(v), 5) for v in row))
            for image, group, label, row in rows
        ),
    )
