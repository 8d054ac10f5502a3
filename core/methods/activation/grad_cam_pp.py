"""Grad-CAM++ (Chattopadhay et al. 2018, doi 10.1109/WACV.2018.00097)."""

from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.activation.layer_pass import LayerMethod, LayerParams, LayerPass, channel_sums
from core.methods.meaning import ACTIVATION, Meaning


class GradCamPlusPlusParams(LayerParams):
    """Parameters of Grad-CAM++."""

    alpha: Literal["paper", "normalised"] = Field(
        "paper",
        description="position weights as the paper's formula gives them, or made to sum to 1 in each "
        "channel, as its authors' code and tf-keras-vis do",
    )


@final
class GradCamPlusPlus(LayerMethod):
    """ReLU of the layer's channels A, weighted by the sum of alpha ReLU(G) over positions.

    G: the target's gradient by A; alpha = G^2 / (2 G^2 + G^3 sum(A)). The paper derives this for
    the exponential of the score; its factor e^F stands in numerator and denominator of alpha, and
    once in the weights, where it is one positive factor of the whole map. It is left out, because it
    overflows or vanishes for large scores and changes no order.
    """

    name = "grad_cam_pp"
    title = "Grad-CAM++"
    summary = "Like Grad-CAM, fairer to several small findings; one gradient."
    doi = "10.1109/WACV.2018.00097"
    Params = GradCamPlusPlusParams

    def meaning(self, params: GradCamPlusPlusParams) -> Meaning:
        """Weighted activation that supports the target."""
        return ACTIVATION

    def coarse_map(self, layer_pass: LayerPass, params: GradCamPlusPlusParams) -> Array:
        """(*layer grid,)."""
        alpha = position_weights(layer_pass.activations, layer_pass.gradients)
        if params.alpha == "normalised":
            total = channel_sums(alpha)
            alpha = alpha / np.where(total == 0, 1.0, total)
        weights = channel_sums(alpha * np.maximum(layer_pass.gradients, 0.0))
        return np.maximum(layer_pass.activations @ weights, 0.0)


def position_weights(activations: Array, gradients: Array) -> Array:
    """(*grid, channels) the paper's alpha from arrays of that shape; 0 at zero gradient or a pole.

    Reduced by G^2 it is 1 / (2 + G sum(A)), which does not vanish in rounding for small gradients.
    """
    denominator = 2.0 + gradients * channel_sums(activations)
    is_defined = (gradients != 0) & (denominator != 0)
    return np.where(is_defined, 1.0 / np.where(is_defined, denominator, 1.0), 0.0)
