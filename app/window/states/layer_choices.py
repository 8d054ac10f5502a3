"""The layers of a network as a list to choose from: the last one of each grid first, marked."""

from collections.abc import Sequence

from app.texts import layers as texts
from core.methods.activation.layer_strip import last_layers_of_grids
from core.network.layer import Layer

DEFAULT = ""


def layer_choices(layers: Sequence[Layer], has_default: bool = False) -> list[tuple[str, str]]:
    """Words and name of each layer, those of coarse grids, which know most of the class, before fine ones.

    has_default: begin with the choice that leaves it to the method, which names its layer.
    """
    last = last_layers_of_grids(layers)[::-1]
    marked = {layer.name for layer in last}
    others = [layer for layer in reversed(layers) if layer.name not in marked]
    choices = [(texts.last_of_grid(layer), layer.name) for layer in last]
    choices += [(texts.layer(layer), layer.name) for layer in others]
    if has_default and layers:
        return [(texts.default_layer(layers[-1]), DEFAULT), *choices]
    return choices
