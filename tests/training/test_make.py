"""A complete small run: trained, interrupted, resumed, exported, loaded in a fresh handle."""

import hashlib
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError, UsageError
from core.images.slice import Slice
from core.models.architectures import ARCHITECTURES
from core.models.handle import ModelHandle
from tests.cards import tiny_architecture
from tests.training.toy import FACTS, TINY, uncompiled, write_folders, write_index
from training.batches import load
from training.data import Data
from training.datasets import leaks, read_records
from training.facts import read_facts
from training.make import Listener, make_bundle
from training.recipes import RECIPES
from training.report.make import make_report
from training.splits import Split


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return write_index(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module", autouse=True)
def architecture():
    """A network small enough to train within a test, beside the real ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ARCHITECTURES, "tiny", tiny_architecture)
        yield


@pytest.fixture(scope="module")
def finished_run(index, architecture, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    lines = []
    bundle = make_bundle(Data(index), FACTS, "tiny", TINY, 5, work, work / "models", Listener(lines.append))
    return bundle, lines, work


def test_that_a_run_leaves_a_bundle_that_predicts_as_its_metrics_state(finished_run, index):
    bundle, lines, _ = finished_run
    assert [line["epoch"] for line in lines] == [1, 2]
    handle = ModelHandle.load(bundle)
    metrics = json.loads((bundle.folder / "metrics.json").read_text())
    assert len(metrics["test"]) == 8
    for row in metrics["test"]:
        values = np.asarray(Image.open(index.parent / f"{row['id']}.png"))
        x = bundle.card.preprocessing.apply(Slice(values)).x
        np.testing.assert_allclose(handle.predict(x).logits, row["logits"], atol=2e-3)


def test_that_the_card_holds_what_was_measured_on_test(finished_run):
    card = finished_run[0].card
    assert card.classes == ("left", "right")
    assert card.performance.images == 8
    assert card.performance.groups == 4
    assert sum(sum(row) for row in card.performance.confusion) == 8
    assert card.performance.macro_f1.low <= card.performance.macro_f1.value <= card.performance.macro_f1.high
    assert card.training.epochs == 2
    assert card.temperature is not None


@pytest.mark.parametrize(
    ("changes", "word"), [({"seed": 6}, "another seed"), ({"recipe": RECIPES["smoke"]}, "another recipe")]
)
def test_that_a_folder_of_another_run_is_not_resumed(finished_run, index, changes, word):
    run = {"architecture": "tiny", "recipe": TINY, "seed": 5} | changes
    with pytest.raises(UsageError, match=word):
        make_bundle(data=Data(index), facts=FACTS, work=finished_run[2], out=finished_run[2] / "again", **run)


def test_that_a_finished_run_is_exported_again_without_training(finished_run, index):
    again = make_bundle(
        Data(index), FACTS, "tiny", TINY, 5, finished_run[2], finished_run[2] / "again", Listener(pytest.fail)
    )
    assert again.card == finished_run[0].card


def test_that_training_inputs_of_every_class_go_along_as_background(finished_run, index):
    bundle = finished_run[0]
    background = bundle.background()
    assert background.shape == (16, 32, 32, 1)
    train = load(
        [r for r in read_records(index) if r.part == "train"], ("left", "right"), bundle.card.preprocessing
    )
    distances = np.abs(background[:, None] - train.inputs[None]).max(axis=(2, 3, 4))
    assert distances.min(axis=1).max() < 0.01
    assert np.bincount(train.labels[distances.argmin(axis=1)]).tolist() == [8, 8]


def test_that_wrong_facts_name_their_field(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS.model_dump(mode="json") | {"version": 3}))
    with pytest.raises(InputError, match=r"facts\.json: version"):
        read_facts(path)


def test_that_the_two_kinds_of_split_are_compared_on_like_terms(repository):
    folder = repository / "training" / "comparisons"
    facts = [
        read_facts(folder / f"brain_tumor_mri_96_{split}.json") for split in ("by_person", "random_slices")
    ]
    # But for their names and what the reader is warned of, so that the split alone makes the difference.
    first, other = (each.model_copy(update={"id": "", "title": "", "limits": ()}) for each in facts)
    assert first == other
    assert "in train and in test" in facts[1].limits[0]


def test_that_a_run_of_an_older_version_is_resumed(finished_run, index, tmp_path, monkeypatch):
    # What has been added to run.json since is left out, as an older version wrote it.
    run = json.loads((finished_run[2] / "run.json").read_text())
    for name in ("format", "split", "group_pattern"):
        del run[name]
    for name in ("momentum", "schedule", "class_weights", "patience"):
        del run["recipe"][name]
    work = tmp_path / "older"
    shutil.copytree(finished_run[2], work)
    (work / "run.json").write_text(json.dumps(run))
    monkeypatch.setattr("training.export.export", lambda folder, *rest: rest[-1])
    record = make_bundle(Data(index), FACTS, "tiny", TINY, 5, work, tmp_path, Listener(pytest.fail))
    assert record == finished_run[0].card.training
    other = TINY.model_copy(update={"momentum": 0.9})
    with pytest.raises(UsageError, match="another recipe"):
        make_bundle(Data(index), FACTS, "tiny", other, 5, work, tmp_path)


@pytest.fixture(scope="module")
def bundle_with_leaks(architecture, tmp_path_factory):
    """A bundle of pictures in folders, drawn one by one; the folder, and the messages."""
    folder, message = tmp_path_factory.mktemp("leaking"), []
    root = write_folders(folder)
    data = Data(root, "class_folders", Split(kind="slices", seed=3), r"(p\d+)_", only_if_needed=False)
    listener = Listener(sentence=message.append)
    with uncompiled():
        yield make_bundle(data, FACTS, "tiny", TINY, 5, folder / "work", folder, listener), root, message


def test_that_a_leaking_split_is_named_in_card_and_progress(bundle_with_leaks):
    bundle, _, message = bundle_with_leaks
    assert "cannot be trusted" in bundle.card.limits[0]
    assert bundle.card.training.split.startswith("LEAKS: 80/10/10, image by image, seed 3")
    assert "--split slices --shares 80/10/10 --split-seed 3" in bundle.card.training.command
    assert any("cannot be trusted" in sentence for sentence in message)


def test_that_a_report_finds_the_parts_and_persons_that_were_drawn(bundle_with_leaks):
    bundle, root, _ = bundle_with_leaks
    rows = (bundle.folder / "split.csv").read_text()
    place = hashlib.sha256(b"left/p0_0.png").hexdigest()[:8]
    assert f"\np0_0.png {place},p0,left," in rows
    # Neither form, pattern nor split is given again: whose a picture is and where it was stand in the bundle.
    assert make_report(bundle, Data(root), FACTS).card == bundle.card
    (root / "left" / "p0_0.png").rename(root / "left" / "p0_1.png")
    with pytest.raises(InputError, match=r"2 images differ, such as p0_[01]\.png"):
        make_report(bundle, Data(root), FACTS)


def test_that_an_index_without_parts_is_split_by_person(tmp_path):
    index = write_index(tmp_path, parts=False)
    _, split, result = Data(index).read(FACTS.columns, FACTS.keep)
    assert split.kind == "groups"
    assert leaks(result.records) == []
    assert [len(result.part(name)) for name in ("train", "val", "test")] == [38, 6, 4]
