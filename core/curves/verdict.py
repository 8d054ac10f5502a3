"""Whether a map is better than random maps on the same image."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Verdict = Literal["yes", "no", "undecided"]

FEWEST_DRAWS = 3
QUANTILE = 0.975


@dataclass(frozen=True, slots=True)
class Chance:
    """Where random maps score on an image.

    mean: of their scores. margin: how far above it one more random map stays in 39 cases of 40. It is half
    the width of the interval around every map's score, from which its verdict follows.
    """

    mean: float
    margin: float

    def verdict(self, score: float) -> Verdict:
        """`yes` if the whole interval of a score lies above the mean, `no` if not even the score does.

        `undecided` also where nothing that is revealed moves any score.
        """
        if self.margin == 0 and score == self.mean:
            return "undecided"
        if score <= self.mean:
            return "no"
        return "yes" if score - self.margin > self.mean else "undecided"


def chance_of(random_scores: Sequence[float], centre: float | None) -> Chance | None:
    """Where random maps score, by the scores of some of them; None with fewer than three.

    The margin is Student's, from the scores' spread. centre: their mean where it is known beforehand (0
    for a gap), which makes few draws tell more; None where it must be estimated.
    """
    # Imported late: the window needs the type of a verdict and never makes one.
    from scipy.special import stdtrit

    draws = len(random_scores)
    if draws < FEWEST_DRAWS:
        return None
    scores = np.asarray(random_scores)
    mean = float(scores.mean()) if centre is None else centre
    freedom = draws - 1 if centre is None else draws
    deviation = float(np.sqrt(((scores - mean) ** 2).sum() / freedom))
    widening = 1.0 if centre is not None else float(np.sqrt(1 + 1 / draws))
    return Chance(mean, float(stdtrit(freedom, QUANTILE)) * widening * deviation)
