"""A whole small run: trained, interrupted, gone on with, exported, loaded in a fresh handle."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError, UsageError
from core.images.slice import Slice
from core.models.architectures import ARCHITECTURES
from core.models.handle import ModelHandle
from core.models.preprocessing import Preprocessing
from tests.cards import tiny_architecture
from training.batches import load
from training.datasets import read_index
from training.facts import Facts, read_facts
from training.loop import Trainer, best_weights
from training.make import make_bundle
from training.recipes import RECIPES, Stage, recipe

FACTS = Facts(
    id="toy",
    version="1.0.0",
    title="Toy",
    summary="Bright or dark side.",
    modality=("MR",),
    purpose="Tests.",
    not_for="Anything else.",
    limits=(),
    data="made",
    licence="CC0-1.0",
    attribution="none",
    preprocessing=Preprocessing(height=32, width=32),
)
TINY = RECIPES["smoke"].model_copy(update={"stages": (Stage(size=32, epochs=2),), "mask_weight": 0.5})


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Pictures whose left or right half is bright, two a person."""
    folder = tmp_path_factory.mktemp("toy")
    generator = np.random.default_rng(0)
    rows = []
    for number in range(48):
        values = generator.integers(0, 60, (32, 32))
        side = number % 2
        values[:, 16 * side : 16 * side + 16] += 120
        Image.fromarray(values.astype(np.uint8)).save(folder / f"{number}.png")
        part = "train" if number < 32 else "val" if number < 40 else "test"
        rows.append((number, f"{number}.png", ("left", "right")[side], part, f"p{number // 2}"))
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "file", "label", "part", "person"), *rows])
    return folder / "index.csv"


@pytest.fixture(scope="module", autouse=True)
def architecture():
    """A network small enough to train within a test, beside the real ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ARCHITECTURES, "tiny", tiny_architecture)
        yield


@pytest.fixture(scope="module")
def made(index, architecture, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    lines = []
    bundle = make_bundle(index, FACTS, "tiny", TINY, 5, work, work / "models", lines.append)
    return bundle, lines, work


def test_that_a_run_leaves_a_bundle_that_predicts_as_its_metrics_say(made, index):
    bundle, lines, _ = made
    assert [line["epoch"] for line in lines] == [1, 2]
    handle = ModelHandle.load(bundle)
    metrics = json.loads((bundle.folder / "metrics.json").read_text())
    assert len(metrics["test"]) == 8
    for row in metrics["test"]:
        values = np.asarray(Image.open(index.parent / f"{row['id']}.png"))
        x, _ = bundle.card.preprocessing.apply(Slice(values))
        np.testing.assert_allclose(handle.predict(x).logits, row["logits"], atol=2e-3)


def test_that_the_card_holds_what_was_measured_on_test(made):
    card = made[0].card
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
def test_that_a_folder_of_another_run_is_not_gone_on_with(made, index, changes, word):
    run = {"architecture": "tiny", "recipe": TINY, "seed": 5} | changes
    with pytest.raises(UsageError, match=word):
        make_bundle(index=index, facts=FACTS, work=made[2], out=made[2] / "again", report=print, **run)


def test_that_a_finished_run_is_exported_again_without_training(made, index):
    again = make_bundle(index, FACTS, "tiny", TINY, 5, made[2], made[2] / "again", pytest.fail)
    assert again.card == made[0].card


def test_that_training_inputs_of_every_class_go_along_as_background(made, index):
    bundle = made[0]
    background = bundle.background()
    assert background.shape == (16, 32, 32, 1)
    train = load(
        [r for r in read_index(index) if r.part == "train"], ("left", "right"), bundle.card.preprocessing
    )
    distances = np.abs(background[:, None] - train.inputs[None]).max(axis=(2, 3, 4))
    assert distances.min(axis=1).max() < 0.01
    assert np.bincount(train.labels[distances.argmin(axis=1)]).tolist() == [8, 8]


def test_that_an_interrupted_run_ends_with_the_weights_of_one_that_was_not(made, index, tmp_path):
    records = read_index(index)
    train, val = ([r for r in records if r.part == part] for part in ("train", "val"))

    class Interrupted(Exception):
        pass

    def interrupt(record):
        raise Interrupted

    trainer = Trainer("tiny", TINY, FACTS.preprocessing, ("left", "right"), 5, tmp_path)
    with pytest.raises(Interrupted):
        trainer.run(train, val, interrupt)
    again = Trainer("tiny", TINY, FACTS.preprocessing, ("left", "right"), 5, tmp_path)
    lines = []
    again.run(train, val, lines.append)
    assert [line["epoch"] for line in lines] == [2]
    whole = best_weights(made[2] / "best.npz")
    for ours, theirs in zip(best_weights(again.best_weights), whole, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_that_the_schedule_warms_up_and_cools_to_a_hundredth():
    stages = (
        Stage(size=32, epochs=22),
        Stage(size=64, epochs=8),
        Stage(size=64, epochs=3, restart_rate=2e-4),
    )
    chosen = RECIPES["smoke"].model_copy(update={"stages": stages, "warm_up_epochs": 2.0})
    rates = [chosen.rate(epoch) for epoch in np.linspace(0, 29.999, 200)]
    assert max(rates) == pytest.approx(chosen.peak_rate, rel=0.01)
    assert rates[0] < 0.01 * chosen.peak_rate
    assert rates[-1] == pytest.approx(0.01 * chosen.peak_rate, rel=1e-3)
    assert [chosen.stage_of(epoch) for epoch in (0, 21, 22, 29, 30, 32)] == [0, 0, 1, 1, 2, 2]
    # The restart has its own cosine: its peak, the middle between the ends, a hundredth.
    restarted = [chosen.rate(epoch) for epoch in (30, 31.5, 33)]
    assert restarted == pytest.approx([2e-4, 1.01e-4, 2e-6], rel=1e-6)


def test_that_an_unknown_recipe_is_named():
    with pytest.raises(UsageError, match="'paper'"):
        recipe("paper")


def test_that_wrong_facts_name_their_field(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS.model_dump(mode="json") | {"version": 3}))
    with pytest.raises(InputError, match=r"facts\.json: version"):
        read_facts(path)
