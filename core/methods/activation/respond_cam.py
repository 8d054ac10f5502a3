"""Respond-CAM (Zhao et al. 2018, arXiv 1806.00102)."""

from typing import final

from core.arrays import Array
from core.methods.activation.layer_pass import LayerMethod, LayerParams, LayerPass
from core.methods.activation.x_grad_cam import active_mean_gradients
from core.methods.meaning import ACTIVATION, Meaning, Sign


class RespondCamParams(LayerParams):
    """Parameters of Respond-CAM."""


@final
class RespondCam(LayerMethod):
    """The layer's channels, each weighted by its gradient averaged by activation, for and against.

    Written for 3-D images of cells; the same formula holds for rows and columns. The cells of the map add up
    to the sum of gradient times activation over the layer, which is the logit without its bias where only
    one dense layer follows. Without its negative values the map is XGrad-CAM, which was derived later.
    """

    name = "respond_cam"
    title = "Respond-CAM"
    summary = "Channels weighted where they are active, for and against; sums to the score; one gradient."
    doi = "arXiv:1806.00102"
    Params = RespondCamParams
    signed = True

    def meaning(self, params: RespondCamParams) -> Meaning:
        """Weighted activation, for and against."""
        return ACTIVATION.with_sign(Sign.BOTH)

    def coarse_map(self, layer_pass: LayerPass, params: RespondCamParams) -> Array:
        """(*layer grid,)."""
        return layer_pass.activations @ active_mean_gradients(layer_pass)
