"""Input x gradient (Shrikumar et al. 2016, arXiv 1605.01713)."""

from typing import final

from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.channels import over_channels
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run


class InputXGradientParams(Parameters):
    """Input x gradient has no parameters."""


@final
class InputXGradient(OneByOneMethod):
    """Each input value times the target's derivative by it: its share of the score, were the score linear.

    Colour channels are added up. Pixels of value zero get zero, whatever the network makes of them.
    """

    name = "input_x_gradient"
    title = "Input × gradient"
    summary = "Each pixel's share of the score if the score were linear; one gradient."
    family = Family.GRADIENT
    doi = "arXiv:1605.01713"
    Params = InputXGradientParams
    needs = frozenset({Need.GRADIENTS})

    def meaning(self, params: InputXGradientParams) -> Meaning:
        """Share of a linear score."""
        return Meaning("share of the score, were it linear", Sign.BOTH, Origin.GRADIENT)

    def cost(self, params: InputXGradientParams, facts: NetworkFacts) -> Cost:
        """One gradient."""
        return Cost(gradients=1)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: InputXGradientParams, run: Run
    ) -> AttributionMap:
        """The map of one input."""
        x = method_input.x
        run.progress(0, 1)
        gradients = network.gradients(x[None], method_input.target, run)[1]
        run.progress(1, 1)
        values = over_channels(x * gradients[0], "sum")
        return AttributionMap(values, signed=True, cells=values.shape)
