"""Layer-wise relevance propagation (Bach et al. 2015, doi 10.1371/journal.pone.0130140)."""

from typing import Literal, final

from pydantic import Field

from core.methods.meaning import RELEVANCE, Meaning
from core.methods.relevance.relevance_method import RelevanceMethod
from core.network.composite import (
    AlphaBeta,
    Composite,
    Epsilon,
    Flat,
    Gamma,
    LinearRule,
    WSquare,
    ZBox,
    ZPlus,
)
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters

CompositeName = Literal[
    "epsilon_plus",
    "epsilon_plus_flat",
    "epsilon_alpha2_beta1",
    "epsilon_alpha2_beta1_flat",
    "epsilon_gamma_box",
    "w_square",
    "z_box",
    "gamma",
    "epsilon",
    "z_plus",
    "alpha2_beta1",
    "excitation_backprop",
]


class LrpParams(Parameters):
    """Parameters of LRP."""

    composite: CompositeName = Field(
        "epsilon_plus",
        description="the rules, by the kind of layer: for dense layers, convolutions and the first layer as"
        " the name says, or one rule for all of them",
    )
    epsilon: float = Field(
        1e-9, ge=0, le=10, description="by how much the epsilon rule moves its denominators away from 0"
    )
    gamma: float = Field(
        0.25, ge=0, le=100, description="how much the gamma rule enlarges positive contributions"
    )
    batch_norm: Literal["epsilon", "pass"] = Field(
        "epsilon",
        description="batch norms that do not follow a layer with weights: each is a layer of one weight a"
        " channel under the epsilon rule, whose shift takes a share, or relevance passes unchanged",
    )


@final
class Lrp(RelevanceMethod):
    """The score, handed back from layer to layer in proportion to what each input contributed there.

    `sum` is of the map, `score` what started: the closer, the less was taken by biases on the way. A
    batch norm behind a layer with weights is part of it; relevance of a sum goes to its summands in
    proportion, that of maximum pooling to the winner, that of a gated signal to the signal. Colour channels
    are added up.
    """

    name = "lrp"
    title = "LRP"
    summary = "The score, handed back layer by layer in proportion to contributions; about two gradients."
    doi = "10.1371/journal.pone.0130140"
    Params = LrpParams

    def meaning(self, params: LrpParams) -> Meaning:
        """A share of the score."""
        return RELEVANCE

    def diagnostics(self, values: float, relevance: float) -> dict[str, float]:
        """The sum of the map, the score, and how far they are from each other."""
        return {"sum": relevance, "score": values}

    def composite(self, params: LrpParams, facts: NetworkFacts) -> Composite:
        """The rules of the named composite."""
        low, high = facts.input_range or (None, None)
        epsilon, alpha_beta, gamma = Epsilon(params.epsilon), AlphaBeta(2.0), Gamma(params.gamma)
        box = ZBox(low, high)
        rules: dict[CompositeName, tuple[LinearRule, LinearRule, LinearRule]] = {
            "epsilon_plus": (ZPlus(), ZPlus(), epsilon),
            "epsilon_plus_flat": (Flat(), ZPlus(), epsilon),
            "epsilon_alpha2_beta1": (alpha_beta, alpha_beta, epsilon),
            "epsilon_alpha2_beta1_flat": (Flat(), alpha_beta, epsilon),
            "epsilon_gamma_box": (box, gamma, epsilon),
            "w_square": (WSquare(), ZPlus(), epsilon),
            "z_box": (box, ZPlus(), epsilon),
            "gamma": (gamma, gamma, epsilon),
            "epsilon": (epsilon, epsilon, epsilon),
            "z_plus": (ZPlus(), ZPlus(), ZPlus()),
            "alpha2_beta1": (alpha_beta, alpha_beta, alpha_beta),
            "excitation_backprop": (ZPlus(), ZPlus(), ZPlus()),
        }
        # Excitation backprop is defined by its linear layers alone; behind a ReLU it is the gradient.
        activation: Literal["slope", "pass"] = (
            "slope" if params.composite == "excitation_backprop" else "pass"
        )
        return Composite(*rules[params.composite], activation, batch_norm=params.batch_norm)
