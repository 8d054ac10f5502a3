"""Whether a map holds anything that can be shared out: evidence, or rounding and saturation.

A number in float32 is exact to EPSILON of its size, and a score that is a sum of many to a few times that. A
map none of whose values moves the score by more says nothing: its pattern is that of the rounding. The size
is that of the largest logit, but at least 1: a logit changed by less than EPSILON leaves every probability.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from core.arrays import Array
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.network import Network
from core.network.run import Run
from core.network.target import Target

EPSILON = float(np.finfo(np.float32).eps)
# A score is a sum of many products, each of them rounded.
ROUNDINGS = 4
# A probability so near to 0 or 1 is saturated. In float32 the distance to 1 is a multiple of 2^-24; below
# sixteen of those it is known to one digit at best, and so is the softmax's gradient p (1 - p).
SATURATED = 2.0**-20

State = Literal["signal", "no_positive_evidence", "zero_up_to_rounding", "probability_saturated"]


class Signal(BaseModel):
    """What a map holds. `sentence` says it; it is empty where there is nothing to be said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: State
    sentence: str = ""
    effect: float | None = Field(
        None, description="the largest change of the score that a value of the map stands for, where it tells"
    )
    rounding: float | None = Field(None, description="what rounding alone can change of this score")

    @property
    def has_share(self) -> bool:
        """Whether shares of positive evidence mean something."""
        return self.state == "signal"

    @property
    def is_noise(self) -> bool:
        """Whether not even the order of the values means something."""
        return self.state in ("zero_up_to_rounding", "probability_saturated")


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """Of the score at the image. rounding: what float32 cannot tell of it. input_range: of the input.

    A probability is rounded as its logits are: softmax passes an error of theirs on, made smaller.

    probability: of the target's class, where a probability is explained.
    """

    rounding: float
    input_range: float
    probability: float | None = None

    @classmethod
    def of(cls, network: Network, x: Array, target: Target, run: Run) -> "ScoreFacts":
        """From one forward pass of the input x (height, width, channels), shared over `run`."""
        size = float(np.abs(run.once(("logits",), lambda: network.logits(x[None])[0])).max())
        rounding = ROUNDINGS * EPSILON * (max(size, 1.0) if np.isfinite(size) else 1.0)
        spread = float(np.ptp(x)) or float(np.abs(x).max()) or 1.0
        if target.kind != "probability":
            return cls(rounding, spread)
        shares = run.once(("probabilities",), lambda: network.probabilities(x[None])[0])
        return cls(rounding, spread, float(shares[target.index]))

    @property
    def saturated(self) -> bool:
        return self.probability is not None and not SATURATED <= self.probability <= 1 - SATURATED


def signal_of(found: AttributionMap, meaning: Meaning, facts: ScoreFacts, target: str) -> Signal:
    """The judgement of a map. target: the explained number in words, such as 'logit of glioma'.

    Saturation comes first: where a probability is saturated its gradient vanishes, whatever is left of it.
    Scores of changed images may still move; their map then keeps its shares, and the sentence tells.
    """
    values = found.values
    if meaning.origin is Origin.NOTHING:
        zero = not values.any()
        return Signal(
            state="no_positive_evidence" if zero else "signal",
            sentence="The map is 0 everywhere." if zero else "",
        )
    effect = found.effect
    if effect is None:
        effect = meaning.effect(np.abs(values), facts.input_range)
    rounding = facts.rounding
    empty = effect <= rounding if effect is not None else not values.any()
    told = {"effect": effect, "rounding": rounding}
    if facts.saturated and (empty or meaning.origin is not Origin.SCORES):
        return Signal(state="probability_saturated", sentence=_saturated(facts, target), **told)
    if empty:
        return Signal(state="zero_up_to_rounding", sentence=_zero(meaning, effect, rounding, target), **told)
    if meaning.sign in (Sign.BOTH, Sign.SUPPORT) and not _positive(values, meaning, facts):
        sentence = f"No positive evidence for the {target}: nothing in the picture raises it."
        return Signal(state="no_positive_evidence", sentence=sentence, **told)
    return Signal(state="signal", sentence=_saturated(facts, target) if facts.saturated else "", **told)


def _positive(values: Array, meaning: Meaning, facts: ScoreFacts) -> bool:
    highest = meaning.effect(values, facts.input_range)
    return highest > facts.rounding if highest is not None else bool((values > 0).any())


def _saturated(facts: ScoreFacts, target: str) -> str:
    assert facts.probability is not None
    side = "above 99.9999 %" if facts.probability > 0.5 else "below 0.0001 %"
    return f"The {target} is saturated ({side}): its gradient vanishes. Explain the logit instead."


def _zero(meaning: Meaning, effect: float | None, rounding: float, target: str) -> str:
    what = "gradient" if meaning.origin is Origin.GRADIENT else "map"
    if not effect:
        reason = "nothing in it moves the score"
    else:
        reason = f"it moves the score by {effect:.1e} at most, rounding alone by {rounding:.1e}"
    return f"No positive evidence for the {target}: the {what} is zero up to rounding ({reason})."
