"""Vanilla gradient (Simonyan et al. 2013, arXiv 1312.6034)."""

from collections.abc import Sequence
from typing import final

import numpy as np
from pydantic import Field

from core.methods.contract import Family, Method, Need
from core.methods.meaning import SLOPE, Meaning, Sign
from core.network.attribution_map import AttributionMap
from core.network.channels import ChannelRule, ChannelValues
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run


class GradientParams(Parameters):
    """Parameters of the vanilla gradient."""

    channels: ChannelRule = Field(
        "sum", description="how colour channels become one value: their signed sum, or the largest magnitude"
    )


@final
class Gradient(Method):
    """The derivative of the target by each input value: how the score reacts to a small change there."""

    name = "gradient"
    title = "Gradient"
    summary = "Where a small change of intensity moves the score most; one gradient."
    family = Family.GRADIENT
    doi = "arXiv:1312.6034"
    Params = GradientParams
    needs = frozenset({Need.GRADIENTS})

    def meaning(self, params: GradientParams) -> Meaning:
        """Change of the score per unit of intensity."""
        return SLOPE if params.channels == "sum" else SLOPE.with_sign(Sign.MAGNITUDE)

    def cost(self, params: GradientParams, facts: NetworkFacts) -> Cost:
        """One gradient."""
        return Cost(gradients=1)

    def run(
        self, network: Network, inputs: Sequence[MethodInput], params: GradientParams, run: Run
    ) -> list[AttributionMap]:
        """The maps of all inputs from one call of the network."""
        run.progress(0, len(inputs))
        targets = [each.target for each in inputs]
        gradients = network.gradients(np.stack([each.x for each in inputs]), targets, run)[1]
        run.progress(len(inputs), len(inputs))
        maps = []
        for gradient in gradients:
            by_channel = ChannelValues(gradient, params.channels)
            values = by_channel.reduced()
            signed = params.channels == "sum"
            maps.append(AttributionMap(values, signed=signed, cells=values.shape, by_channel=by_channel))
        return maps
