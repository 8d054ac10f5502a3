"""Class activation map (Zhou et al. 2016, doi 10.1109/CVPR.2016.319)."""

import math
from typing import final

import numpy as np

from core.arrays import Array
from core.errors import NotApplicable
from core.methods.activation.layer_pass import LayerMethod, LayerPass, channel_means
from core.methods.meaning import ACTIVATION, Meaning, Sign
from core.network.parameters import Parameters

# Behind a global average the gradient is the same at every position; rounding stays far below this.
LARGEST_SPREAD = 1e-3


class CamParams(Parameters):
    """CAM has no parameters: it is defined for the layer before global average pooling alone."""


@final
class Cam(LayerMethod):
    """The last layer's channels, weighted as the dense layer behind the global average weights them.

    The weight of a channel is its gradient times the number of positions, which behind a global
    average is the dense layer's own. The mean of the map over the layer's grid is the logit without
    its bias; negative values speak against the class. For a probability the weights are those of
    its tangent at this image. Where the gradient is not the same at every position, the network
    does something else than average and CAM is not defined.
    """

    name = "cam"
    title = "CAM"
    summary = "How each coarse cell enters the score, for and against; one gradient."
    doi = "10.1109/CVPR.2016.319"
    Params = CamParams
    signed = True

    def meaning(self, params: CamParams) -> Meaning:
        """Weighted activation, for and against."""
        return ACTIVATION.with_sign(Sign.BOTH)

    def coarse_map(self, layer_pass: LayerPass, params: CamParams) -> Array:
        """(*layer grid,). Raises NotApplicable without a global average behind the layer."""
        weights = channel_means(layer_pass.gradients)
        if np.abs(layer_pass.gradients - weights).max() > LARGEST_SPREAD * np.abs(weights).max():
            raise NotApplicable(
                f"CAM needs a global average and one dense layer behind {layer_pass.layer.name!r}.",
                "Choose Grad-CAM, which is CAM's form for every network.",
            )
        return layer_pass.activations @ weights * math.prod(layer_pass.activations.shape[:-1])
