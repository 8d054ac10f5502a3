"""Multi-layer CAM: Grad-CAM in every grid of the network (Zeineldin et al. 2022)."""

from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.activation.layer_activations import grown
from core.methods.activation.layer_strip import grad_cam_strip, last_layers_of_grids
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters, value_named
from core.network.run import Run


class MultiLayerCamParams(Parameters):
    """Parameters of multi-layer CAM."""

    layers: int = Field(
        0,
        ge=0,
        le=64,
        description="how many grids, counted from the last; 0: every grid of the network",
        json_schema_extra=value_named(0, "all"),
    )
    combine: Literal["mean", "product", "largest"] = Field(
        "mean",
        description="the layers' maps, each divided by its highest value, are averaged; or multiplied, so "
        "that all must agree; or the largest is taken",
    )


@final
class MultiLayerCam(OneByOneMethod):
    """Grad-CAM of the last layer of each grid, from fine to coarse, put together to one map.

    Each layer's map is brought to the input's grid and divided by its highest value, since layers differ by
    orders of magnitude; a layer without positive values adds nothing. `grad_cam_strip` gives the maps of the
    single layers, which show how information flows to the decision.
    """

    name = "multi_layer_cam"
    title = "Multi-layer CAM"
    summary = "Grad-CAM of every grid of the network, put together; one gradient a grid."
    family = Family.ACTIVATION
    doi = "10.1007/s11548-022-02619-x"
    Params = MultiLayerCamParams
    needs = frozenset({Need.GRADIENTS, Need.LAYERS})

    def meaning(self, params: MultiLayerCamParams) -> Meaning:
        """A share of each layer's highest value."""
        return Meaning("share of the layers' highest values", Sign.SUPPORT, Origin.GRADIENT, in_score=False)

    def cost(self, params: MultiLayerCamParams, facts: NetworkFacts) -> Cost:
        """One gradient a grid."""
        return Cost(gradients=len(last_layers_of_grids(facts.layers)[-params.layers :]))

    def explain_input(
        self, network: Network, method_input: MethodInput, params: MultiLayerCamParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what `grad_cam_strip` raises."""
        layers = last_layers_of_grids(network.facts.layers)[-params.layers :]
        strip = grad_cam_strip(self.name, network, method_input, layers, run)
        shares = np.stack([grown(each.values / (each.values.max() or 1.0), method_input) for each in strip])
        return AttributionMap(
            _combined(shares, params).astype(np.float32),
            signed=False,
            cells=max((each.values.shape for each in strip), key=np.prod),
            choices={"layers": ", ".join(each.layer.name for each in strip)},
            effect=max(each.effect for each in strip),
        )


def _combined(shares: Array, params: MultiLayerCamParams) -> Array:
    """(*grid,) of the layers' maps (layers, *grid)."""
    match params.combine:
        case "mean":
            return shares.mean(axis=0)
        case "product":
            return shares.prod(axis=0)
        case "largest":
            return shares.max(axis=0)
