"""Guided backpropagation (Springenberg et al. 2015, arXiv 1412.6806)."""

from typing import final

from core.methods.contract import Need
from core.methods.meaning import MODIFIED_SLOPE, Meaning
from core.methods.relevance.relevance_method import RelevanceMethod
from core.network.composite import Composite, modified_gradient
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters


class GuidedBackpropagationParams(Parameters):
    """Guided backpropagation has no parameters."""


@final
class GuidedBackpropagation(RelevanceMethod):
    """The gradient, from which every ReLU takes away negative values, and those where it was not active.

    Colour channels are added up.
    """

    name = "guided_backpropagation"
    title = "Guided backpropagation"
    summary = "Sharp edges that active units react to; hardly depends on the class. One gradient."
    doi = "arXiv:1412.6806"
    Params = GuidedBackpropagationParams
    needs = RelevanceMethod.needs | {Need.RELU}
    can_rank_regions = False

    def meaning(self, params: GuidedBackpropagationParams) -> Meaning:
        """A gradient that was changed on its way."""
        return MODIFIED_SLOPE

    def composite(self, params: GuidedBackpropagationParams, facts: NetworkFacts) -> Composite:
        """The gradient with the guided rule for ReLU."""
        return modified_gradient("guided")
