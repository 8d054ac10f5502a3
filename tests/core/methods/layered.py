"""Networks with layers of known activations and gradients, for hand computations of activation maps."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import Array
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from tests.core.methods.analytic import Analytic

ACTIVATIONS = np.array([[[1.0, 2.0], [0.0, 1.0]], [[3.0, 0.0], [1.0, 5.0]]])  # (2, 2, channels)
GRADIENTS = np.array([[[1.0, -2.0], [3.0, 0.0]], [[0.0, 0.0], [0.0, -2.0]]])


@dataclass
class LinearHead:
    """A score that is the sum of gradient times activation of a layer, both (*grid, channels)."""

    activations: Array
    gradients: Array
    bias: float = 0.0

    def values(self, factors, target, run=None):
        axes = tuple(range(self.gradients.ndim - 1))
        scores = factors @ (self.gradients * self.activations).sum(axis=axes) + self.bias
        return target.score(np.stack([scores, -scores], axis=1))


class LayeredAnalytic(Analytic):
    """A network with one layer, whose output and gradient for class 0 are formulas."""

    def layer_output(self, inputs: Array) -> Array:
        """(n, rows, columns, channels) of inputs (n, height, width, channels)."""
        raise NotImplementedError

    def layer_slopes(self, activations: Array) -> Array:
        """The gradient of class 0 by the layer's output, of the same shape."""
        return np.ones_like(activations)

    def activations(self, inputs, layer, run=None):
        return self.layer_output(inputs)

    def activation_gradients(self, inputs, layer, target, run=None):
        values, _ = self.gradients(inputs, target, run)
        activations = self.layer_output(inputs)
        sign = target.class_weights(2) @ np.array([1.0, -1.0])
        return values, activations, sign * self.layer_slopes(activations)

    def layer_head(self, x, layer, run=None):
        activations = self.layer_output(x[None])
        return LinearHead(activations[0], self.layer_slopes(activations)[0])


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

    def activations(self, inputs, layer, run=None):
        return self.activations_[None]

    def layer_head(self, x, layer, run=None):
        return LinearHead(self.activations_, self.gradients_, self.bias)
