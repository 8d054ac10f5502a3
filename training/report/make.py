"""The report of a finished bundle from its data: card, metrics, figures. Nothing is trained."""

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
from core.number_text import percent
from training.data import Data
from training.datasets import PARTS, LabelledImage
from training.facts import Facts
from training.metrics import roc, softmax
from training.report.content import content_check, content_reference, other_content
from training.report.coverings import Covering, coverings
from training.report.figures import write_figures
from training.report.network_outputs import NetworkOutputs, ObservedNetwork
from training.report.performance import Scores, performance
from training.report.scatter import Landscape, landscape, write_embedding
from training.report.shortcuts import shortcuts

SPLIT_NAME = "split.csv"
# Rounding on another machine changes fewer predictions; the weights of another run change far more.
MAX_CHANGED_SHARE = 0.01
# Of train, which only probes and pictures need; more would take an hour on a small computer.
TRAIN_IMAGES = 600
# Corners of a ROC that a figure of this size can show.
ROC_POINTS = 80

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """The network's outputs for the three parts, its depth, and contents (n, k) of images of other kinds."""

    train: NetworkOutputs
    val: NetworkOutputs
    test: NetworkOutputs
    depth: int
    content_sizes: tuple[int, ...]
    other_contents: dict[str, Array]


def make_report(
    bundle: Bundle,
    data: Data,
    facts: Facts,
    report: Report = lambda part, done, total: None,
    other_kinds: Mapping[str, Path] | None = None,
    content_only: bool = False,
) -> Bundle:
    """Add the report to a finished bundle. The weights and the scores of the test part stay the same.

    data: what it was trained on, read as the facts say; the parts are those of the bundle, so its split is
    ignored. report: is called with the part, the images done, and all images. other_kinds: files or folders
    of images of other kinds by their name, on which the content check is measured. content_only: compute that
    check and nothing else.

    Raises InputError if the facts or the data are not those of the bundle, UsageError for an unknown form,
    DamagedBundle.
    """
    data_set = data.without_parts(facts.columns, facts.keep)
    records = with_parts_of(bundle, facts, data_set.records)
    covers = () if content_only else coverings(facts.region)
    inputs = report_inputs(bundle, covers, records, report, other_kinds)
    return add_content_check(bundle, inputs) if content_only else add_report(bundle, facts, inputs)


def report_inputs(
    bundle: Bundle,
    covers: Sequence[Covering],
    records: Sequence[LabelledImage],
    report: Report = lambda part, done, total: None,
    other_kinds: Mapping[str, Path] | None = None,
) -> ReportInputs:
    """Run the network on some of train, on val, test (also with parts covered), and images of other kinds.

    Raises DamagedBundle, and InputError for other kinds without a readable image.
    """
    network, done = ObservedNetwork(bundle), 0
    parts = {name: [record for record in records if record.part == name] for name in PARTS}
    generator = np.random.default_rng(bundle.card.training.seed)
    count = min(TRAIN_IMAGES, len(parts["train"]))
    chosen = np.sort(generator.choice(len(parts["train"]), count, replace=False))
    parts["train"] = [parts["train"][row] for row in chosen]
    total = sum(len(part) for part in parts.values())

    def outputs(name: str) -> NetworkOutputs:
        def count_images(more: int) -> None:
            nonlocal done
            done += more
            report(name, done, total)

        return network.outputs(parts[name], covers if name == "test" else (), count_images)

    others = {name: other_content(network, bundle.card, path) for name, path in (other_kinds or {}).items()}
    return ReportInputs(
        outputs("train"), outputs("val"), outputs("test"), network.depth, network.content_sizes, others
    )


def add_content_check(bundle: Bundle, inputs: ReportInputs) -> Bundle:
    """Write the reference of the training images' content, and its check onto the card. Raises DiskFull."""
    reference = content_reference(inputs.train.content, inputs.val.content, inputs.content_sizes)
    check = content_check(reference, inputs.val.content, inputs.test.content, inputs.other_contents)
    card = bundle.card.model_copy(update={"content_check": check})
    reference.write(bundle.folder)
    card.write(bundle.folder / CARD_NAME)
    return Bundle(bundle.folder, card)


def add_report(bundle: Bundle, facts: Facts, inputs: ReportInputs) -> Bundle:
    """Write card, metrics, embedding and figures from the network's outputs.

    Raises InputError if the metrics do not come from the bundle's weights, DiskFull.
    """
    old, metrics = bundle.card, read_metrics(bundle.folder)
    scores = _scores(bundle, metrics, inputs.test)
    seed = old.training.seed
    # The test part is scored once; only shortcuts and pictures use it again.
    test = replace(inputs.test, logits=scores.logits)
    measured = performance(
        scores, old.classes, metrics.temperature, old.performance.group_column, seed, facts.fair_classes
    )
    card = old.model_copy(
        update={
            "schema_version": CARD_SCHEMA,
            "class_words": facts.class_words,
            "caveats": facts.caveats,
            "performance": measured,
            "depth": inputs.depth,
            "weights_bytes": (bundle.folder / WEIGHTS_NAME).stat().st_size,
            "shortcuts": shortcuts(inputs.train, inputs.val, test, facts.region, len(old.classes), seed),
        }
    )
    land = landscape(inputs.train, test, seed)
    metrics = _with_curves(metrics, card, scores, land, inputs)
    write_embedding(bundle.folder, land, [row.id for row in metrics.scatter_rows])
    card = card.model_copy(update={"figures": write_figures(bundle.folder, card, metrics)})
    write_metrics(bundle.folder, metrics)
    card.write(bundle.folder / CARD_NAME)
    return add_content_check(Bundle(bundle.folder, card), inputs)


def with_parts_of(bundle: Bundle, facts: Facts, records: Sequence[LabelledImage]) -> list[LabelledImage]:
    """The records, each with the part and the group that it had when the bundle was trained.

    Raises InputError if the facts or the records are not those of its training.
    """
    facts.require_classes(bundle.card.classes)
    if facts.id != bundle.card.id:
        raise InputError(
            f"The facts are those of {facts.id}, not of {bundle.card.id}.",
            "Name the facts file of this model.",
        )
    if facts.preprocessing != bundle.card.preprocessing:
        raise InputError(
            f"The preprocessing of the facts differs from that of the card of {bundle.card.id}.",
            "Use the preprocessing of the card.",
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


def _scores(bundle: Bundle, metrics: Metrics, test: NetworkOutputs) -> Scores:
    """The stored logits of the test part in the order of `test`. Raises InputError if they differ."""
    stored = {row.id: row for row in metrics.test}
    unknown = [record.id for record in test.records if record.id not in stored]
    if unknown or len(stored) != len(test.records):
        raise InputError(
            f"The metrics of {bundle.card.id} are of other test images.", "Install the model again."
        )
    logits = np.array([stored[record.id].logits for record in test.records])
    changed = (logits.argmax(axis=1) != test.logits.argmax(axis=1)).mean()
    if changed > MAX_CHANGED_SHARE:
        raise InputError(
            f"The metrics of {bundle.card.id} do not come from its weights: {percent(changed, digits=0)}"
            " of the test images get another class.",
            "Install the model again.",
        )
    return Scores(
        logits=logits,
        labels=test.labels,
        groups=[record.group for record in test.records],
        ids=[record.id for record in test.records],
        sources=[record.source for record in test.records],
    )


def _with_curves(
    metrics: Metrics, card: Card, scores: Scores, land: Landscape, inputs: ReportInputs
) -> Metrics:
    probabilities = softmax(scores.logits / metrics.temperature)
    return metrics.model_copy(
        update={
            "roc": {
                name: _thinned(*roc(scores.labels == number, probabilities[:, number]))
                for number, name in enumerate(card.classes)
            },
            "scatter_rows": tuple(
                ScatterRow(id=record.id, label=card.classes.index(record.label), part=record.part)
                for record in (*inputs.test.records, *inputs.train.records)
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
    """The points scaled to 0 to 1 on the wider of the two axes."""
    scaled = in_units(points, points)
    return Scatter(x=_rounded(scaled[:, 0], 3), y=_rounded(scaled[:, 1], 3))


def _rounded(values: Array, digits: int = 4) -> tuple[float, ...]:
    return tuple(round(float(value), digits) for value in values)
