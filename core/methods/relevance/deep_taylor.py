"""Deep Taylor decomposition (Montavon et al. 2017, doi 10.1016/j.patcog.2016.11.008)."""

from typing import final

from core.methods.meaning import RELEVANCE, Meaning
from core.methods.relevance.relevance_method import RelevanceMethod
from core.network.composite import Composite, ZBox, ZPlus
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters


class DeepTaylorParams(Parameters):
    """Deep Taylor decomposition has no parameters."""


@final
class DeepTaylor(RelevanceMethod):
    """The score, handed back by the z+ rule, and in the first layer by the z-box rule.

    It is the composite of LRP that follows from a Taylor expansion of every unit of a ReLU network at the
    nearest root within the units' bounds; the box is the range of the network's input. Colour channels are
    added up.
    """

    name = "deep_taylor"
    title = "Deep Taylor decomposition"
    summary = "Where the units behind the score get their activation; about two gradients."
    doi = "10.1016/j.patcog.2016.11.008"
    Params = DeepTaylorParams

    def meaning(self, params: DeepTaylorParams) -> Meaning:
        """A share of the score."""
        return RELEVANCE

    def composite(self, params: DeepTaylorParams, facts: NetworkFacts) -> Composite:
        """z+ everywhere but in the first layer."""
        low, high = facts.input_range or (None, None)
        return Composite(ZBox(low, high), ZPlus(), ZPlus(), batch_norm="epsilon")
