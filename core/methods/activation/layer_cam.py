"""Layer-CAM (Jiang et al. 2021, doi 10.1109/TIP.2021.3089943)."""

from typing import final

import numpy as np

from core.arrays import Array
from core.methods.activation.layer_pass import LayerMethod, LayerParams, LayerPass
from core.methods.meaning import ACTIVATION, Meaning


class LayerCamParams(LayerParams):
    """Parameters of Layer-CAM."""


@final
class LayerCam(LayerMethod):
    """ReLU of the sum over channels of the activation times its own positive gradient.

    Every position has its own weight, so that early, fine layers give a usable map too.
    """

    name = "layer_cam"
    title = "Layer-CAM"
    summary = "Grad-CAM with a weight for each position; fit for finer layers; one gradient."
    doi = "10.1109/TIP.2021.3089943"
    Params = LayerCamParams

    def meaning(self, params: LayerCamParams) -> Meaning:
        """Weighted activation that supports the target."""
        return ACTIVATION

    def coarse_map(self, layer_pass: LayerPass, params: LayerCamParams) -> Array:
        """(*layer grid,)."""
        products = np.maximum(layer_pass.gradients, 0.0) * layer_pass.activations
        return np.maximum(products.sum(axis=-1), 0.0)
