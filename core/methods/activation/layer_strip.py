"""Grad-CAM in several layers of a network, from early to late: how information flows to the decision."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.methods.activation.layer_pass import channel_means, layer_pass_of
from core.network.layer import Layer
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run


@dataclass(frozen=True, slots=True)
class LayerMap:
    """The Grad-CAM of one layer (*grid,) float64 on its own grid. effect: see `AttributionMap`."""

    layer: Layer
    values: Array
    effect: float


def last_layers_of_grids(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The last layer of each size of grid, in the order of the graph: shades first, shapes last.

    Grids of a single cell, as in squeeze-and-excitation, hold no image of their own, nor do layers that only
    scale the input or change its margin.
    """
    last = {layer.grid: layer for layer in layers if set(layer.grid) != {1} and layer.has_features}
    order = [layer.name for layer in layers]
    return tuple(sorted(last.values(), key=lambda layer: order.index(layer.name)))


def grad_cam_strip(
    method: str, network: Network, method_input: MethodInput, layers: Sequence[Layer], run: Run
) -> list[LayerMap]:
    """The Grad-CAM of each layer, one gradient each. Raises what `layer_pass_of` raises."""
    strip = []
    for number, layer in enumerate(layers):
        run.progress(number, len(layers))
        layer_pass = layer_pass_of(method, network, method_input, layer.name, run)
        weights = channel_means(layer_pass.gradients)
        strip.append(LayerMap(layer, np.maximum(layer_pass.activations @ weights, 0.0), layer_pass.effect))
    run.progress(len(layers), len(layers))
    return strip
