"""Whether a map holds evidence, or only rounding or the effect of saturation.

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
    """Whether a map holds evidence. `sentence` says what it lacks, or why it must be read with care."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

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
    """Of the score at the image. rounding: its uncertainty in float32. input_range: of the input.

    A probability is rounded as its logits are: softmax passes an error of theirs on, made smaller.

    probability: of the target's class, where a probability is explained.
    """

    rounding: float
    input_range: float
    probability: float | None = None

    @classmethod
    def of(cls, network: Network, x: Array, target: Target, run: Run) -> "ScoreFacts":
        """From one forward pass of the input x (*grid, channels), shared over `run`."""
        size = float(np.abs(run.once(("logits",), lambda: network.logits(x[None])[0])).max())
        rounding = ROUNDINGS * EPSILON * (max(size, 1.0) if np.isfinite(size) else 1.0)
        spread = float(np.ptp(x)) or float(np.abs(x).max()) or 1.0
        if target.scale != "probability":
            return cls(rounding, spread)
        probabilities = run.once(("probabilities",), lambda: network.probabilities(x[None])[0])
        return cls(rounding, spread, float(probabilities[target.index]))

    @property
    def is_saturated(self) -> bool:
        """Whether the explained probability is so near to 0 or 1 that its gradient vanishes."""
        return self.probability is not None and not SATURATED <= self.probability <= 1 - SATURATED


def signal_of(
    attribution_map: AttributionMap, meaning: Meaning, score_facts: ScoreFacts, target: str
) -> Signal:
    """Whether the map holds evidence. target: the explained number in words, such as 'logit of glioma'.

    Saturation comes first: where a probability is saturated its gradient vanishes, whatever is left of it.
    Scores of changed images may still move; their map then keeps its shares, and the sentence says so.
    """
    values = attribution_map.values
    if meaning.origin is Origin.NOTHING:
        is_zero = not values.any()
        return Signal(
            state="no_positive_evidence" if is_zero else "signal",
            sentence="The map is 0 everywhere." if is_zero else "",
        )
    effect = attribution_map.effect
    if effect is None:
        effect = meaning.effect(np.abs(values), score_facts.input_range)
    rounding = score_facts.rounding
    is_empty = effect <= rounding if effect is not None else not values.any()
    figures = {"effect": effect, "rounding": rounding}
    depends_on_score = meaning.origin is not Origin.ACTIVATIONS
    if score_facts.is_saturated and depends_on_score and (is_empty or meaning.origin is not Origin.SCORES):
        sentence = _saturation_sentence(score_facts, target)
        return Signal(state="probability_saturated", sentence=sentence, **figures)
    if is_empty:
        sentence = _zero_sentence(meaning, effect, rounding, target)
        return Signal(state="zero_up_to_rounding", sentence=sentence, **figures)
    if meaning.sign in (Sign.BOTH, Sign.SUPPORT) and not _has_positive_evidence(values, meaning, score_facts):
        sentence = f"No positive evidence for the {target}: nothing in the picture raises it."
        return Signal(state="no_positive_evidence", sentence=sentence, **figures)
    is_saturated = score_facts.is_saturated and depends_on_score
    saturation = _saturation_sentence(score_facts, target) if is_saturated else ""
    sentence = " ".join(filter(None, (saturation, attribution_map.caution)))
    return Signal(state="signal", sentence=sentence, **figures)


def _has_positive_evidence(values: Array, meaning: Meaning, score_facts: ScoreFacts) -> bool:
    highest = meaning.effect(values, score_facts.input_range)
    return highest > score_facts.rounding if highest is not None else bool((values > 0).any())


def _saturation_sentence(score_facts: ScoreFacts, target: str) -> str:
    assert score_facts.probability is not None
    side = "above 99.9999 %" if score_facts.probability > 0.5 else "below 0.0001 %"
    return f"The {target} is saturated ({side}): its gradient vanishes. Explain the logit instead."


def _zero_sentence(meaning: Meaning, effect: float | None, rounding: float, target: str) -> str:
    subject = "gradient" if meaning.origin is Origin.GRADIENT else "map"
    if not effect:
        reason = "nothing in it moves the score"
    else:
        reason = f"it moves the score by {effect:.1e} at most, rounding alone by {rounding:.1e}"
    return f"No positive evidence for the {target}: the {subject} is zero up to rounding ({reason})."
