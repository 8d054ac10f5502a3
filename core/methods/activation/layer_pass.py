"""One pass to a layer and back, which all class activation maps of an image share."""

from dataclasses import dataclass

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadMap, BadParameter, NotApplicable, nearest_hint
from core.images.resample import resampled
from core.network.attribution_map import AttributionMap
from core.network.network import Layer, Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


class LayerParams(Parameters):
    """Parameters of a map made from one layer."""

    layer: str = Field("", description="the convolutional layer; empty: the last one before pooling")


@dataclass(frozen=True, slots=True)
class LayerPass:
    """A layer's output and the target's gradient by it, each (rows, columns, channels) float64."""

    layer: Layer
    activations: Array
    gradients: Array

    def map(
        self, coarse: Array, shape: tuple[int, ...], signed: bool = False, effect: float | None = None
    ) -> AttributionMap:
        """`coarse` (rows, columns) brought to the input's `shape` linearly; pixel edges stay edges.

        It is not normalised, so that maps of one image can be compared. effect: that of the map, where it
        is not made from the layer's gradient.
        """
        values = resampled(coarse, (shape[0], shape[1])).astype(np.float32)
        return AttributionMap(
            values,
            signed=signed,
            cells=coarse.shape,
            choices={"layer": self.layer.name},
            effect=self.effect if effect is None else effect,
        )

    @property
    def effect(self) -> float:
        """The largest change of the score, to first order, that the layer has at one position.

        Every class activation map is made from these products; one that is 0 because they speak against
        the target is told by it from one that is 0 because there is no gradient.
        """
        return float(np.abs(self.gradients * self.activations).sum(axis=-1).max())


def layer_pass(method: str, network: Network, x: Array, target: Target, name: str, run: Run) -> LayerPass:
    """The pass of one input (height, width, channels) at the layer called `name`, made once in a run.

    Raises BadParameter for an unknown layer, NotApplicable if the network has none, BadMap for a
    layer whose output is not finite: channels that are nowhere above 0 would give a map of zeros.
    """
    layer = chosen_layer(method, network, name)

    def make() -> LayerPass:
        _, activations, gradients = network.activation_gradients(x[None], layer.name, target, run)
        if not np.isfinite(activations).all():
            raise BadMap(
                f"The layer {layer.name!r} answers this image with values that are not finite numbers.",
                "The image or the model is damaged; choose another.",
            )
        return LayerPass(layer, activations[0].astype(np.float64), gradients[0].astype(np.float64))

    return run.once(("layer_pass", layer.name, target), make)


def require_layers(title: str, network: Network) -> None:
    """Raises NotApplicable if the network has no convolutional layer."""
    if not network.layers():
        raise NotApplicable(f"{title} needs a convolutional layer.", "Choose another method.")


def chosen_layer(method: str, network: Network, name: str) -> Layer:
    """The layer called `name`, or the last one before pooling. Raises BadParameter for an unknown one."""
    require_layers(method, network)
    layers = {layer.name: layer for layer in network.layers()}
    if not name:
        return list(layers.values())[-1]
    if name not in layers:
        raise BadParameter(
            f"{method}.layer: the model has no convolutional layer {name!r}.", nearest_hint(name, layers)
        )
    return layers[name]
