"""XGrad-CAM (Fu et al. 2020, arXiv 2008.02312)."""

from typing import final

import numpy as np

from core.arrays import Array
from core.methods.activation.layer_pass import LayerMethod, LayerParams, LayerPass, channel_sums
from core.methods.meaning import ACTIVATION, Meaning


class XGradCamParams(LayerParams):
    """Parameters of XGrad-CAM."""


@final
class XGradCam(LayerMethod):
    """ReLU of the layer's channels, each weighted by its gradient averaged by activation.

    The weights are those that come nearest to two axioms: that a channel counts as much as the score falls
    without it, and that the channels' contributions add up to the score.
    """

    name = "x_grad_cam"
    title = "XGrad-CAM"
    summary = "Grad-CAM with gradients averaged where a channel is active; one gradient."
    doi = "arXiv:2008.02312"
    Params = XGradCamParams

    def meaning(self, params: XGradCamParams) -> Meaning:
        """Weighted activation that supports the target."""
        return ACTIVATION

    def coarse_map(self, layer_pass: LayerPass, params: XGradCamParams) -> Array:
        """(*layer grid,)."""
        return np.maximum(layer_pass.activations @ active_mean_gradients(layer_pass), 0.0)


def active_mean_gradients(layer_pass: LayerPass) -> Array:
    """(channels,) the mean gradient of each channel, weighted by its activation: sum(G A) / sum(A).

    0 for a channel whose activations add up to 0, which has no such mean.
    """
    total = channel_sums(layer_pass.activations)
    products = channel_sums(layer_pass.gradients * layer_pass.activations)
    return np.where(total == 0, 0.0, products / np.where(total == 0, 1.0, total))
