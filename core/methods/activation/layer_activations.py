"""The activations of a layer, without a gradient, for maps that are made from them alone."""

import numpy as np

from core.arrays import Array
from core.images.resample import resampled
from core.methods.activation.layer_pass import chosen_layer, require_finite
from core.network.attribution_map import AttributionMap
from core.network.layer import Layer
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run


def layer_activations(
    method: str, network: Network, method_input: MethodInput, name: str, run: Run
) -> tuple[Layer, Array]:
    """The layer called `name`, or the last one, and its output (*grid, channels) float64.

    Made once in a run. Raises BadParameter for an unknown layer, NotApplicable if the network has none,
    BadMap if the output is not finite.
    """
    layer = chosen_layer(method, network.facts.layers, name)
    activations = run.once(
        ("activations", layer.name), lambda: network.activations(method_input.x[None], layer.name, run)[0]
    )
    require_finite(layer, activations)
    return layer, activations.astype(np.float64)


def grown(coarse: Array, method_input: MethodInput) -> Array:
    """(*grid,) float32: a map of a layer's grid brought to that of the input linearly."""
    return resampled(coarse, method_input.x.shape[:-1]).astype(np.float32)


def activation_map(
    coarse: Array, method_input: MethodInput, choices: dict[str, str], diagnostics: dict[str, float]
) -> AttributionMap:
    """A map of activations (*grid,) of a layer's grid; negative ones are what the layer gives."""
    values = grown(coarse, method_input)
    return AttributionMap(
        values,
        signed=bool((values < 0).any()),
        cells=coarse.shape,
        diagnostics=diagnostics,
        choices=choices,
    )
