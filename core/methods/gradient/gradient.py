"""Vanilla gradient (Simonyan et al. 2013, arXiv 1312.6034)."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.contract import Family
from core.methods.meaning import SLOPE, Meaning, Sign
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


class GradientParams(Parameters):
    """Parameters of the vanilla gradient."""

    channels: Literal["sum", "max_abs"] = Field(
        "sum", description="how colour channels become one value: their signed sum, or the largest magnitude"
    )


@final
class Gradient:
    """The derivative of the target by each input value: how the score reacts to a small change there."""

    name: ClassVar[str] = "gradient"
    title: ClassVar[str] = "Gradient"
    summary: ClassVar[str] = "Where a small change of intensity moves the score most; one gradient."
    family: ClassVar[Family] = Family.GRADIENT
    doi: ClassVar[str] = "arXiv:1312.6034"
    Params: ClassVar[type[GradientParams]] = GradientParams

    def meaning(self, params: GradientParams) -> Meaning:
        return SLOPE if params.channels == "sum" else SLOPE.with_sign(Sign.MAGNITUDE)

    def applies(self, network: Network) -> None:
        """Every differentiable network will do."""

    def cost(self, params: GradientParams, network: Network) -> Cost:
        return Cost(gradients=1)

    def run(
        self, network: Network, x: Array, target: Target, params: GradientParams, run: Run
    ) -> AttributionMap:
        run.progress(0, 1)
        gradients = self.attributions(network, x[None], x, target, params, run)
        return self.as_map(gradients[0], params)

    def attributions(
        self, network: Network, inputs: Array, x: Array, target: Target, params: GradientParams, run: Run
    ) -> Array:
        gradients = network.gradients(inputs, target, run)[1]
        run.progress(len(inputs), len(inputs))
        return gradients

    def as_map(self, values: Array, params: GradientParams) -> AttributionMap:
        reduced = over_channels(values, params.channels)
        return AttributionMap(reduced, signed=params.channels == "sum", cells=reduced.shape)


def over_channels(values: Array, how: Literal["sum", "max_abs"]) -> Array:
    """(height, width, channels) to (height, width) float32."""
    reduced = values.sum(axis=-1) if how == "sum" else np.abs(values).max(axis=-1)
    return reduced.astype(np.float32)
