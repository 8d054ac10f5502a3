"""Grad-CAM (Selvaraju et al. 2017, doi 10.1109/ICCV.2017.74)."""

from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadParameter, NotApplicable, nearest_hint
from core.images.resample import resampled
from core.methods.protocol import Cost, Family, LayerInfo, Map, MethodParams, Network, Run, Target


class GradCamParams(MethodParams):
    """Parameters of Grad-CAM."""

    layer: str = Field("", description="the convolutional layer; empty: the last one before pooling")


@final
class GradCam:
    """ReLU of the layer's channels, each weighted by the mean gradient of the target over it.

    The map is computed on the layer's grid and brought to the input's grid linearly (pixel edges
    stay edges); it is not normalised, so that maps of one image can be compared.
    """

    name: ClassVar[str] = "grad_cam"
    title: ClassVar[str] = "Grad-CAM"
    summary: ClassVar[str] = "Coarse regions that raise the score in the last layer; one gradient."
    family: ClassVar[Family] = Family.ACTIVATION
    doi: ClassVar[str] = "10.1109/ICCV.2017.74"
    Params: ClassVar[type[GradCamParams]] = GradCamParams

    def applies(self, network: Network) -> None:
        if not network.layers():
            raise NotApplicable("Grad-CAM needs a convolutional layer.", "Choose another method.")

    def cost(self, params: GradCamParams, network: Network) -> Cost:
        return Cost(gradients=1)

    def run(self, network: Network, x: Array, target: Target, params: GradCamParams, run: Run) -> Map:
        layer = chosen_layer(self.name, network, params.layer)
        run.progress(0, 1)
        _, activations, gradients = network.activation_gradients(x[None], layer.name, target, run)
        run.progress(1, 1)
        weights = gradients[0].mean(axis=(0, 1), dtype=np.float64)
        coarse = np.maximum(activations[0].astype(np.float64) @ weights, 0.0)
        return Map(
            resampled(coarse, x.shape[:2]).astype(np.float32),
            signed=False,
            cells=coarse.shape,
            choices={"layer": layer.name},
        )


def chosen_layer(method: str, network: Network, name: str) -> LayerInfo:
    """The layer called `name`, or the last one before pooling. Raises BadParameter for an unknown one."""
    layers = {layer.name: layer for layer in network.layers()}
    if not layers:
        raise NotApplicable(f"{method} needs a convolutional layer.", "Choose another method.")
    if not name:
        return list(layers.values())[-1]
    if name not in layers:
        raise BadParameter(
            f"{method}.layer: the model has no convolutional layer {name!r}.", nearest_hint(name, layers)
        )
    return layers[name]
