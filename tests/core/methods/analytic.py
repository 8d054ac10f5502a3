"""Networks whose score is a formula, for closed-form tests of methods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.arrays import Array
from core.network.composite import Composite
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.run import Run
from core.network.target import Target

Formula = Callable[[Array], Array]


@dataclass
class Analytic:
    """Class 0 scores `score(x)`, class 1 its negative; `slope(x)` is the derivative of `score`.

    score: (n, h, w, c) to (n,). slope: (n, h, w, c) to the same shape.
    """

    score: Formula
    slope: Formula
    input_shape: tuple[int, ...] = (2, 3, 1)
    class_count: int = 2
    best_batch: int = 4
    gradient_calls: list[int] = field(default_factory=list)

    @property
    def facts(self) -> NetworkFacts:
        *grid, channels = self.input_shape
        layers = tuple(self.layers())
        return NetworkFacts(
            "analytic",
            tuple(grid),
            channels,
            2,
            layers,
            4,
            best_batch=self.best_batch,
            nonlinearities=frozenset({"relu"}),
            input_range=(0.0, 1.0),
        )

    def logits(self, inputs: Array, run: Run | None = None) -> Array:
        score = self.score(inputs.astype(np.float64))
        return np.stack([score, -score], axis=1)

    def probabilities(self, inputs: Array, run: Run | None = None) -> Array:
        powers = np.exp(self.logits(inputs, run))
        return powers / powers.sum(axis=1, keepdims=True)

    def values(self, inputs: Array, target: Target, run: Run | None = None) -> Array:
        return target.score(self.logits(inputs, run))

    def gradients(
        self, inputs: Array, target: Target | Sequence[Target], run: Run | None = None
    ) -> tuple[Array, Array]:
        self.gradient_calls.append(len(inputs))
        targets = [target] * len(inputs) if isinstance(target, Target) else list(target)
        weights = np.stack([each.class_weights(2) for each in targets])
        signs = weights @ np.array([1.0, -1.0])
        slopes = self.slope(inputs.astype(np.float64))
        values = (self.logits(inputs) * weights).sum(axis=1)
        return values, signs.reshape(-1, *[1] * len(self.input_shape)) * slopes

    def relevance(
        self,
        inputs: Array,
        target: Target | Sequence[Target],
        composite: Composite,
        run: Run | None = None,
        baselines: Array | None = None,
    ) -> tuple[Array, Array]:
        """As of a single layer without a bias, by the gradient or the epsilon rule."""
        for _ in range(composite.gradients - 1):
            self.gradient_calls.append(len(inputs))
        values, slopes = self.gradients(inputs, target, run)
        if baselines is not None:
            return values - self.values(baselines, target), (inputs - baselines) * slopes
        return values, inputs * slopes if composite.starts_from_score else slopes

    def background(self) -> Array:
        return np.random.default_rng(11).random((4, *self.input_shape), dtype=np.float32)

    def activations(self, inputs: Array, layer: str, run: Run | None = None) -> Array:
        raise AssertionError("an analytic network has no layers")

    def activation_gradients(
        self, inputs: Array, layer: str, target: Target, run: Run | None = None
    ) -> tuple[Array, Array, Array]:
        raise AssertionError("an analytic network has no layers")

    def layers(self) -> list[Layer]:
        return []


def linear(weights: Array) -> Analytic:
    """score = sum of weights times input."""
    return Analytic(
        lambda x: (x * weights).sum(axis=(1, 2, 3)),
        lambda x: np.broadcast_to(weights, x.shape).copy(),
        weights.shape,
    )


def cubic(shape: tuple[int, ...]) -> Analytic:
    """score = sum of cubes; also of a volume."""
    axes = tuple(range(1, len(shape) + 1))
    return Analytic(lambda x: (x**3).sum(axis=axes), lambda x: 3 * x**2, shape)


def saturating(shape: tuple[int, ...], rate: float) -> Analytic:
    """score = 1 - exp(-rate * mean): saturated at the image, steep at a black baseline."""
    count = int(np.prod(shape))

    def slope(x: Array) -> Array:
        inner = np.exp(-rate * x.mean(axis=(1, 2, 3)))
        return np.ones_like(x) * (rate / count * inner)[:, None, None, None]

    return Analytic(lambda x: 1 - np.exp(-rate * x.mean(axis=(1, 2, 3))), slope, shape)


def product() -> Analytic:
    """score = first pixel times second pixel of a 1 x 3 image."""

    def slope(x: Array) -> Array:
        return np.stack([x[:, :, 1], x[:, :, 0], np.zeros_like(x[:, :, 0])], axis=2)

    return Analytic(lambda x: x[:, 0, 0, 0] * x[:, 0, 1, 0], slope, (1, 3, 1))
