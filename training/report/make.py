"""From a finished bundle and its data to the whole report: card, metrics, figures. Nothing is trained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.datasets.table_file import read_table
from core.errors import InputError
from core.models.bundle import CARD_NAME, WEIGHTS_NAME, Bundle
from core.models.card import CARD_SCHEMA, Card
from core.models.embedding import in_units
from core.models.metrics import Metrics, Roc, Scatter, ScatterRow, read_metrics, write_metrics
from training.data import Data
from training.datasets import PARTS, Record
from training.facts import Facts
from training.metrics import roc, softmax
from training.report.content import content_check, content_reference, other_content
from training.report.coverings import Covering, coverings
from training.report.figures import write_figures
from training.report.performance import Scores, performance
from training.report.scatter import Landscape, landscape, write_embedding
from training.report.scoring import Eye, Seen
from training.report.shortcuts import shortcuts

SPLIT_NAME = "split.csv"
# Another machine rounds otherwise; weights of another run say another class far more often.
STRAY = 0.01
# Of train, which only probes and pictures need; more would make a report on a small computer last an hour.
TRAIN_IMAGES = 600
# Corners of a ROC that a figure of this size can show.
ROC_POINTS = 80

Said = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """The three parts as the bundle's network sees them, and its depth."""

    train: Seen
    val: Seen
    test: Seen
    depth: int
    content_sizes: tuple[int, ...]
    other_contents: dict[str, Array]


def make(
    bundle: Bundle,
    data: Data,
    facts: Facts,
    said: Said = lambda part, done, total: None,
    other_kinds: Mapping[str, Path] | None = None,
    content_only: bool = False,
) -> Bundle:
    """Add the report to a finished bundle. The weights and the scores of the test part stay as they are.

    data: what it was trained on, read as the facts say; the parts are those of the bundle, so its split is
    not looked at. said: hears the part, the images done, and all images. other_kinds: files or folders of
    images of other kinds by their name, on which the check of content is measured. content_only: make that
    check and nothing else.

    Raises InputError if the facts or the data are not those of the bundle, UsageError for an unknown form,
    DamagedBundle.
    """
    found = data.without_parts(facts.columns, facts.keep)
    records = in_its_parts(bundle, facts, found.records)
    hidden = () if content_only else coverings(facts.region)
    looked = look(bundle, hidden, records, said, other_kinds)
    return add_content_check(bundle, looked) if content_only else add(bundle, facts, looked)


def look(
    bundle: Bundle,
    hidden: Sequence[Covering],
    records: Sequence[Record],
    said: Said = lambda part, done, total: None,
    other_kinds: Mapping[str, Path] | None = None,
) -> Looked:
    """Run the network over some of train, val, test (also with parts hidden), and images of other kinds."""
    eye, done = Eye(bundle), 0
    parts = {name: [record for record in records if record.part == name] for name in PARTS}
    generator = np.random.default_rng(bundle.card.training.seed)
    count = min(TRAIN_IMAGES, len(parts["train"]))
    chosen = np.sort(generator.choice(len(parts["train"]), count, replace=False))
    parts["train"] = [parts["train"][row] for row in chosen]
    total = sum(len(part) for part in parts.values())

    def seen(name: str) -> Seen:
        def counted(more: int) -> None:
            nonlocal done
            done += more
            said(name, done, total)

        return eye.look(parts[name], hidden if name == "test" else (), counted)

    others = {name: other_content(eye, bundle.card, path) for name, path in (other_kinds or {}).items()}
    return Looked(seen("train"), seen("val"), seen("test"), eye.depth, eye.content_sizes, others)


def add_content_check(bundle: Bundle, looked: Looked) -> Bundle:
    """Write the reference of the training images' content, and what it tells apart onto the card."""
    reference = content_reference(looked.train.content, looked.val.content, looked.content_sizes)
    check = content_check(reference, looked.val.content, looked.test.content, looked.other_contents)
    card = bundle.card.model_copy(update={"content_check": check})
    reference.write(bundle.folder)
    card.write(bundle.folder / CARD_NAME)
    return Bundle(bundle.folder, card)


def add(bundle: Bundle, facts: Facts, looked: Looked) -> Bundle:
    """Write card, metrics, embedding and figures from what was seen."""
    old, metrics = bundle.card, read_metrics(bundle.folder)
    scores = _scores(bundle, metrics, looked.test)
    seed = old.training.seed
    # The one scoring of the test part stands; only shortcuts and pictures look at it again.
    test = replace(looked.test, logits=scores.logits)
    good = performance(
        scores, old.classes, metrics.temperature, old.performance.group_column, seed, facts.fair_classes
    )
    card = old.model_copy(
        update={
            "schema_version": CARD_SCHEMA,
            "performance": good,
            "depth": looked.depth,
            "weights_bytes": (bundle.folder / WEIGHTS_NAME).stat().st_size,
            "shortcuts": shortcuts(looked.train, looked.val, test, facts.region, len(old.classes), seed),
        }
    )
    land = landscape(looked.train, test, seed)
    metrics = _with_curves(metrics, card, scores, land, looked)
    write_embedding(bundle.folder, land, [row.id for row in metrics.scatter_rows])
    card = card.model_copy(update={"figures": write_figures(bundle.folder, card, metrics)})
    write_metrics(bundle.folder, metrics)
    card.write(bundle.folder / CARD_NAME)
    return add_content_check(Bundle(bundle.folder, card), looked)


def in_its_parts(bundle: Bundle, facts: Facts, records: Sequence[Record]) -> list[Record]:
    """The records, each with the part and the group that it had when the bundle was made.

    Raises InputError if the facts or the records are not those that it was made with.
    """
    if facts.id != bundle.card.id:
        raise InputError(f"The facts are of {facts.id}, not of {bundle.card.id}.", "Name its own facts file.")
    if facts.preprocessing != bundle.card.preprocessing:
        raise InputError(
            f"The facts prepare images otherwise than the card of {bundle.card.id}.", "Take the card's rules."
        )
    split = _split(bundle)
    differing = split.keys() ^ {(record.id, record.label) for record in records}
    if differing:
        example = sorted(differing)[0][0]
        raise InputError(
            f"The data are not those of {bundle.card.id}: {len(differing)} images differ, such as {example}.",
            "Name the data and the facts that it was trained with.",
        )
    placed = []
    for record in records:
        part, group = split[record.id, record.label]
        placed.append(replace(record, part=part, group=group))
    return placed


def _split(bundle: Bundle) -> dict[tuple[str, str], tuple[str, str]]:
    """Part and group by id and label. Raises InputError."""
    path = bundle.folder / SPLIT_NAME
    try:
        rows = read_table(path).rows
        return {(row["id"], row["label"]): (row["part"], row["group"]) for row in rows}
    except (InputError, KeyError):
        raise InputError(
            f"The split of {bundle.card.id} cannot be read.", "Install the model again."
        ) from None


def _scores(bundle: Bundle, metrics: Metrics, test: Seen) -> Scores:
    """The stored logits of the test part in the order of `test`. Raises InputError if they are not its."""
    stored = {row.id: row for row in metrics.test}
    unknown = [record.id for record in test.records if record.id not in stored]
    if unknown or len(stored) != len(test.records):
        raise InputError(
            f"The metrics of {bundle.card.id} are of other test images.", "Install the model again."
        )
    logits = np.array([stored[record.id].logits for record in test.records])
    changed = (logits.argmax(axis=1) != test.logits.argmax(axis=1)).mean()
    if changed > STRAY:
        raise InputError(
            f"The metrics of {bundle.card.id} do not come from its weights: {changed:.0%} of the test images"
            " get another class.",
            "Install the model again.",
        )
    return Scores(
        logits=logits,
        labels=test.labels,
        groups=[record.group for record in test.records],
        ids=[record.id for record in test.records],
        sources=[record.source for record in test.records],
    )


def _with_curves(metrics: Metrics, card: Card, scores: Scores, land: Landscape, looked: Looked) -> Metrics:
    probabilities = softmax(scores.logits / metrics.temperature)
    return metrics.model_copy(
        update={
            "roc": {
                name: _thinned(*roc(scores.labels == number, probabilities[:, number]))
                for number, name in enumerate(card.classes)
            },
            "scatter_rows": tuple(
                ScatterRow(id=record.id, label=card.classes.index(record.label), part=record.part)
                for record in (*looked.test.records, *looked.train.records)
            ),
            "scatters": {name: _scatter(points) for name, points in land.coordinates.items()},
        }
    )


def _thinned(false: Array, true: Array) -> Roc:
    """The corners of a ROC, at most ROC_POINTS of them."""
    steps = np.diff(np.stack([false, true]), axis=1)
    turns = np.append(True, np.append((np.sign(steps[:, 1:]) != np.sign(steps[:, :-1])).any(axis=0), True))
    corners = np.flatnonzero(turns)
    chosen = corners[np.unique(np.linspace(0, len(corners) - 1, ROC_POINTS).round().astype(int))]
    return Roc(false_positives=_rounded(false[chosen]), true_positives=_rounded(true[chosen]))


def _scatter(points: Array) -> Scatter:
    """From 0 to 1 on the wider of the two axes."""
    scaled = in_units(points, points)
    return Scatter(x=_rounded(scaled[:, 0], 3), y=_rounded(scaled[:, 1], 3))


def _rounded(values: Array, digits: int = 4) -> tuple[float, ...]:
    return tuple(round(float(value), digits) for value in values)
