"""Networks with layers of known activations and gradients, for hand computations of activation maps."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import Array
from core.network.facts import NetworkFacts
from core.network.layer import Layer

ACTIVATIONS = np.array([[[1.0, 2.0], [0.0, 1.0]], [[3.0, 0.0], [1.0, 5.0]]])  # (2, 2, channels)
GRADIENTS = np.array([[[1.0, -2.0], [3.0, 0.0]], [[0.0, 0.0], [0.0, -2.0]]])


@dataclass
class TwoByTwo:
    """One layer, `last`, of 2 x 2 cells. Class 0 scores sum(weights x) + bias, class 1 its negative."""

    activations_: Array = field(default_factory=lambda: ACTIVATIONS)
    gradients_: Array = field(default_factory=lambda: GRADIENTS)
    weights: Array = field(default_factory=lambda: np.ones((4, 4, 1)))
    bias: float = 0.0
    best_batch: int = 8
    class_count: int = 2
    passes: int = 0
    forwards: list[int] = field(default_factory=list)

    @property
    def input_shape(self):
        return self.weights.shape

    @property
    def facts(self):
        rows, columns, channels = self.activations_.shape
        layers = (Layer("early", (4, 4), 1), Layer("last", (rows, columns), channels))
        *grid, depth = self.input_shape
        return NetworkFacts("two by two", tuple(grid), depth, 2, layers, best_batch=self.best_batch)

    def logits(self, inputs, run=None):
        self.forwards.append(len(inputs))
        score = (inputs * self.weights).sum(axis=(1, 2, 3)) + self.bias
        return np.stack([score, -score], axis=1)

    def values(self, inputs, target, run=None):
        return self.logits(inputs)[:, target.index]

    def probabilities(self, inputs, run=None):
        powers = np.exp(self.logits(inputs))
        return powers / powers.sum(axis=1, keepdims=True)

    def activation_gradients(self, inputs, layer, target, run=None):
        assert layer == "last"
        self.passes += 1
        sign = 1.0 if target.index == 0 else -1.0
        return np.array([sign]), self.activations_[None], sign * self.gradients_[None]
