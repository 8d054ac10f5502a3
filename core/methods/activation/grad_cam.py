"""Grad-CAM (Selvaraju et al. 2017, doi 10.1109/ICCV.2017.74)."""

from typing import final

import numpy as np

from core.arrays import Array
from core.methods.activation.layer_pass import LayerMethod, LayerParams, LayerPass, channel_means
from core.methods.meaning import ACTIVATION, Meaning


class GradCamParams(LayerParams):
    """Parameters of Grad-CAM."""


@final
class GradCam(LayerMethod):
    """ReLU of the layer's channels, each weighted by the mean gradient of the target over it.

    The map is computed on the layer's grid and brought to the input's grid linearly (pixel edges
    stay edges); it is not normalised, so that maps of one image can be compared.
    """

    name = "grad_cam"
    title = "Grad-CAM"
    summary = "Coarse regions that raise the score in the last layer; one gradient."
    doi = "10.1109/ICCV.2017.74"
    Params = GradCamParams

    def meaning(self, params: GradCamParams) -> Meaning:
        """Weighted activation that supports the target."""
        return ACTIVATION

    def coarse_map(self, layer_pass: LayerPass, params: GradCamParams) -> Array:
        """(*layer grid,)."""
        weights = channel_means(layer_pass.gradients)
        return np.maximum(layer_pass.activations @ weights, 0.0)
