"""The head of every architecture: global average pooling and one dense layer of logits."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from core.errors import IncompatibleInput

if TYPE_CHECKING:
    import keras


def classifier(body: "keras.Model", classes: int, dropout: float = 0.3) -> "keras.Model":
    """`body` with (n, h, w, k) output, followed by pooling, dropout (training only) and logits.

    Logits, not probabilities: saturated softmax outputs have vanishing gradients.
    """
    import keras

    body = stably_named(body)
    pooled = keras.layers.GlobalAveragePooling2D(name="pooling")(body.output)
    dropped = keras.layers.Dropout(dropout, name="dropout")(pooled)
    logits = keras.layers.Dense(classes, dtype="float32", name="logits")(dropped)
    return keras.Model(body.input, logits, name=body.name)


def stably_named(body: "keras.Model") -> "keras.Model":
    """`body` with the layers that have no name of their own numbered from its own start.

    Keras numbers them through the whole process (conv2d_17), so a second network would not find its
    weights by name, and a layer that a record names would not be the same one the next time.
    """
    import keras

    names = _own_numbers(body)
    if all(old == new for old, new in names.items()):
        return body

    def renamed(layer: "keras.Layer") -> "keras.Layer":
        return type(layer).from_config(layer.get_config() | {"name": names.get(layer.name, layer.name)})

    return keras.models.clone_model(body, clone_function=renamed)


def _own_numbers(body: "keras.Model") -> dict[str, str]:
    """New names by old ones, for layers that are called after their class: conv2d, conv2d_1, ..."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for layer in body.layers[1:]:
        kind = re.sub(r"_\d+$", "", layer.name)
        if kind.replace("_", "") == type(layer).__name__.lower():
            names[layer.name] = f"{kind}_{counts[kind]}" if counts[kind] else kind
            counts[kind] += 1
    return names


def require_side(name: str, input_shape: tuple[int, int, int], least: int) -> None:
    """Raises IncompatibleInput if height or width is so small that nothing is left to pool."""
    height, width, _ = input_shape
    if min(height, width) < least:
        raise IncompatibleInput(
            f"{name} needs inputs of at least {least} x {least} pixels, not {height} x {width}.",
            "Choose a larger input in the card's preprocessing, or another architecture.",
        )
