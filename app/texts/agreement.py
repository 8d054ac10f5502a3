"""Texts of the panel Agreement: how far the maps of an image agree with each other."""

from core.checks.agreement import AGREE_FROM, DISAGREE_BELOW
from core.number_text import exact_percent, fixed, percent

AGREEMENT = "Agreement"
AGREEMENT_NEEDS_MAPS = (
    "This panel compares the maps of this image with each other. Explain with at least two methods."
)
LIKENESS = "Compare by"
LIKENESSES = {"spearman": "Rank correlation (Spearman)", "overlap": "Overlap of the highest pixels"}
TOP_SHARE = "Highest"
COMPARING = "Comparing…"
PAIR = "The two maps"
MATRIX_TIP = "Select a cell to see both maps"


def top_share(share: float) -> str:
    return f"{TOP_SHARE} {exact_percent(share)}"


def disagree(value: float, share: float | None) -> bool:
    """Whether two maps disagree; share: of the highest pixels, None for a rank correlation."""
    return _beyond_chance(value, share) < DISAGREE_BELOW


def rank_agreement(first: str, second: str, value: float) -> str:
    if value <= -DISAGREE_BELOW:
        verdict = "contradict each other: what one ranks high the other ranks low"
    elif value < DISAGREE_BELOW:
        verdict = "disagree: their rankings of the pixels have little in common"
    elif value < AGREE_FROM:
        verdict = "agree partly"
    else:
        verdict = "agree"
    return f"{first} and {second} {verdict} (rank correlation {fixed(value)}; 1 = same order, 0 = unrelated)."


def overlap_agreement(first: str, second: str, value: float, share: float) -> str:
    beyond = _beyond_chance(value, share)
    word = "disagree" if beyond < DISAGREE_BELOW else "agree partly" if beyond < AGREE_FROM else "agree"
    return (
        f"{first} and {second} {word}: their highest {exact_percent(share)} of the pixels overlap by"
        f" {percent(value, 0)}; two unrelated maps would overlap by {exact_percent(share)}."
    )


def incomparable(first: str, second: str, reason: str) -> str:
    return f"{first} and {second} cannot be compared: {reason}"


def agreement_summary(disagreeing: int, pairs: int, lowest: tuple[str, str]) -> str:
    """lowest: the titles of the two maps that agree least."""
    least = f"{lowest[0]} and {lowest[1]}"
    if not disagreeing:
        return f"No two maps disagree; the lowest agreement is between {least}."
    if pairs == 1:
        return "The two maps disagree. They are shown side by side and never averaged."
    return f"{disagreeing} of {pairs} pairs of maps disagree, most strongly {least}. Maps are never averaged."


def _beyond_chance(value: float, share: float | None) -> float:
    """A rank correlation unchanged; an overlap rescaled to 0 at chance and 1 for identical pixels."""
    return value if share is None else (value - share) / (1 - share)
