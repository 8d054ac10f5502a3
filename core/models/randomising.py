"""Weights as they were before training, layer by layer, for checks of whether a map depends on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrays import Array

# The attribute that holds a variable's initialiser, where it is not called after the variable.
_OTHER_INITIALISERS = {
    "kernel": "depthwise_initializer",
    "depthwise_kernel": "depthwise_initializer",
    "pointwise_kernel": "pointwise_initializer",
}


def weighted_layers(model: Any) -> tuple[str, ...]:
    """Names of the layers whose weights are learned, from the logits down.

    A layer of fixed values, such as the normalisation of the input, is not among them.
    """
    return tuple(layer.name for layer in reversed(model.layers) if any(_initialisers(layer)))


@dataclass(frozen=True, slots=True)
class Draw:
    """Layers whose weights are drawn again from their initialisers, and the seed; without layers: none."""

    layers: frozenset[str] = frozenset()
    seed: int = 0


TRAINED = Draw()


class WeightSets:
    """The weights that a Keras model holds in turn, so that its graphs are traced once for all of them.

    Batch norm is drawn as well: gamma 1, beta 0, moving mean 0, moving variance 1, as before the first step
    of training. Initialisers are designed for these values: they keep the variance of activations within
    bounds, while statistics that were learned with other kernels would let activations grow without
    bound. A layer gets the same draw from a seed whichever others are drawn with it.
    """

    def __init__(self, model: Any) -> None:
        """model: with its trained weights."""
        self._model = model
        self._trained: dict[str, list[Array]] = {}
        self._held: Draw | None = TRAINED

    def use(self, draw: Draw) -> None:
        """Let the model hold the trained weights, but for the layers of this draw."""
        if draw == self._held:
            return
        # Nothing is known of the weights if the next lines are interrupted.
        self._held = None
        for number, layer in enumerate(self._model.layers):
            if layer.name in draw.layers:
                self._keep(layer)
                for place, (variable, initialiser) in enumerate(_initialisers(layer)):
                    drawn = np.random.SeedSequence([draw.seed, number, place]).generate_state(1)[0]
                    variable.assign(_seeded(initialiser, int(drawn))(variable.shape, dtype=variable.dtype))
            elif layer.name in self._trained:
                for variable, values in zip(layer.weights, self._trained.pop(layer.name), strict=True):
                    variable.assign(values)
        self._held = draw

    def _keep(self, layer: Any) -> None:
        """Remember the trained weights of a layer that holds them."""
        if layer.name not in self._trained:
            self._trained[layer.name] = [np.asarray(variable).copy() for variable in layer.weights]


def _initialisers(layer: Any) -> Iterator[tuple[Any, Any]]:
    """The layer's variables that have an initialiser, each with it."""
    for variable in layer.weights:
        names = (f"{variable.name}_initializer", _OTHER_INITIALISERS.get(variable.name, ""))
        initialiser = next((getattr(layer, name) for name in names if hasattr(layer, name)), None)
        if initialiser is not None:
            yield variable, initialiser


def _seeded(initialiser: Any, seed: int) -> Any:
    """The same initialiser with another seed; a constant one has none."""
    config = initialiser.get_config()
    return type(initialiser).from_config(config | {"seed": seed} if "seed" in config else config)
