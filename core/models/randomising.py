"""Weights as they were before training, layer by layer, for checks of whether a map depends on them."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

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


def assign_partly_random(model: Any, trained: Any, layers: Collection[str], seed: int) -> None:
    """Give `model`, a clone of `trained`, its weights, those of `layers` drawn again from their initialisers.

    Batch norm is part of it: gamma 1, beta 0, moving mean 0, moving variance 1, as before the first step
    of training. Initialisers are designed for these values: they keep the variance of activations within
    bounds, while statistics that were learned with other kernels would let activations grow without
    bound. A layer gets the same draw from a seed whichever others are drawn with it.
    """
    for number, (layer, original) in enumerate(zip(model.layers, trained.layers, strict=True)):
        for variable, value in zip(layer.weights, original.weights, strict=True):
            variable.assign(value)
        if layer.name in layers:
            for place, (variable, initialiser) in enumerate(_initialisers(layer)):
                drawn = np.random.SeedSequence([seed, number, place]).generate_state(1)[0]
                variable.assign(_seeded(initialiser, int(drawn))(variable.shape, dtype=variable.dtype))


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
