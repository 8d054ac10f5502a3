"""Texts of the checks of a map: the short answers beside it, and the panel Sanity."""

from collections.abc import Mapping
from types import MappingProxyType

from app.texts.region import rounded_percent
from core.checks import CHECKS
from core.checks.verdict import ChipWords
from core.curves.curve_set import CurveScore
from core.network.cost import Cost
from core.number_text import counted, duration, duration_words, fixed
from core.results.records import MethodRecord

CHECK_NEEDS_PREDICTION = "The model has not predicted this image yet."
CHECKING = "checking"
CLICK_TO_CHECK = "Click to check."
CLICK_TO_RETRY = "Click to check again."
SHORT_ANSWERS = "Short answers of the checks of this map"
SYMBOLS = {
    "yes": "✓",
    "partly": "~",
    "no": "✗",
    "undecided": "?",
    "unknown": "○",
    "running": "…",
    "failed": "–",
}


def checking(title: str, check: str, done: int, total: int) -> str:
    so_far = f", {done} of {total}" if total > 1 else "…"
    return f"Checking {title}: {check}{so_far}" if title else f"Checking: {check}{so_far}"


# The chips beside a map that no check answers; those of checks have the words of `Check.chip`.
RANDOM_CHIP = ChipWords(
    key="random",
    question="better than random?",
    label="Better than random",
    aspect="vs random",
    yes="better than random",
    partly="random: undecided",
    no="not better than random",
    undecided="random: undecided",
    failed="random: no curve",
)
COMPLETENESS_CHIP = ChipWords(
    key="complete",
    question="sums to score?",
    label="Sums to the score",
    aspect="sum",
    yes="sums to the score",
    partly="nearly sums to score",
    no="sum differs from score",
    undecided="sums to score?",
    failed="sums to score?",
)
CHIPS = {
    words.key: words
    for words in (RANDOM_CHIP, *(check.chip for check in CHECKS if check.chip), COMPLETENESS_CHIP)
}
CHIP_EXPLAINED = {
    "random": "Is the map better than a random map on this image? Measured by the curves.",
    **{check.chip.key: check.question for check in CHECKS if check.chip},
    "complete": "Completeness: do the map's values sum to the score that they explain?",
}


def chip_words(question: str, answer: str, values: Mapping[str, float] = MappingProxyType({})) -> str:
    """Symbol and words: neither a symbol nor a colour is understood by everyone.

    values: the figures of the finding, of which some chips show one.
    """
    words = CHIPS[question]
    if words.share in values:
        return f"{SYMBOLS[answer]} {rounded_percent(values[words.share])} {words.share_words}"
    return f"{SYMBOLS[answer]} {words.words(answer)}"


def short_chip(question: str, answer: str) -> str:
    """The symbol and what it is about, for a row of chips in a narrow place."""
    words = CHIPS[question]
    is_named = answer == "no" and bool(words.no_sentence)
    return f"{SYMBOLS[answer]} {words.no if is_named else words.aspect}"


def chip_tip(words: str, tip: str) -> str:
    """The tool tip of a short chip: its words in full, then its sentence."""
    return f"{words}\n{tip}"


def chip_unknown(question: str, seconds: float | None, can_run: bool, obstacle: str) -> str:
    """The tooltip of a chip without an answer."""
    if obstacle:
        return f"{CHIP_EXPLAINED[question]} Cannot be checked: {obstacle}"
    words = f"{CHIP_EXPLAINED[question]} Not checked yet."
    return f"{words} {CLICK_TO_CHECK}{expected(seconds)}" if can_run else words


def chip_failed(reason: str, can_run: bool) -> str:
    """The tooltip of a chip whose check gave no answer."""
    return f"{reason} {CLICK_TO_RETRY}" if can_run else reason


def expected(seconds: float | None) -> str:
    return "" if seconds is None else f" Takes about {duration_words(seconds)}."


def completeness(difference: str) -> str:
    """difference: as `core.checks.completeness.completeness_difference`."""
    return f"Completeness, the sum of the map's values and the rise of the score: {difference}."


def chip_accessible(title: str, words: str, tip: str) -> str:
    return f"{title}: {words}. {tip}"


def better_than_random(title: str, score: CurveScore) -> str:
    """The verdict of the curves on this image."""
    verdict = {
        "yes": f"{title} is better than random on this image",
        "no": f"{title} is not better than random on this image",
        "undecided": f"It is undecided whether {title} is better than random on this image",
    }[score.better_than_random or "undecided"]
    return f"{verdict}: {score.kind.upper()} gap {score.words(2)} (0 = no better than chance)."


# Why a map contains no evidence, short enough for a card.
NO_SHARE = {
    "no_positive_evidence": "no positive evidence",
    "zero_up_to_rounding": "zero up to rounding",
    "probability_saturated": "probability saturated: explain the logit",
}


def no_share(record: MethodRecord) -> str:
    """Why the map contains no evidence for the target, in short; empty if it does."""
    if not record.no_share:
        return ""
    return NO_SHARE[record.signal.state if record.signal is not None else "no_positive_evidence"]


def grid_words(record: MethodRecord) -> str:
    """On how many cells the map was computed, or what it lacks: evidence for the target, or a part of it."""
    if record.partial is not None:
        return record.partial.words
    return no_share(record) or f"{record.cells[0]} × {record.cells[1]} cells"


# The panel Sanity
SANITY = "Sanity"
SANITY_NEEDS_MAPS = (
    "This panel checks whether a map can be trusted: whether it depends on the trained weights, is"
    " repeatable, and is stable under noise and shifts. Explain first."
)
CHECKED_MAP = "Map"
CHECK = "Check"
CHECK_AGAIN = "Again"
CHECK_ALL = "Check all"
STOP = "Stop"
WAITING = "waiting"
NO_ANSWER = "no answer"
NOT_POSSIBLE = "not possible"
STEPS = "Steps of the check"
THIS_MAP = "this map"
SEPARATE_SCALES = "Each picture has its own colour scale."


def finding_words(verdict: str, headline: float | None) -> str:
    """A verdict with its most important figure, short enough for a row."""
    figure = "" if headline is None else fixed(headline)
    return f"{SYMBOLS[verdict]} {verdict}, {figure}" if verdict else f"✓ {figure}"


def so_far(done: int, total: int) -> str:
    return f"{done} of {total}" if total > 1 else f"{CHECKING}…"


def short_time(seconds: float) -> str:
    return "at once" if seconds == 0 else "below 1 s" if seconds < 1 else f"about {duration(seconds)}"


def check_cost_details(summary: str, cost: Cost | None) -> str:
    """The tool tip of a check that is not made: what it asks, and the model calls that it takes."""
    if cost is None:
        return summary
    return f"{summary} {'Up to ' if cost.at_most else ''}{counted(cost.calls, 'model call')}."


def step_label(step: dict[str, float | str], at: int) -> str:
    """The name of a step: the layer down to which weights are randomised, or its number."""
    return str(step["layer"]) if "layer" in step else str(at)
