"""What a modified backward pass does at each kind of layer: the description that methods hand to a network.

Terms as in zennit: a rule says how a layer hands on what arrives at its output, a composite which rule each
kind of layer has. Nothing here computes; `core.models.backward` does.
"""

from dataclasses import dataclass
from typing import Literal

# Beside z = 0 a quotient by z says nothing; zennit's value. See `Composite.stabiliser`.
STABILISER = 1e-6


@dataclass(frozen=True, slots=True)
class Slope:
    """The gradient: W^T R."""


@dataclass(frozen=True, slots=True)
class Epsilon:
    """Each input's share x w of the output z = W x + b, whose distance from 0 is enlarged by `epsilon`."""

    epsilon: float


@dataclass(frozen=True, slots=True)
class ZPlus:
    """Shares among the positive contributions x w alone (alpha 1, beta 0)."""


@dataclass(frozen=True, slots=True)
class AlphaBeta:
    """`alpha` of the relevance among the positive contributions, minus alpha - 1 among the negative ones."""

    alpha: float


@dataclass(frozen=True, slots=True)
class Gamma:
    """Epsilon's shares with positive contributions enlarged by the factor 1 + `gamma`."""

    gamma: float


@dataclass(frozen=True, slots=True)
class WSquare:
    """Shares by squared weights, whatever the input."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Equal shares over the receptive field, whatever input and weights."""


@dataclass(frozen=True, slots=True)
class ZBox:
    """Shares x w - low w+ - high w-, for inputs between `low` and `high`.

    None: the lowest and the highest value of each input itself.
    """

    low: float | None = None
    high: float | None = None


LinearRule = Slope | Epsilon | ZPlus | AlphaBeta | Gamma | WSquare | Flat | ZBox
ActivationRule = Literal["slope", "pass", "guided", "deconvnet", "rescale"]
SumRule = Literal["slope", "share"]
NormRule = Literal["slope", "pass", "epsilon"]


@dataclass(frozen=True, slots=True)
class Composite:
    """The rule of each kind of layer.

    first: of the layers with weights that look at the input; convolution, dense: of the others. activation:
    `pass` hands relevance on unchanged, `rescale` takes the quotient of differences to a baseline. add,
    average: `share` by what each summand contributes. merges_batch_norm: a batch norm right behind a
    layer with weights becomes part of it. batch_norm: of the others, such as those before an activation;
    `epsilon` treats them as layers with one weight for each channel. has_biases: whether biases keep their
    share of the relevance. stabiliser: added to denominators of every rule but Epsilon, away from 0.
    """

    first: LinearRule
    convolution: LinearRule
    dense: LinearRule
    activation: ActivationRule = "pass"
    add: SumRule = "share"
    average: SumRule = "share"
    merges_batch_norm: bool = True
    batch_norm: NormRule = "pass"
    has_biases: bool = True
    stabiliser: float = STABILISER

    @property
    def needs_baselines(self) -> bool:
        """Whether the pass compares each input with a baseline."""
        return self.activation == "rescale"

    @property
    def starts_from_score(self) -> bool:
        """Whether the score itself is handed back, as relevance is; else its slope, as gradients are."""
        return not isinstance(self.dense, Slope)

    @property
    def gradients(self) -> int:
        """About how many gradients a pass takes as long as; see `dev.py bench methods`."""
        return 1 if isinstance(self.convolution, Slope) and not self.needs_baselines else 2


def modified_gradient(activation: ActivationRule) -> Composite:
    """The gradient, but for the rule of activations."""
    return Composite(Slope(), Slope(), Slope(), activation, add="slope", average="slope", batch_norm="slope")
