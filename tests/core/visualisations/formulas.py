"""Networks whose score or layer is a formula, for closed-form tests of visualisations."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import Array
from core.network.facts import NetworkFacts
from core.network.layer import Layer


@dataclass
class Formula:
    """Class 0 scores `score(x)`, class 1 its negative. score, slope: of (rows, columns, channels)."""

    score: object
    slope: object
    input_shape: tuple[int, int, int]
    input_range: tuple[float, float] | None = None
    calls: list[int] = field(default_factory=list)

    @property
    def facts(self):
        *grid, channels = self.input_shape
        return NetworkFacts("formula", tuple(grid), channels, 2, self.layers(), input_range=self.input_range)

    def layers(self):
        return ()

    def probabilities(self, inputs, run=None):
        share = 1 / (1 + np.exp(-np.array([self.score(x.astype(np.float64)) for x in inputs])))
        return np.stack([share, 1 - share], axis=1)

    def gradients(self, inputs, target, run=None):
        self.calls.append(len(inputs))
        sign = 1.0 if target.index == 0 else -1.0
        inputs = inputs.astype(np.float64)
        values = np.array([sign * self.score(x) for x in inputs])
        return values, np.stack([sign * self.slope(x) for x in inputs])

    def background(self):
        return np.stack([np.full(self.input_shape, value, np.float32) for value in (0.2, 0.4)])


def linear(weights, input_range=None):
    """score = sum of weights times input."""
    return Formula(lambda x: float((x * weights).sum()), lambda x: weights, weights.shape, input_range)


def quadratic(goal, input_range=None):
    """score = -|x - goal|^2."""
    return Formula(
        lambda x: -float(np.square(x - goal).sum()), lambda x: -2 * (x - goal), goal.shape, input_range
    )


class OneKernel(Formula):
    """A layer `conv`: the correlation of the input's one channel with a kernel where it lies inside it."""

    def __init__(self, kernel: Array, grid: tuple[int, int], input_range=None) -> None:
        self.kernel = kernel
        super().__init__(lambda x: float(x.sum()), np.ones_like, (*grid, 1), input_range)

    def layers(self):
        rows, columns = (
            size - side + 1 for size, side in zip(self.input_shape[:2], self.kernel.shape, strict=True)
        )
        return (Layer("conv", (rows, columns), 1),)

    def output(self, inputs):
        windows = np.lib.stride_tricks.sliding_window_view(inputs[..., 0], self.kernel.shape, axis=(1, 2))
        return np.einsum("nrcij,ij->nrc", windows, self.kernel)[..., None]

    def layer_gradients(self, inputs, objective, run=None):
        self.calls.append(len(inputs))
        output = self.output(inputs.astype(np.float64))
        _, row, column = objective.place
        by_output = {
            "layer": output[..., 0],
            "channel": np.full(output.shape[:3], 1 / output[0].size),
            "unit": np.zeros(output.shape[:3]),
        }[objective.part]
        if objective.part == "unit":
            by_output[:, row, column] = 1.0
        gradients = np.zeros(inputs.shape)
        rows, columns = output.shape[1:3]
        for (i, j), weight in np.ndenumerate(self.kernel):
            gradients[:, i : i + rows, j : j + columns, 0] += weight * by_output
        return objective.score(output), gradients
