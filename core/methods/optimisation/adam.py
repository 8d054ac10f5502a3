"""Adam (Kingma and Ba 2015, arXiv 1412.6980)."""

import numpy as np

from core.arrays import Array

FIRST_DECAY, SECOND_DECAY, SMALLEST = 0.9, 0.999, 1e-8


class Adam:
    """Steps of gradient descent for an array of values. rate: how far a value moves at most in one step."""

    def __init__(self, shape: tuple[int, ...], rate: float) -> None:
        self._rate = rate
        self._mean, self._square = np.zeros(shape), np.zeros(shape)
        self._steps = 0

    def moved(self, values: Array, gradient: Array) -> Array:
        """The values after one more step against the gradient, both of the shape at construction."""
        self._steps += 1
        self._mean = FIRST_DECAY * self._mean + (1 - FIRST_DECAY) * gradient
        self._square = SECOND_DECAY * self._square + (1 - SECOND_DECAY) * gradient**2
        mean = self._mean / (1 - FIRST_DECAY**self._steps)
        square = self._square / (1 - SECOND_DECAY**self._steps)
        return values - self._rate * mean / (np.sqrt(square) + SMALLEST)
