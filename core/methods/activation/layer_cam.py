"""Layer-CAM (Jiang et al. 2021, doi 10.1109/TIP.2021.3089943)."""

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


class LayerCamParams(LayerParams):
    """Parameters of Layer-CAM."""


@final
class LayerCam:
    """ReLU of the sum over channels of the activation times its own positive gradient.

    Every position has its own weight, so that early, fine layers give a usable map too.
    """

    name: ClassVar[str] = "layer_cam"
    title: ClassVar[str] = "Layer-CAM"
    summary: ClassVar[str] = "Grad-CAM with a weight for each position; fit for finer layers; one gradient."
    family: ClassVar[Family] = Family.ACTIVATION
    doi: ClassVar[str] = "10.1109/TIP.2021.3089943"
    Params: ClassVar[type[LayerCamParams]] = LayerCamParams

    def meaning(self, params: LayerCamParams) -> Meaning:
        return ACTIVATION

    def applies(self, network: Network) -> None:
        require_layers(self.title, network)

    def cost(self, params: LayerCamParams, network: Network) -> Cost:
        return Cost(gradients=1)

    def run(
        self, network: Network, x: Array, target: Target, params: LayerCamParams, run: Run
    ) -> AttributionMap:
        run.progress(0, 1)
        seen = layer_pass(self.name, network, x, target, params.layer, run)
        run.progress(1, 1)
        summed = (np.maximum(seen.gradients, 0.0) * seen.activations).sum(axis=-1)
        return seen.map(np.maximum(summed, 0.0), x.shape)
