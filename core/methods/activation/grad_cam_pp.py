"""Grad-CAM++ (Chattopadhay et al. 2018, doi 10.1109/WACV.2018.00097)."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.activation.layer_pass import LayerParams, layer_pass, require_layers
from core.methods.contract import Family
from core.methods.meaning import ACTIVATION, Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target


class GradCamPlusPlusParams(LayerParams):
    """Parameters of Grad-CAM++."""

    alpha: Literal["paper", "normalised"] = Field(
        "paper",
        description="position weights as the paper's formula gives them, or made to sum to 1 in each "
        "channel, as its authors' code and tf-keras-vis do",
    )


@final
class GradCamPlusPlus:
    """ReLU of the layer's channels A, weighted by the sum of alpha ReLU(G) over positions.

    G: the target's gradient by A; alpha = G^2 / (2 G^2 + G^3 sum(A)). The paper derives this for
    the exponential of the score; its factor e^F stands in numerator and denominator of alpha, and
    once in the weights, where it is one positive factor of the whole map. It is left out, because it
    overflows or vanishes for large scores and changes no order.
    """

    name: ClassVar[str] = "grad_cam_pp"
    title: ClassVar[str] = "Grad-CAM++"
    summary: ClassVar[str] = "Like Grad-CAM, fairer to several small findings; one gradient."
    family: ClassVar[Family] = Family.ACTIVATION
    doi: ClassVar[str] = "10.1109/WACV.2018.00097"
    Params: ClassVar[type[GradCamPlusPlusParams]] = GradCamPlusPlusParams

    def meaning(self, params: GradCamPlusPlusParams) -> Meaning:
        return ACTIVATION

    def applies(self, network: Network) -> None:
        require_layers(self.title, network)

    def cost(self, params: GradCamPlusPlusParams, network: Network) -> Cost:
        return Cost(gradients=1)

    def run(
        self, network: Network, x: Array, target: Target, params: GradCamPlusPlusParams, run: Run
    ) -> AttributionMap:
        run.progress(0, 1)
        seen = layer_pass(self.name, network, x, target, params.layer, run)
        run.progress(1, 1)
        alpha = position_weights(seen.activations, seen.gradients)
        if params.alpha == "normalised":
            total = alpha.sum(axis=(0, 1))
            alpha = alpha / np.where(total == 0, 1.0, total)
        weights = (alpha * np.maximum(seen.gradients, 0.0)).sum(axis=(0, 1))
        return seen.map(np.maximum(seen.activations @ weights, 0.0), x.shape)


def position_weights(activations: Array, gradients: Array) -> Array:
    """The paper's alpha for (rows, columns, channels); 0 where the gradient is 0 or alpha has a pole.

    Reduced by G^2 it is 1 / (2 + G sum(A)), which does not vanish in rounding for small gradients.
    """
    below = 2.0 + gradients * activations.sum(axis=(0, 1))
    defined = (gradients != 0) & (below != 0)
    return np.where(defined, 1.0 / np.where(defined, below, 1.0), 0.0)
