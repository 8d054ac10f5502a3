"""Input x gradient (Shrikumar et al. 2016, arXiv 1605.01713)."""

from typing import ClassVar, final

from core.arrays import Array
from core.methods.contract import Family
from core.methods.gradient.gradient import over_channels
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


class InputXGradientParams(Parameters):
    """Input x gradient has no parameters."""


@final
class InputXGradient:
    """Each input value times the target's derivative by it: its share of the score, were the score linear.

    Colour channels are added up. Pixels of value zero get zero, whatever the network makes of them.
    """

    name: ClassVar[str] = "input_x_gradient"
    title: ClassVar[str] = "Input × gradient"
    summary: ClassVar[str] = "Each pixel's share of the score if the score were linear; one gradient."
    family: ClassVar[Family] = Family.GRADIENT
    doi: ClassVar[str] = "arXiv:1605.01713"
    Params: ClassVar[type[InputXGradientParams]] = InputXGradientParams

    def meaning(self, params: InputXGradientParams) -> Meaning:
        return Meaning("share of the score, were it linear", Sign.BOTH, Origin.GRADIENT)

    def applies(self, network: Network) -> None:
        """Every differentiable network will do."""

    def cost(self, params: InputXGradientParams, network: Network) -> Cost:
        return Cost(gradients=1)

    def run(
        self, network: Network, x: Array, target: Target, params: InputXGradientParams, run: Run
    ) -> AttributionMap:
        run.progress(0, 1)
        gradients = network.gradients(x[None], target, run)[1]
        run.progress(1, 1)
        values = over_channels(x * gradients[0], "sum")
        return AttributionMap(values, signed=True, cells=values.shape)
