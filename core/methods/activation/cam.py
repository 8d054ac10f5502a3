"""Class activation map (Zhou et al. 2016, doi 10.1109/CVPR.2016.319)."""

from typing import ClassVar, final

import numpy as np

from core.arrays import Array
from core.errors import NotApplicable
from core.methods.activation.layer_pass import layer_pass, require_layers
from core.methods.contract import Family
from core.methods.meaning import ACTIVATION, Meaning, Sign
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target

# Behind a global average the gradient is the same at every position; rounding stays far below this.
LARGEST_SPREAD = 1e-3


class CamParams(Parameters):
    """CAM has no parameters: it is defined for the layer before global average pooling alone."""


@final
class Cam:
    """The last layer's channels, weighted as the dense layer behind the global average weights them.

    The weight of a channel is its gradient times the number of positions, which behind a global
    average is the dense layer's own. The mean of the map over the layer's grid is the logit without
    its bias; negative values speak against the class. For a probability the weights are those of
    its tangent at this image. Where the gradient is not the same at every position, the network
    does something else than average and CAM is not defined.
    """

    name: ClassVar[str] = "cam"
    title: ClassVar[str] = "CAM"
    summary: ClassVar[str] = "How each coarse cell enters the score, for and against; one gradient."
    family: ClassVar[Family] = Family.ACTIVATION
    doi: ClassVar[str] = "10.1109/CVPR.2016.319"
    Params: ClassVar[type[CamParams]] = CamParams

    def meaning(self, params: CamParams) -> Meaning:
        return ACTIVATION.with_sign(Sign.BOTH)

    def applies(self, network: Network) -> None:
        require_layers(self.title, network)

    def cost(self, params: CamParams, network: Network) -> Cost:
        return Cost(gradients=1)

    def run(self, network: Network, x: Array, target: Target, params: CamParams, run: Run) -> AttributionMap:
        run.progress(0, 1)
        seen = layer_pass(self.name, network, x, target, "", run)
        run.progress(1, 1)
        rows, columns, _ = seen.activations.shape
        weights = seen.gradients.mean(axis=(0, 1))
        if np.abs(seen.gradients - weights).max() > LARGEST_SPREAD * np.abs(weights).max():
            raise NotApplicable(
                f"CAM needs a global average and one dense layer behind {seen.layer.name!r}.",
                "Choose Grad-CAM, which is CAM's form for every network.",
            )
        return seen.map(seen.activations @ weights * (rows * columns), x.shape, signed=True)
