"""Texts of the band above the image: one sentence on the map that is shown."""

from collections.abc import Iterable

from app.texts.checks import CHIPS
from app.texts.region import rounded_percent

DETAILS = "Details"
DETAILS_TIP = "Figures and steps behind these answers"
EVIDENCE = "What is known of this map"
ANSWERS = {
    "yes": "yes",
    "partly": "in part",
    "no": "no",
    "undecided": "undecided",
    "running": "being checked",
    "failed": "no answer",
}


def map_words(title: str, class_words: str, blank: str, partial: str) -> str:
    """What the map is: blank says why it holds no evidence, partial how much of it was computed."""
    parts = filter(None, (f"{title}, {class_words}", partial, blank))
    return f"{', '.join(parts)}."


def answer_words(question: str, answer: str, share: float | None, reason: str) -> str:
    """The answer to one question; share: where it is a share. reason: why there is no answer."""
    if answer == "no" and CHIPS[question].no_sentence:
        return CHIPS[question].no_sentence
    words = ANSWERS[answer] if share is None else f"{ANSWERS[answer]}, {rounded_percent(share)}"
    sentence = f"{CHIPS[question].label}: {words}."
    return f"{sentence} {reason}" if reason else sentence


def disagreement(other: str) -> str:
    return f"Disagrees with {other}."


def sentence(parts: Iterable[str]) -> str:
    return " ".join(filter(None, parts))
