"""HiResCAM (Draelos and Carin 2020, arXiv 2011.08891)."""

from typing import final

from core.arrays import Array
from core.methods.activation.layer_pass import LayerMethod, LayerParams, LayerPass
from core.methods.meaning import ACTIVATION, Meaning, Sign


class HiResCamParams(LayerParams):
    """Parameters of HiResCAM."""


@final
class HiResCam(LayerMethod):
    """The sum over channels of each activation times its own gradient, for and against.

    Gradients are not averaged over positions as Grad-CAM does, so that a cell is marked only where the
    network uses it. Where one dense layer follows, the map's cells add up to the logit without its bias.
    Negative values are kept: cut off, the sum would say nothing.
    """

    name = "hires_cam"
    title = "HiResCAM"
    summary = "Grad-CAM without averaging: only cells that the model uses, for and against; one gradient."
    doi = "arXiv:2011.08891"
    Params = HiResCamParams
    signed = True

    def meaning(self, params: HiResCamParams) -> Meaning:
        """Weighted activation, for and against."""
        return ACTIVATION.with_sign(Sign.BOTH)

    def coarse_map(self, layer_pass: LayerPass, params: HiResCamParams) -> Array:
        """(*layer grid,)."""
        return (layer_pass.gradients * layer_pass.activations).sum(axis=-1)
