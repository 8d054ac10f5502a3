"""A network whose probabilities are cached by input."""

import hashlib

import numpy as np

from core.arrays import Array
from core.network.network import ProbabilityNetwork
from core.network.run import Run


class CachedNetwork:
    """A network with its probabilities cached by the bytes of each input.

    Curves of one protocol on several axes reveal the same pictures, which are so computed once.
    """

    def __init__(self, network: ProbabilityNetwork) -> None:
        self._network = network
        self._cache: dict[bytes, Array] = {}

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(*grid, channels)."""
        return self._network.input_shape

    @property
    def class_count(self) -> int:
        """The number of classes."""
        return self._network.class_count

    @property
    def best_batch(self) -> int:
        """Inputs a call."""
        return self._network.best_batch

    def probabilities(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes) of inputs (n, *grid, channels), computed only for those that are not cached."""
        keys = [hashlib.blake2b(x.tobytes(), digest_size=16).digest() for x in inputs]
        new = {key: number for number, key in enumerate(keys) if key not in self._cache}
        if new:
            probabilities = self._network.probabilities(inputs[list(new.values())], run)
            self._cache.update(zip(new, probabilities, strict=True))
        return np.stack([self._cache[key] for key in keys])
