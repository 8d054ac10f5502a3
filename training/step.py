"""One step of training: the compiled network with a second output that marks the lesion.

Keras 3 calls only, so that it runs on any backend.
"""

from typing import Any

import keras
import numpy as np

from core.arrays import Array
from core.models.architectures import ARCHITECTURES
from training.recipes import Recipe


class TrainingStep:
    """The compiled network at one size, with a second output that marks the lesion."""

    def __init__(
        self,
        architecture: str,
        recipe: Recipe,
        shape: tuple[int, int, int],
        classes: int,
        class_weights: Array | None = None,
    ) -> None:
        """class_weights: (classes,) by which each image's loss is multiplied; None: equal weights."""
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
            # XLA gains nothing on a CPU; Keras on JAX needs it.
            jit_compile=keras.backend.backend() == "jax",
        )
        self._both = both
        self._optimiser.build(both.trainable_variables)

    def set_rate(self, rate: float) -> None:
        """Set the learning rate."""
        self._optimiser.learning_rate = rate

    def seed_dropout(self, seed: int, epoch: int) -> None:
        """Make dropout depend on seed and epoch alone, so that a resumed run gives the same result."""
        for number, layer in enumerate(self.model.layers):
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign(np.array([seed + 1000 * number, epoch], np.uint32))

    def train(self, inputs: Array, labels: Array, masks: Array) -> dict[str, float]:
        """One step; returns the losses before it.

        inputs: (n, height, width, channels); labels: (n,) classes; masks: (n, grid, grid, 1).
        """
        targets = [np.eye(self._classes, dtype=np.float32)[labels], masks]
        weights = None
        if self._class_weights is not None:
            weights = [self._class_weights[labels], np.ones(masks.shape[:3], np.float32)]
        self._both.reset_metrics()  # otherwise Keras returns means since the start
        results = self._both.train_on_batch(inputs, targets, sample_weight=weights, return_dict=True)
        return {name: float(value) for name, value in results.items()}

    def logits(self, inputs: Array) -> Array:
        """(n, classes) of inputs (n, height, width, channels)."""
        return np.asarray(self.model.predict(inputs, batch_size=32, verbose=0))

    def optimiser_values(self) -> list[Array]:
        """The optimiser's variables, of any shape."""
        return [np.asarray(variable) for variable in self._optimiser.variables]

    def pointer_weights(self) -> list[Array]:
        """The weights of the second output, of any shape, which are not part of the bundle."""
        return [np.asarray(array) for array in self._pointer.get_weights()]

    def start_from(self, weights: list[Array], pointer: list[Array], optimiser: list[Array]) -> None:
        """Restore the weights and moments of an interrupted run, arrays of any shape; empty lists: none."""
        if weights:
            self.model.set_weights(weights)
        if pointer:
            self._pointer.set_weights(pointer)
        for variable, value in zip(self._optimiser.variables, optimiser, strict=bool(optimiser)):
            variable.assign(value)


def balanced_weights(labels: Array, classes: int) -> Array:
    """(classes,) float32: n / (classes * n of the class); so that all classes have the same weight."""
    counts = np.bincount(labels, minlength=classes)
    return (len(labels) / (classes * np.maximum(counts, 1))).astype(np.float32)


def _optimiser(recipe: Recipe) -> keras.Optimizer:
    if recipe.optimiser == "sgd":
        return keras.optimizers.SGD(
            recipe.peak_rate, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )
    adamw = keras.optimizers.AdamW(recipe.peak_rate, weight_decay=recipe.weight_decay, clipnorm=1.0)
    adamw.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return adamw


def _tensor_at_stride(model: keras.Model, size: int, stride: int) -> Any:
    """The last 4-D tensor whose grid is `stride` times coarser than the input, or the nearest to it."""
    grid = size // stride
    tensors = [layer.output for layer in model.layers if len(layer.output.shape) == 4]
    # Rounding up gives a grid that is larger by one; networks without padding have smaller grids.
    distances = [abs(int(tensor.shape[1]) - grid - 0.5) for tensor in tensors]
    nearest = min(distances)
    return next(
        tensor for tensor, distance in zip(tensors[::-1], distances[::-1], strict=True) if distance == nearest
    )
