"""Whether a map's values add up to the score that they explain (completeness; Sundararajan et al. 2017).

Not a check of its own: methods that promise it report the error with the map. arXiv 1703.01365.
"""

from collections.abc import Mapping

from core.checks.verdict import Answer, Thresholds
from core.methods.path.completeness import SMALLEST_DELTA, SMALLEST_RISE
from core.number_text import fixed, percent

COMPLETENESS = Thresholds("completeness error", yes=0.05, no=0.2)


def completeness_difference(diagnostics: Mapping[str, float]) -> str:
    """The difference between a map's sum and the rise of the score, in words after a colon.

    Relative to the rise; below half a logit, where every relative error would be large, in the score's unit.
    """
    rise = diagnostics.get("rise", 1.0)
    if abs(rise) >= SMALLEST_DELTA:
        return f"an error of {percent(diagnostics['completeness_error'])}"
    return f"they differ by {fixed(abs(diagnostics['sum'] - rise), 3)}"


def completeness_answer(diagnostics: Mapping[str, float]) -> Answer | None:
    """The answer for a map's diagnostics.

    None without a completeness error, or where the score hardly rises, because the error is relative to that.
    """
    error = diagnostics.get("completeness_error")
    if error is None or abs(diagnostics.get("rise", 1.0)) < SMALLEST_RISE:
        return None
    return COMPLETENESS.answer(error)
