"""The layers of a Keras network that have a grid, and models that give the outputs of some of them."""

from typing import Any

from core.models.runtime import frameworks
from core.network.network import Layer


def grid_layers(model: Any) -> list[Layer]:
    """Layers with a 4-D output, in the order of the graph; the last is the one before pooling."""
    # The first layer is the input itself.
    outputs = {layer.name: tuple(layer.output.shape) for layer in model.layers[1:]}
    return [
        Layer(name, (int(shape[1]), int(shape[2])), int(shape[3]))
        for name, shape in outputs.items()
        if len(shape) == 4
    ]


def content_layers(model: Any) -> list[str]:
    """The last layer of each size of grid, from the input's down: shades and edges first, shapes last.

    Grids of a single cell, as in squeeze-and-excitation, hold no image of their own.
    """
    last = {layer.grid: layer.name for layer in grid_layers(model) if layer.grid != (1, 1)}
    return list(last.values())


def observed_model(model: Any) -> Any:
    """A Keras model of the same weights with two outputs: logits (n, classes) and content (n, k).

    content: the mean over its grid of every channel of `content_layers`, x to sign(x) ln(1 + |x|), since
    the means of single channels differ by orders of magnitude. Without such layers k is 0.
    """
    keras, _ = frameworks()
    means = [keras.ops.mean(model.get_layer(name).output, axis=(1, 2)) for name in content_layers(model)]
    if not means:
        return keras.Model(model.input, [model.output, model.output[:, :0]])
    joined = keras.ops.concatenate(means, axis=1)
    content = keras.ops.sign(joined) * keras.ops.log1p(keras.ops.abs(joined))
    return keras.Model(model.input, [model.output, content])


def layer_model(model: Any, layer: str) -> Any:
    """A Keras model of the same weights with two outputs: that of the layer, and logits (n, classes)."""
    keras, _ = frameworks()
    return keras.Model(model.input, [model.get_layer(layer).output, model.output])
