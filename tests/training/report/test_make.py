"""A report on a finished bundle: what is added, what stays, and what is refused."""

import csv
import hashlib

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError
from core.models.architectures import ARCHITECTURES
from core.models.bundle import WEIGHTS_NAME, read_bundle, write_bundle
from core.models.embedding import read_embedding
from core.models.handle import named_weights
from core.models.metrics import Metrics, Scored, read_metrics, write_metrics
from core.models.preprocessing import Preprocessing
from core.models.shortcuts import LesionBox
from tests.cards import make_card, tiny_architecture
from training.batches import load
from training.data import Data
from training.datasets import Columns, read_records
from training.facts import Facts
from training.report.make import add_report, make_report, report_inputs, with_parts_of
from training.report.network_outputs import depth

CLASSES = ("dark", "light")
FACTS = Facts(
    id="small",
    version="1.0.0",
    title="Small network",
    summary="Dark or light.",
    modality=("MR",),
    class_words={CLASSES[0]: "a dark image"},
    caveats={CLASSES[0]: "Dark images come from one scanner."},
    purpose="Tests.",
    not_for="Anything else.",
    limits=(),
    data="made",
    licence="CC0-1.0",
    attribution="none",
    preprocessing=Preprocessing(height=32, width=32),
    columns=Columns(source="source"),
    fair_classes=CLASSES,
    region=LesionBox(holds="the spot"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    generator = np.random.default_rng(0)
    rows = []
    for number in range(60):
        values = generator.integers(0, 90, (32, 32)) + 90 * (number % 2)
        values[8:24, 8 : 12 + number % 7] += 60
        Image.fromarray(values.astype(np.uint8)).save(folder / f"{number}.png")
        Image.fromarray(np.pad(np.full((16, 16), 255, np.uint8), 8)).save(folder / f"m{number}.png")
        part = ("train", "train", "val", "test")[number // 2 % 4]
        row = (number, f"{number}.png", CLASSES[number % 2], part, f"p{number // 2}", f"m{number}.png")
        rows.append((*row, "ab"[number // 8 % 2]))
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "file", "label", "part", "person", "mask", "source"), *rows])
    return folder / "index.csv"


@pytest.fixture(scope="module")
def bundle(index, tmp_path_factory):
    """A bundle as one was before there were reports: nothing of the report on its card."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ARCHITECTURES, "tiny", tiny_architecture)
        model = tiny_architecture((32, 32, 1), 2)
        folder = tmp_path_factory.mktemp("models") / "small"
        card = make_card(32, architecture="tiny", classes=CLASSES, schema_version=1)
        written = write_bundle(folder, card, named_weights(model))
        records = read_records(index, FACTS.columns)
        test = [record for record in records if record.part == "test"]
        logits = model.predict(load(test, CLASSES, FACTS.preprocessing).inputs, verbose=0)
        rows = [tuple(round(float(value), 5) for value in row) for row in logits]
        scored = [
            Scored(id=record.id, group=record.group, label=CLASSES.index(record.label), logits=row)
            for record, row in zip(test, rows, strict=True)
        ]
        write_metrics(folder, Metrics(temperature=1.5, test=tuple(scored)))
        with (folder / "split.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = [(r.id, r.group, r.label, r.part) for r in records]
            csv.writer(stream).writerows([("id", "group", "label", "part"), *rows])
        yield written


@pytest.fixture(scope="module")
def report_run(bundle, index):
    before = read_metrics(bundle.folder).test, _digest(bundle)
    progress_calls, observed = [], []

    def recording_inputs(*arguments):
        observed.append(report_inputs(*arguments))
        return observed[0]

    def on_progress(part, count, total):
        progress_calls.append((part, count, total))

    with pytest.MonkeyPatch.context() as patch:
        # Kept for the tests that look again.
        patch.setattr("training.report.make.report_inputs", recording_inputs)
        result = make_report(bundle, Data(index), FACTS, on_progress)
    return result, before, progress_calls, observed[0]


def _digest(bundle) -> str:
    return hashlib.sha256((bundle.folder / WEIGHTS_NAME).read_bytes()).hexdigest()


def test_that_neither_the_weights_nor_the_scores_of_test_change(report_run):
    result, (scores, digest), progress_calls, _ = report_run
    assert _digest(result) == digest == result.card.weights_sha256
    assert read_metrics(result.folder).test == scores
    assert [part for part, _, _ in progress_calls] == ["train", "val", "test"]
    assert progress_calls[-1][1:] == (60, 60)


def test_that_the_written_card_is_read_again_with_all_that_was_added(report_run):
    card = read_bundle(report_run[0].folder).card
    assert card == report_run[0].card
    assert card.schema_version == 4
    assert (card.class_words, card.caveats) == (FACTS.class_words, FACTS.caveats)
    assert card.depth == 5  # four convolutions and the logits
    assert set(card.performance.sources) == {"a", "b"}
    assert card.performance.pair.macro_f1.value == card.performance.macro_f1.value
    assert card.performance.calibration.error_after == card.performance.calibration_error
    for value in card.performance.classes.values():
        assert (
            value.recall_interval.low
            <= value.recall
            == value.recall_interval.value
            <= value.recall_interval.high
        )


def test_that_the_masks_measure_how_much_of_the_lesion_a_view_leaves(report_run):
    views = {view.name: view.lesion for view in report_run[0].card.shortcuts.views}
    assert views == {"border": 0.0, "no_border": 1.0, "centre": 1.0, "no_centre": 0.0}


def test_that_every_figure_is_there_and_the_folder_is_small(report_run):
    folder = report_run[0].folder / "figures"
    assert {path.name for path in folder.iterdir()} == set(report_run[0].card.figures)
    assert len(report_run[0].card.figures) == 6
    assert sum(path.stat().st_size for path in folder.iterdir()) < 400_000


def test_that_the_points_and_curves_are_stored_in_the_metrics(report_run):
    metrics = read_metrics(report_run[0].folder)
    assert len(metrics.scatter_rows) == len(metrics.scatters["embedding_tsne"].x)
    assert {row.part for row in metrics.scatter_rows} == {"train", "test"}
    for curve in metrics.roc.values():
        ends = curve.false_positives[0], curve.true_positives[0], curve.false_positives[-1]
        assert (*ends, curve.true_positives[-1]) == (0, 0, 1, 1)


def test_that_an_image_of_the_report_is_placed_where_it_was_drawn(report_run):
    result, _, _, report_inputs_seen = report_run
    drawn = read_metrics(result.folder).scatters["embedding_pca"]
    placed = read_embedding(result.folder).by_pca(report_inputs_seen.test.features)
    count = len(report_inputs_seen.test.records)
    np.testing.assert_allclose(placed, np.stack([drawn.x, drawn.y], axis=1)[:count], atol=3e-3)


def test_that_the_parts_are_those_of_the_bundle_and_not_of_the_index(report_run, index):
    records = read_records(index, FACTS.columns)
    bare = Data(index).without_parts(FACTS.columns, FACTS.keep).records
    assert {record.part for record in bare} == {""}
    assert with_parts_of(report_run[0], FACTS, bare) == records


def test_that_another_index_is_refused(report_run, index):
    text = index.read_text().replace("0,0.png,dark,train", "0,0.png,light,train", 1)
    other = index.with_name("other.csv")
    other.write_text(text)
    with pytest.raises(InputError, match="2 images differ, such as 0"):
        make_report(report_run[0], Data(other), FACTS)


def test_that_metrics_of_other_weights_are_refused(report_run):
    metrics = read_metrics(report_run[0].folder)
    turned = tuple(row.model_copy(update={"logits": row.logits[::-1]}) for row in metrics.test)
    write_metrics(report_run[0].folder, metrics.model_copy(update={"test": turned}))
    with pytest.raises(InputError, match="do not come from its weights"):
        add_report(report_run[0], FACTS, report_run[3])
    write_metrics(report_run[0].folder, metrics)


def test_that_the_facts_of_another_model_are_refused(report_run, index):
    with pytest.raises(InputError, match="The facts are those of other"):
        make_report(report_run[0], Data(index), FACTS.model_copy(update={"id": "other"}))


def test_that_depth_is_the_longest_way_and_not_the_number_of_layers():
    import keras

    start = keras.Input((8, 8, 1))
    long = keras.layers.Conv2D(2, 1)(keras.layers.Conv2D(2, 1)(start))
    joined = keras.layers.Add()([long, keras.layers.Conv2D(2, 1)(start)])
    flat = keras.layers.GlobalAveragePooling2D()(keras.layers.ReLU()(joined))
    assert depth(keras.Model(start, keras.layers.Dense(2)(flat))) == 3


def test_that_facts_of_a_class_that_the_bundle_does_not_have_are_refused(report_run, index):
    strange = FACTS.model_copy(update={"caveats": {"darkk": "Typed wrongly."}})
    with pytest.raises(InputError, match="the class 'darkk', which the data do not have"):
        with_parts_of(report_run[0], strange, [])
