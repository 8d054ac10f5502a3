"""The loop: repeatable to the bit, resumed after any end, early stopping, class weights."""

import ast
import json

import keras
import numpy as np
import pytest

from core.errors import ModelError, OutOfMemory
from core.models.architectures import ARCHITECTURES
from tests.cards import tiny_architecture
from tests.training.toy import CLASSES, FACTS, TINY, uncompiled, write_index
from training import loop
from training.checkpoint import best_weights, read_state
from training.datasets import read_records
from training.device import is_shortage
from training.loop import Trainer
from training.recipes import Stage
from training.step import TrainingStep, balanced_weights

LONG = TINY.model_copy(update={"stages": (Stage(size=32, epochs=8),), "patience": 2, "class_weights": True})
CHECKPOINT = "checkpoint.npz"


class Killed(Exception):
    """Stands for a process that ends at once."""


@pytest.fixture(scope="module", autouse=True)
def architecture():
    with pytest.MonkeyPatch.context() as patch, uncompiled():
        patch.setitem(ARCHITECTURES, "tiny", tiny_architecture)
        yield


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    records = read_records(write_index(tmp_path_factory.mktemp("toy")))
    return tuple([record for record in records if record.part == part] for part in ("train", "val"))


def trainer(folder, recipe=LONG):
    return Trainer("tiny", recipe, FACTS.preprocessing, CLASSES, 5, folder)


@pytest.fixture
def scripted(monkeypatch):
    """Val scores as written here, by epoch: 3 is best, then none is better, so that 5 is the last."""
    scores = [0.5, 0.6, 0.7, 0.7, 0.65, 0.9, 0.9, 0.9]
    real = Trainer._epoch

    def noted(self, step, data, state, *rest):
        self.at = state.epoch
        return real(self, step, data, state, *rest)

    monkeypatch.setattr(Trainer, "_epoch", noted)
    monkeypatch.setattr(Trainer, "_score", lambda self, step, average, held_out: scores[self.at])


@pytest.fixture(scope="module")
def undisturbed_run(parts, tmp_path_factory):
    """A run of two epochs that was not disturbed."""
    finished = trainer(tmp_path_factory.mktemp("whole"), TINY)
    finished.run(*parts, lambda record: None)
    return finished


TWO_SIZES = TINY.model_copy(update={"stages": (Stage(size=32, epochs=1), Stage(size=48, epochs=1))})


def same(ours, theirs):
    assert len(ours) == len(theirs) > 0
    for each, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(each, other)


def test_that_two_runs_of_one_seed_give_the_same_weights_to_the_bit(parts, tmp_path, monkeypatch):
    # Compiled, as a real run is: what runs at a time there must not change the sums.
    monkeypatch.delattr(keras.Model, "run_eagerly")
    runs = []
    for name in ("first", "second"):
        run = trainer(tmp_path / name, TINY)
        run.run(*parts, lambda record: None)
        runs.append((best_weights(run.best_weights), read_state(run.checkpoint, run.best_weights, run.log)))
    (weights, state), (again, other) = runs
    same(weights, again)
    same(state.optimiser, other.optimiser)


@pytest.mark.parametrize("moment", ["write_best", "write_state", "append_json_line"])
def test_that_a_run_killed_at_any_moment_ends_as_one_that_was_not(
    parts, undisturbed_run, tmp_path, monkeypatch, moment
):
    real = getattr(loop, moment)

    def kill(*arguments):
        real(*arguments)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(loop, moment, kill)
        with pytest.raises(Killed):
            trainer(tmp_path, TINY).run(*parts, lambda record: None)
    with (tmp_path / "log.jsonl").open("a") as stream:
        stream.write('{"epoch": 1, "si')
    again = trainer(tmp_path, TINY)
    history = again.run(*parts, lambda record: None)
    same(best_weights(again.best_weights), best_weights(undisturbed_run.best_weights))
    lines = [json.loads(line) for line in again.log.read_text().splitlines()]
    assert lines == history
    undisturbed = [json.loads(line) for line in undisturbed_run.log.read_text().splitlines()]
    for line in (*lines, *undisturbed):
        del line["seconds"]
    assert lines == undisturbed


@pytest.mark.slow
def test_that_a_run_ended_between_two_sizes_goes_on_to_the_same_weights(parts, tmp_path):
    trainer(tmp_path / "whole", TWO_SIZES).run(*parts, lambda record: None)

    def kill(record):
        raise Killed

    with pytest.raises(Killed):
        trainer(tmp_path / "ended", TWO_SIZES).run(*parts, kill)
    trainer(tmp_path / "ended", TWO_SIZES).run(*parts, lambda record: None)
    same(*(best_weights(tmp_path / name / "best.npz") for name in ("ended", "whole")))


def test_that_training_stops_when_val_gets_no_better_and_keeps_the_last_of_the_best(
    parts, scripted, tmp_path
):
    stopped = trainer(tmp_path)
    history = stopped.run(*parts, lambda record: None)
    assert [line["val_macro_f1"] for line in history] == [0.5, 0.6, 0.7, 0.7, 0.65]
    state = read_state(stopped.checkpoint, stopped.best_weights, stopped.log)
    assert (state.epoch, state.best, state.stale) == (5, 0.7, 2)
    assert trainer(tmp_path).run(*parts, pytest.fail) == history


@pytest.mark.slow
def test_that_patience_continues_after_a_run_was_killed(parts, scripted, tmp_path, monkeypatch):
    real = loop.write_state

    def kill(path, state):
        if state.epoch == 3:
            raise Killed
        real(path, state)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "write_state", kill)
        with pytest.raises(Killed):
            trainer(tmp_path).run(*parts, lambda record: None)
    history = trainer(tmp_path).run(*parts, lambda record: None)
    assert [line["epoch"] for line in history] == [1, 2, 3, 4, 5]


def test_that_balanced_weights_make_every_class_weigh_alike():
    labels = np.array([0] * 6 + [1] * 3 + [2] * 1)
    weights = balanced_weights(labels, 3)
    assert weights == pytest.approx([10 / 18, 10 / 9, 10 / 3])
    assert weights[labels].mean() == pytest.approx(1)


def test_that_class_weights_multiply_the_loss_of_their_images(generator):
    recipe = TINY.model_copy(update={"label_smoothing": 0.0, "mask_weight": 0.0})
    inputs = generator.random((8, 32, 32, 1)).astype(np.float32)
    labels, masks = np.array([0] * 6 + [1] * 2), np.zeros((8, 2, 2, 1), np.float32)
    losses = []
    for weights in (None, np.array([2.0, 0.0], np.float32), np.array([0.0, 4.0], np.float32)):
        step = TrainingStep("tiny", recipe, (32, 32, 1), 2, weights)
        step.start_from([np.full(each.shape, 0.01, np.float32) for each in step.model.get_weights()], [], [])
        step.set_rate(0.0)
        losses.append(step.train(inputs, labels, masks)["loss"])
    plain, first, second = losses
    # The mean over images is a sum over the classes: 2 and 4 times it in the two halves.
    assert first / 2 + second / 4 == pytest.approx(plain, rel=1e-5)


def test_that_a_loss_that_is_not_finite_ends_the_run(parts, tmp_path, monkeypatch):
    monkeypatch.setattr(TrainingStep, "train", lambda *arguments: {"loss": float("nan")})
    with pytest.raises(ModelError, match="epoch 1"):
        trainer(tmp_path, TINY).run(*parts, lambda record: None)


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's."""


class OutOfMemoryError(RuntimeError):
    """Named as PyTorch's."""


FULL = {
    "tensorflow": ResourceExhaustedError("OOM when allocating tensor with shape[64,64,56,56]"),
    "torch": OutOfMemoryError("CUDA: tried to allocate 2.00 GiB."),
    "torch on a CPU": RuntimeError("DefaultCPUAllocator: can't allocate memory: 8 bytes"),
    "cublas": RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
    "jax": RuntimeError("RESOURCE_EXHAUSTED: Failed to allocate request for 2.0GiB."),
    "numpy": MemoryError("Unable to allocate 2.00 GiB"),
}


def fail_at_step(monkeypatch, number, error):
    """The device is full at this training step, counted from 1 over the epochs."""
    real = TrainingStep.train
    steps = []

    def small_device(self, *arguments):
        steps.append(1)
        if len(steps) == number:
            raise error
        return real(self, *arguments)

    monkeypatch.setattr(TrainingStep, "train", small_device)


@pytest.mark.parametrize("error", FULL.values(), ids=FULL.keys())
def test_that_a_full_device_is_reported_whichever_library_finds_it(parts, tmp_path, monkeypatch, error):
    fail_at_step(monkeypatch, 2, error)
    with pytest.raises(OutOfMemory) as caught:
        trainer(tmp_path, TINY).run(*parts, pytest.fail)
    assert caught.value.message == (
        "The device has no memory left in epoch 1, with batches of 8 images of 32 x 32."
    )
    assert "--set batch=4" in caught.value.hint
    assert not (tmp_path / CHECKPOINT).exists()


def test_that_a_run_ended_by_a_full_device_resumes_from_the_last_complete_epoch(
    parts, undisturbed_run, tmp_path, monkeypatch
):
    written = []
    with monkeypatch.context() as patch:
        fail_at_step(patch, 6, FULL["tensorflow"])  # the second step of the second epoch
        with pytest.raises(OutOfMemory, match="in epoch 2,"):
            trainer(tmp_path, TINY).run(
                *parts, lambda record: written.append((tmp_path / CHECKPOINT).read_bytes())
            )
    assert [(tmp_path / CHECKPOINT).read_bytes()] == written
    trainer(tmp_path, TINY).run(*parts, lambda record: None)
    same(best_weights(tmp_path / "best.npz"), best_weights(undisturbed_run.best_weights))


def test_that_a_batch_of_one_is_not_to_be_halved(parts, tmp_path, monkeypatch):
    monkeypatch.setattr(TrainingStep, "train", lambda *arguments: _raise(MemoryError()))
    with pytest.raises(OutOfMemory) as caught:
        trainer(tmp_path, TINY.model_copy(update={"batch": 1})).run(*parts, lambda record: None)
    assert "batch=" not in caught.value.hint
    assert "smaller stages" in caught.value.hint


def test_that_another_error_of_a_step_is_not_taken_for_a_full_device(parts, tmp_path, monkeypatch):
    monkeypatch.setattr(TrainingStep, "train", lambda *arguments: _raise(RuntimeError("shapes do not fit")))
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        trainer(tmp_path, TINY).run(*parts, lambda record: None)
    assert not is_shortage(OutOfMemory("40 images take more memory than is free; out of memory."))


def _raise(error):
    raise error


def test_that_the_memory_of_the_largest_stage_is_checked_before_the_first(parts, tmp_path):
    huge = TINY.model_copy(update={"stages": (Stage(size=32, epochs=1), Stage(size=200_000, epochs=1))})
    with pytest.raises(OutOfMemory, match="40 images of 200000 x 200000"):
        trainer(tmp_path, huge).run(*parts, pytest.fail)


@pytest.mark.parametrize("name", ["augmentation", "batches", "checkpoint", "loop", "recipes", "step"])
def test_that_the_loop_names_no_framework_but_keras(repository, name):
    tree = ast.parse((repository / "training" / f"{name}.py").read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & {"tensorflow", "jax", "torch"}
