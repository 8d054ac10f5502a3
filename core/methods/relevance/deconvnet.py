"""Deconvnet (Zeiler and Fergus 2014, doi 10.1007/978-3-319-10590-1_53)."""

from typing import final

from core.methods.contract import Need
from core.methods.meaning import MODIFIED_SLOPE, Meaning
from core.methods.relevance.relevance_method import RelevanceMethod
from core.network.composite import Composite, modified_gradient
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters


class DeconvnetParams(Parameters):
    """Deconvnet has no parameters."""


@final
class Deconvnet(RelevanceMethod):
    """The gradient, but each ReLU hands on what is positive, whether it was active or not.

    Colour channels are added up.
    """

    name = "deconvnet"
    title = "Deconvnet"
    summary = "Patterns that the filters would draw; hardly depends on the class. One gradient."
    doi = "10.1007/978-3-319-10590-1_53"
    Params = DeconvnetParams
    needs = RelevanceMethod.needs | {Need.RELU}
    can_rank_regions = False

    def meaning(self, params: DeconvnetParams) -> Meaning:
        """A gradient that was changed on its way."""
        return MODIFIED_SLOPE

    def composite(self, params: DeconvnetParams, facts: NetworkFacts) -> Composite:
        """The gradient with deconvnet's rule for ReLU."""
        return modified_gradient("deconvnet")
