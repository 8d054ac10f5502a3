"""The training loop: stages, schedule, averaged weights, checkpoints after every epoch.

Keras 3 calls only, so that it runs on any backend.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.arrays import Array
from core.errors import ModelError, OutOfMemory
from core.models.preprocessing import Preprocessing
from training.batches import Images, epoch_batches, load, require_memory
from training.checkpoint import (
    TrainingState,
    append_json_line,
    read_state,
    write_best,
    write_json_lines,
    write_state,
)
from training.datasets import LabelledImage
from training.device import device_text, gains_from_half, is_shortage
from training.metrics import macro_f1
from training.recipes import Recipe
from training.step import TrainingStep, balanced_weights

Report = Callable[[dict[str, Any]], None]
Progress = Callable[[int, int], None]


class Trainer:
    """Trains one network on the train part and keeps the weights that did best on val.

    A run is a folder; an interrupted one is resumed after its last whole epoch.
    """

    def __init__(
        self,
        architecture: str,
        recipe: Recipe,
        preprocessing: Preprocessing,
        classes: Sequence[str],
        seed: int,
        folder: Path,
    ) -> None:
        self._architecture = architecture
        self._recipe = recipe
        self._preprocessing = preprocessing
        self._classes = tuple(classes)
        self._seed = seed
        self._folder = folder
        self._precision = "float32"
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def best_weights(self) -> Path:
        """The file of the weights that did best on val."""
        return self._folder / "best.npz"

    @property
    def checkpoint(self) -> Path:
        """The file of the state after the last whole epoch."""
        return self._folder / "checkpoint.npz"

    @property
    def log(self) -> Path:
        """The file with a line of JSON for each whole epoch."""
        return self._folder / "log.jsonl"

    def run(
        self,
        train: Sequence[LabelledImage],
        val: Sequence[LabelledImage],
        report: Report,
        progress: Progress = lambda done, total: None,
    ) -> list[dict[str, Any]]:
        """Train to the end of the recipe or of its patience; returns a flat record for each epoch.

        report: is called with each of them after its epoch. progress: steps done and to do in the whole run.
        Raises OutOfMemory before the first epoch if the images do not fit, and in any epoch if the device is
        full: the disk is then as the last whole epoch left it. Raises ModelError if the loss becomes
        NaN.
        """
        recipe = self._recipe
        state = read_state(self.checkpoint, self.best_weights, self.log)
        write_json_lines(self.log, state.history)
        if not self._is_finished(state):
            require_memory(len(train) + len(val), self._at(max(stage.size for stage in recipe.stages)))
        keras.utils.set_random_seed(self._seed)
        with self._chosen_precision():
            self._skip_finished_stages(state)
            while not self._is_finished(state):
                stage = recipe.stage_of(state.epoch)
                try:
                    self._run_stage(stage, state, train, val, report, progress)
                except Exception as error:
                    if not is_shortage(error):
                        raise
                    raise self._shortage(stage, state.epoch) from None
        return state.history

    def _shortage(self, stage: int, epoch: int) -> OutOfMemory:
        """The error if the device is full in the epoch after `epoch` whole ones."""
        batch, size = self._recipe.batch, self._recipe.stages[stage].size
        smaller = f"a smaller batch (--set batch={batch // 2}) or " if batch > 1 else ""
        return OutOfMemory(
            f"The device has no memory left in epoch {epoch + 1}, with batches of {batch} images of"
            f" {size} x {size}.",
            "Close other programs and run the same command again, which resumes after the last whole epoch;"
            f" or take {smaller}smaller stages (--set stages=...) and another folder with --work.",
        )

    def _skip_finished_stages(self, state: TrainingState) -> None:
        """Advance the random stream past the initial weights of the stages that are finished.

        The initial weights of all stages come from one stream, so that a resumed run must find it in the same
        state as an uninterrupted one.
        """
        if not self._is_finished(state):
            for stage in self._recipe.stages[: self._recipe.stage_of(state.epoch)]:
                TrainingStep(self._architecture, self._recipe, self._at(stage.size).shape, len(self._classes))

    @contextmanager
    def _chosen_precision(self) -> Iterator[None]:
        before = keras.config.dtype_policy()
        if self._recipe.mixed_precision and gains_from_half():
            keras.config.set_dtype_policy("mixed_bfloat16")
            self._precision = "mixed_bfloat16"
        try:
            yield
        finally:
            keras.config.set_dtype_policy(before)

    def _is_finished(self, state: TrainingState) -> bool:
        recipe = self._recipe
        return state.epoch >= recipe.epochs or (
            recipe.patience is not None and state.stale >= recipe.patience
        )

    def _at(self, size: int) -> Preprocessing:
        return self._preprocessing.model_copy(update={"height": size, "width": size})

    def _run_stage(
        self,
        stage: int,
        state: TrainingState,
        train: Sequence[LabelledImage],
        val: Sequence[LabelledImage],
        report: Report,
        progress: Progress,
    ) -> None:
        """Run the remaining epochs of one stage."""
        recipe, size = self._recipe, self._recipe.stages[stage].size
        fitted = self._at(size)
        data, held_out = (load(part, self._classes, fitted) for part in (train, val))
        weights = balanced_weights(data.labels, len(self._classes)) if recipe.class_weights else None
        step = TrainingStep(self._architecture, recipe, fitted.shape, len(self._classes), weights)
        if state.stage == stage:
            step.start_from(state.weights, state.pointer, state.optimiser)
        else:  # another size starts with new moments
            step.start_from(state.weights, [], [])
        first = recipe.first_epoch(stage)
        if state.epoch == first:
            # Batch-norm statistics of another size or rate would distort the average for an epoch or two.
            state.average = step.model.get_weights()
        while not self._is_finished(state) and recipe.stage_of(state.epoch) == stage:
            started = time.monotonic()
            losses = self._epoch(step, data, state, first, progress)
            score = self._score(step, state.average, held_out)
            state.epoch, state.stage = state.epoch + 1, stage
            state.weights, state.pointer = step.model.get_weights(), step.pointer_weights()
            state.optimiser = step.optimiser_values()
            if stage == len(recipe.stages) - 1:
                state.stale = 0 if score > state.best else state.stale + 1
                if score >= state.best:
                    state.best = score
                    write_best(self.best_weights, score, state.average)
            record = {
                "epoch": state.epoch,
                "size": size,
                "val_macro_f1": score,
                "seconds": time.monotonic() - started,
                **losses,
                "device": device_text(),
                "precision": self._precision,
            }
            state.history.append(record)
            write_state(self.checkpoint, state)
            append_json_line(self.log, record)
            report(record)

    def _epoch(
        self, step: TrainingStep, data: Images, state: TrainingState, first: int, progress: Progress
    ) -> dict[str, float]:
        """One pass over `data`; `first` is the stage's first epoch. Returns the mean losses."""
        recipe, epoch = self._recipe, state.epoch
        count = max(len(data) // recipe.batch, 1)
        totals: dict[str, float] = {}
        step.seed_dropout(self._seed, epoch)
        batches = epoch_batches(data, recipe.batch, recipe.augmentation, step.grid, self._seed, epoch)
        for index, batch in enumerate(batches):
            step.set_rate(recipe.rate(epoch + index / count))
            for name, value in step.train(batch.inputs, batch.labels, batch.masks).items():
                totals[name] = totals.get(name, 0.0) + value / count
            if index % recipe.average_every == 0:
                # Weights change fast at the start of a stage; the average follows them more closely there.
                updates = ((epoch - first) * count + index) / recipe.average_every
                decay = min(recipe.average_decay, (1 + updates) / (10 + updates))
                _blend(state.average, step.model.get_weights(), decay)
            progress(epoch * count + index + 1, recipe.epochs * count)
        if not np.isfinite(totals["loss"]):
            raise ModelError(
                f"The loss is NaN in epoch {epoch + 1}.",
                f"Take a lower learning rate than {recipe.peak_rate:g}, with --set peak_rate=VALUE.",
            )
        return totals

    def _score(self, step: TrainingStep, average: list[Array], held_out: Images) -> float:
        """Macro-F1 on val with the averaged weights."""
        current = step.model.get_weights()
        step.model.set_weights(average)
        logits = step.logits(held_out.inputs)
        step.model.set_weights(current)
        return macro_f1(held_out.labels, logits.argmax(axis=1), len(self._classes))


def _blend(average: list[Array], weights: list[Array], decay: float) -> None:
    for mean, new in zip(average, weights, strict=True):
        mean *= decay
        mean += (1 - decay) * new
