"""One step of training: the compiled network with a second output that points at the lesion.

Keras 3 calls only, so that it runs on any backend.
"""

from typing import Any

import keras
import numpy as np

from core.arrays import Array
from core.models.architectures import ARCHITECTURES
from training.recipes import Recipe


class Step:
    """The compiled network at one size, with the second output that points at the lesion."""

    def __init__(
        self,
        architecture: str,
        recipe: Recipe,
        shape: tuple[int, int, int],
        classes: int,
        class_weights: Array | None = None,
    ) -> None:
        """class_weights: (classes,) by which each image's loss is multiplied; None: all count alike."""
        self.model = ARCHITECTURES[architecture](shape, classes)
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = recipe.batch_norm_momentum
        middle = _tensor_at_stride(self.model, shape[0], 16)
        self._pointer = keras.layers.Conv2D(1, 1, dtype="float32", name="pointer")
        pointer = self._pointer(middle)
        self.grid = int(pointer.shape[1])
        self._classes = classes
        self._class_weights = class_weights
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
            # XLA gains nothing on a CPU; Keras on JAX is nothing without it.
            jit_compile=keras.backend.backend() == "jax",
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
        """One step; returns the losses before it."""
        targets = [np.eye(self._classes, dtype=np.float32)[labels], masks]
        weights = None
        if self._class_weights is not None:
            weights = [self._class_weights[labels], np.ones(masks.shape[:3], np.float32)]
        self._both.reset_metrics()  # else Keras gives the means since the beginning
        results = self._both.train_on_batch(inputs, targets, sample_weight=weights, return_dict=True)
        return {name: float(value) for name, value in results.items()}

    def logits(self, inputs: Array) -> Array:
        return np.asarray(self.model.predict(inputs, batch_size=32, verbose=0))

    def optimiser_values(self) -> list[Array]:
        return [np.asarray(variable) for variable in self._optimiser.variables]

    def pointer_weights(self) -> list[Array]:
        """Those of the second output, which are no part of the model."""
        return [np.asarray(array) for array in self._pointer.get_weights()]

    def start_from(self, weights: list[Array], pointer: list[Array], optimiser: list[Array]) -> None:
        """Take over the weights and moments of a run that has begun; empty lists: there are none."""
        if weights:
            self.model.set_weights(weights)
        if pointer:
            self._pointer.set_weights(pointer)
        for variable, value in zip(self._optimiser.variables, optimiser, strict=bool(optimiser)):
            variable.assign(value)


def balanced_weights(labels: Array, classes: int) -> Array:
    """(classes,) float32: n / (classes * n of the class); every class weighs alike."""
    counts = np.bincount(labels, minlength=classes)
    return (len(labels) / (classes * np.maximum(counts, 1))).astype(np.float32)


def _optimiser(recipe: Recipe) -> keras.Optimizer:
    if recipe.optimiser == "sgd":
        return keras.optimizers.SGD(
            recipe.peak_rate, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )
    made = keras.optimizers.AdamW(recipe.peak_rate, weight_decay=recipe.weight_decay, clipnorm=1.0)
    made.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return made


def _tensor_at_stride(model: keras.Model, size: int, stride: int) -> Any:
    """The last 4-D tensor whose grid is `stride` times coarser than the input, or the nearest to it."""
    wanted = size // stride
    found = [layer.output for layer in model.layers if len(layer.output.shape) == 4]
    # A grid one larger comes of rounding up; networks without padding at the edges have smaller ones.
    off = [abs(int(tensor.shape[1]) - wanted - 0.5) for tensor in found]
    return next(tensor for tensor, far in zip(found[::-1], off[::-1], strict=True) if far == min(off))
