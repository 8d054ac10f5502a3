"""Grad-CAM (Selvaraju et al. 2017, doi 10.1109/ICCV.2017.74)."""

from typing import ClassVar, final

import numpy as np

from core.arrays import Array
from core.methods.activation.layer_pass import LayerParams, layer_pass, require_layers
from core.methods.contract import Family
from core.methods.meaning import ACTIVATION, Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target


class GradCamParams(LayerParams):
    """Parameters of Grad-CAM."""


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

    def meaning(self, params: GradCamParams) -> Meaning:
        return ACTIVATION

    def applies(self, network: Network) -> None:
        require_layers(self.title, network)

    def cost(self, params: GradCamParams, network: Network) -> Cost:
        return Cost(gradients=1)

    def run(
        self, network: Network, x: Array, target: Target, params: GradCamParams, run: Run
    ) -> AttributionMap:
        run.progress(0, 1)
        seen = layer_pass(self.name, network, x, target, params.layer, run)
        run.progress(1, 1)
        weights = seen.gradients.mean(axis=(0, 1))
        return seen.map(np.maximum(seen.activations @ weights, 0.0), x.shape)
