"""Whether a map is better than random maps on the same image."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

Verdict = Literal["yes", "no", "undecided"]

FEWEST_DRAWS = 3
QUANTILE = 0.975


def better_than_random(score: float, random_scores: Sequence[float], centre: float | None) -> Verdict | None:
    """`yes` above what one more random map would reach in 39 cases of 40, `no` not above their mean.

    The bound is Student's, from the random scores' spread. centre: their mean where it is known
    beforehand (0 for a gap), which makes few draws tell more; None where it must be estimated.
    `undecided` also where nothing that is revealed moves any score. None with fewer than three draws.
    """
    # Imported late: the window needs the type of a verdict and never makes one.
    from scipy.special import stdtrit

    draws = len(random_scores)
    if draws < FEWEST_DRAWS:
        return None
    scores = np.asarray(random_scores)
    middle = float(scores.mean()) if centre is None else centre
    freedom = draws - 1 if centre is None else draws
    deviation = float(np.sqrt(((scores - middle) ** 2).sum() / freedom))
    widening = 1.0 if centre is not None else float(np.sqrt(1 + 1 / draws))
    if deviation == 0 and score == middle:
        return "undecided"
    if score <= middle:
        return "no"
    bound = middle + float(stdtrit(freedom, QUANTILE)) * widening * deviation
    return "yes" if score > bound else "undecided"
