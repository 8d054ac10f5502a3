"""The training loop: stages, schedule, averaged weights, checkpoints after every epoch.

Keras 3 calls only, so that it runs on any backend.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.arrays import Array
from core.models.architectures import ARCHITECTURES
from core.models.preprocessing import Preprocessing
from training.batches import Images, epoch_batches, load
from training.datasets import Record
from training.metrics import macro_f1
from training.recipes import Recipe

Report = Callable[[dict[str, Any]], None]


class Trainer:
    """Trains one network on the train part and keeps the weights that did best on val.

    A run is a folder; an interrupted one goes on after its last whole epoch.
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
        self._best = -1.0
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def best_weights(self) -> Path:
        return self._folder / "best.npz"

    @property
    def checkpoint(self) -> Path:
        return self._folder / "checkpoint.npz"

    def run(self, train: Sequence[Record], val: Sequence[Record], report: Report) -> None:
        """Train to the recipe's end; `report` gets one flat record per epoch."""
        if self._recipe.mixed_precision:
            keras.config.set_dtype_policy("mixed_bfloat16")
        keras.utils.set_random_seed(self._seed)
        state = self._resume()
        while state.epoch < self._recipe.epochs:
            self._run_stage(self._recipe.stage_of(state.epoch), state, train, val, report)

    def _run_stage(
        self, stage: int, state: "_State", train: Sequence[Record], val: Sequence[Record], report: Report
    ) -> None:
        """The epochs that are left of one stage."""
        size = self._recipe.stages[stage].size
        fitted = self._preprocessing.model_copy(update={"height": size, "width": size})
        data, held_out = (load(part, self._classes, fitted) for part in (train, val))
        step = _Step(self._architecture, self._recipe, fitted.shape, len(self._classes))
        step.start_from(state)
        first = self._recipe.first_epoch(stage)
        if state.epoch == first:
            # Batch-norm statistics of another size or rate would spoil the average for an epoch or two.
            state.average = step.model.get_weights()
        while state.epoch < self._recipe.epochs and self._recipe.stage_of(state.epoch) == stage:
            started = time.monotonic()
            losses = self._epoch(step, data, state, first)
            score = self._score(step, state.average, held_out)
            state.epoch += 1
            state.weights, state.optimiser = step.model.get_weights(), step.optimiser_values()
            if stage == len(self._recipe.stages) - 1 and score >= self._best:
                self._best = score
                _save(self.best_weights, {"best": np.array(score)}, {"weights": state.average})
            self._save_checkpoint(state, stage)
            seconds = time.monotonic() - started
            report({"epoch": state.epoch, "size": size, "val_macro_f1": score, "seconds": seconds, **losses})
        state.optimiser = []  # another size starts with fresh moments

    def _epoch(self, step: "_Step", data: Images, state: "_State", first: int) -> dict[str, float]:
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
                # A stage moves fast at first; a young average follows it more closely.
                seen = ((epoch - first) * count + index) / recipe.average_every
                decay = min(recipe.average_decay, (1 + seen) / (10 + seen))
                _blend(state.average, step.model.get_weights(), decay)
        return totals

    def _score(self, step: "_Step", average: list[Array], held_out: Images) -> float:
        """Macro-F1 on val with the averaged weights."""
        own = step.model.get_weights()
        step.model.set_weights(average)
        logits = step.logits(held_out.inputs)
        step.model.set_weights(own)
        return macro_f1(held_out.labels, logits.argmax(axis=1), len(self._classes))

    def _resume(self) -> "_State":
        if self.best_weights.exists():
            with np.load(self.best_weights) as stored:
                self._best = float(stored["best"])
        state = _State()
        if self.checkpoint.exists():
            with np.load(self.checkpoint) as stored:
                state.epoch = int(stored["epoch"])
                state.weights, state.average = _group(stored, "weights"), _group(stored, "average")
                unfinished = state.epoch < self._recipe.epochs
                if unfinished and self._recipe.stage_of(state.epoch) == int(stored["stage"]):
                    state.optimiser = _group(stored, "optimiser")
        return state

    def _save_checkpoint(self, state: "_State", stage: int) -> None:
        scalars = {"epoch": np.array(state.epoch), "stage": np.array(stage)}
        groups = {"weights": state.weights, "average": state.average, "optimiser": state.optimiser}
        _save(self.checkpoint, scalars, groups)


@dataclass(slots=True)
class _State:
    """Where a run stands after `epoch` whole epochs; empty lists: not yet there."""

    epoch: int = 0
    weights: list[Array] = field(default_factory=list)
    average: list[Array] = field(default_factory=list)
    optimiser: list[Array] = field(default_factory=list)


class _Step:
    """The compiled network at one size, with the second output that points at the lesion."""

    def __init__(self, architecture: str, recipe: Recipe, shape: tuple[int, int, int], classes: int) -> None:
        self.model = ARCHITECTURES[architecture](shape, classes)
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = recipe.batch_norm_momentum
        middle = _tensor_at_stride(self.model, shape[0], 16)
        pointer = keras.layers.Conv2D(1, 1, dtype="float32", name="pointer")(middle)
        self.grid = int(pointer.shape[1])
        self._classes = classes
        both = keras.Model(self.model.input, [self.model.output, pointer])
        self._optimiser = _optimiser(recipe)
        both.compile(
            optimizer=self._optimiser,
            loss=[
                keras.losses.CategoricalCrossentropy(
                    from_logits=True, label_smoothing=recipe.label_smoothing
                ),
                keras.losses.BinaryFocalCrossentropy(from_logits=True, apply_class_balancing=True, alpha=0.9),
            ],
            loss_weights=[1.0, 10.0 * recipe.mask_weight],
            jit_compile=False,
        )
        self._both = both
        self._optimiser.build(both.trainable_variables)

    def set_rate(self, rate: float) -> None:
        self._optimiser.learning_rate = rate

    def seed_dropout(self, seed: int, epoch: int) -> None:
        """Let dropout depend on seed and epoch alone, so that a resumed run repeats an unbroken one."""
        for number, layer in enumerate(self.model.layers):
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign(np.array([seed + 1000 * number, epoch], np.uint32))

    def train(self, inputs: Array, labels: Array, masks: Array) -> dict[str, float]:
        targets = [np.eye(self._classes, dtype=np.float32)[labels], masks]
        results = self._both.train_on_batch(inputs, targets, return_dict=True)
        return {name: float(value) for name, value in results.items()}

    def logits(self, inputs: Array) -> Array:
        return np.asarray(self.model.predict(inputs, batch_size=32, verbose=0))

    def optimiser_values(self) -> list[Array]:
        return [np.asarray(variable) for variable in self._optimiser.variables]

    def start_from(self, state: _State) -> None:
        """Take over the weights and moments of a run that has begun."""
        if state.weights:
            self.model.set_weights(state.weights)
        for variable, value in zip(self._optimiser.variables, state.optimiser, strict=bool(state.optimiser)):
            variable.assign(value)


def _optimiser(recipe: Recipe) -> keras.Optimizer:
    if recipe.optimiser == "sgd":
        return keras.optimizers.SGD(recipe.peak_rate, momentum=0.939, weight_decay=recipe.weight_decay)
    made = keras.optimizers.AdamW(recipe.peak_rate, weight_decay=recipe.weight_decay, clipnorm=1.0)
    made.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return made


def _tensor_at_stride(model: keras.Model, size: int, stride: int) -> Any:
    """The last 4-D tensor whose grid is `stride` times coarser than the input."""
    wanted = size // stride
    found = [
        layer.output
        for layer in model.layers
        if len(layer.output.shape) == 4 and wanted <= layer.output.shape[1] <= wanted + 1
    ]
    return found[-1]


def _blend(average: list[Array], weights: list[Array], decay: float) -> None:
    for mean, new in zip(average, weights, strict=True):
        mean *= decay
        mean += (1 - decay) * new


def best_weights(path: Path) -> list[Array]:
    """The averaged weights that did best on val, in the order of the model's."""
    with np.load(path) as stored:
        return _group(stored, "weights")


def _group(stored: Any, name: str) -> list[Array]:
    count = sum(1 for key in stored.files if key.startswith(f"{name}."))
    return [stored[f"{name}.{index}"] for index in range(count)]


def _save(path: Path, scalars: dict[str, Array], groups: dict[str, list[Array]]) -> None:
    """Write under a temporary name and rename, so that a killed run leaves the last whole epoch."""
    flat = {f"{name}.{i}": array for name, arrays in groups.items() for i, array in enumerate(arrays)}
    temporary = path.with_suffix(".part.npz")
    arrays: dict[str, Any] = {**scalars, **flat}
    np.savez(temporary, **arrays)
    os.replace(temporary, path)


def append_json_line(path: Path, record: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record) + "\n")
