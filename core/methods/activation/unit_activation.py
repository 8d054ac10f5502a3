"""The activation of one unit (filter) of a layer (Zeiler and Fergus 2014)."""

from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadParameter
from core.methods.activation.layer_activations import activation_map
from core.methods.activation.layer_pass import LayerParams, LayerPass, channel_sums, layer_pass_of
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import UNIT, Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run

MOST_CONTRIBUTING = -1


class UnitActivationParams(LayerParams):
    """Parameters of unit activation."""

    unit: int = Field(
        MOST_CONTRIBUTING,
        ge=MOST_CONTRIBUTING,
        le=65535,
        description="number of the filter, from 0; -1: the one that contributes most to the score",
    )


@final
class UnitActivation(OneByOneMethod):
    """What one filter of a layer gives at each position.

    A filter's contribution is the sum of its activations times their gradients: how far the score would
    fall without it, to first order. The map shows the activation alone; the contribution is stated beside
    it. `unit_contributions` gives that of all filters, by which they can be sorted.
    """

    name = "unit_activation"
    title = "Unit activation"
    summary = "Where one filter of a layer responds, and what it contributes; one gradient."
    family = Family.ACTIVATION
    doi = "10.1007/978-3-319-10590-1_53"
    Params = UnitActivationParams
    needs = frozenset({Need.GRADIENTS, Need.LAYERS})
    # Its values say nothing of the target.
    can_rank_regions = False

    def meaning(self, params: UnitActivationParams) -> Meaning:
        """Activation. The unit may have been chosen by the target; its values do not depend on it."""
        return UNIT

    def cost(self, params: UnitActivationParams, facts: NetworkFacts) -> Cost:
        """One gradient."""
        return Cost(gradients=1)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: UnitActivationParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadParameter for a filter that the layer lacks."""
        run.progress(0, 1)
        layer_pass = layer_pass_of(self.name, network, method_input, params.layer, run)
        run.progress(1, 1)
        contributions = unit_contributions(layer_pass)
        if params.unit >= len(contributions):
            raise BadParameter(
                f"unit_activation.unit: the layer {layer_pass.layer.name!r} has the filters 0 to "
                f"{len(contributions) - 1}.",
                "Choose one of them, or -1 for the one that contributes most.",
                "unit",
            )
        unit = int(np.argmax(contributions)) if params.unit == MOST_CONTRIBUTING else params.unit
        return activation_map(
            layer_pass.activations[..., unit],
            method_input,
            {"layer": layer_pass.layer.name, "unit": str(unit)},
            {
                "contribution": float(contributions[unit]),
                "rank": float(1 + (contributions > contributions[unit]).sum()),
            },
        )


def unit_contributions(layer_pass: LayerPass) -> Array:
    """(channels,) what each filter adds to the score, to first order: sum of gradient times activation."""
    return channel_sums(layer_pass.gradients * layer_pass.activations)
