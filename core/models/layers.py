"""The layers of a Keras network that have a grid, and models that give the outputs of some of them."""

import math
from collections.abc import Sequence
from typing import Any

from core.errors import BadParameter, nearest_hint
from core.models.runtime import frameworks
from core.network.layer import Layer


def grid_layers(model: Any) -> list[Layer]:
    """Layers with the input's axes, in the order of the graph; the last is the one before pooling."""
    keras, _ = frameworks()
    margins = (
        keras.layers.ZeroPadding2D,
        keras.layers.Cropping2D,
        keras.layers.ZeroPadding3D,
        keras.layers.Cropping3D,
    )
    # The first layer is the input itself.
    layers = model.layers[1:]
    work = [_multiplications(layer) for layer in layers]
    total = sum(work) or 1
    first = next((place for place, share in enumerate(work) if share), 0)
    return [
        Layer(
            layer.name,
            *_grid_and_channels(layer),
            work_behind=sum(work[place + 1 :]) / total,
            has_features=place >= first and not isinstance(layer, margins),
        )
        for place, layer in enumerate(layers)
        if len(layer.output.shape) == len(model.input.shape)
    ]


def _grid_and_channels(layer: Any) -> tuple[tuple[int, ...], int]:
    _, *grid, channels = layer.output.shape
    return tuple(map(int, grid)), int(channels)


def _multiplications(layer: Any) -> int:
    """Of one forward pass through a layer with weights: each kernel is applied at every position."""
    positions = math.prod(layer.output.shape[1:-1])
    return positions * sum(math.prod(weight.shape) for weight in layer.trainable_weights)


def output_bytes(model: Any) -> int:
    """What the outputs of all layers take for one input, in float32.

    A gradient holds 0.4 (DenseNet) to 1.1 (VGG) of it: what the way back needs of the way forward.
    """
    return sum(4 * math.prod(layer.output.shape[1:]) for layer in model.layers)


def checked_layer(layers: Sequence[Layer], name: str) -> Layer:
    """The layer of this name. Raises BadParameter for an unknown one."""
    by_name = {layer.name: layer for layer in layers}
    if name not in by_name:
        raise BadParameter(
            f"The model has no convolutional layer {name!r}.", nearest_hint(name, list(by_name))
        )
    return by_name[name]


def content_layers(model: Any) -> list[str]:
    """The last layer of each size of grid, from the input's down: shades and edges first, shapes last.

    Grids of a single cell, as in squeeze-and-excitation, hold no image of their own. Those of padding count:
    the content that bundles store was measured with them.
    """
    last = {layer.grid: layer.name for layer in grid_layers(model) if set(layer.grid) != {1}}
    return list(last.values())


def observed_model(model: Any) -> Any:
    """A Keras model of the same weights: logits (n, classes), content (n, k), output of the last layer.

    content: the mean over its grid of every channel of `content_layers`, x to sign(x) ln(1 + |x|), since
    the means of single channels differ by orders of magnitude. Without such layers k is 0. The last output
    is that of the last layer with a grid, (n, *grid, channels); (n, 0) without such layers.
    """
    keras, _ = frameworks()
    axes = tuple(range(1, len(model.input.shape) - 1))
    means = [keras.ops.mean(model.get_layer(name).output, axis=axes) for name in content_layers(model)]
    layers = grid_layers(model)
    last = model.get_layer(layers[-1].name).output if layers else model.output[:, :0]
    if not means:
        return keras.Model(model.input, [model.output, model.output[:, :0], last])
    joined = keras.ops.concatenate(means, axis=1)
    content = keras.ops.sign(joined) * keras.ops.log1p(keras.ops.abs(joined))
    return keras.Model(model.input, [model.output, content, last])


def layer_model(model: Any, layer: str) -> Any:
    """A Keras model of the same weights with two outputs: that of the layer, and logits (n, classes)."""
    keras, _ = frameworks()
    return keras.Model(model.input, [model.get_layer(layer).output, model.output])


def head_model(model: Any, layer: str) -> Any:
    """A Keras model of the same weights from the layer's output to logits (n, classes).

    None where the logits depend on more of the network's input than what this layer gives.
    """
    keras, _ = frameworks()
    names = [each.name for each in model.layers]
    start, *behind = model.layers[names.index(layer) :]
    reached = {id(start.output)}
    for each in behind:
        inputs = each.input if isinstance(each.input, list) else [each.input]
        if any(id(tensor) not in reached for tensor in inputs):
            return None
        reached.add(id(each.output))
    return keras.Model(start.output, model.output)


def cut_models(model: Any, layer: str) -> tuple[Any, Any]:
    """Two Keras models of the same weights: the network up to the layer's output, and what is behind it.

    The first gives a list: the layer's output, then every tensor that passes by the layer and is needed
    behind it (skip connections, concatenations). The second takes that list and gives logits (n, classes).
    """
    keras, _ = frameworks()
    names = [each.name for each in model.layers]
    start, *behind = model.layers[names.index(layer) :]
    reached = {id(start.output)}
    passing: dict[int, Any] = {}
    for each in behind:
        inputs = each.input if isinstance(each.input, list) else [each.input]
        if any(id(tensor) in reached for tensor in inputs):
            passing |= {id(tensor): tensor for tensor in inputs if id(tensor) not in reached}
            reached.add(id(each.output))
    tensors = [start.output, *passing.values()]
    return keras.Model(model.input, tensors), keras.Model(tensors, model.output)
