"""The sentences of the prediction, for the window and the command line."""

from collections.abc import Sequence

from core.models.card import Card

PREDICTION_EMPTY = "Open an image to see what the model says about it."
NO_MODEL = "No model is installed."
CALIBRATED = "Probabilities are calibrated."
UNCALIBRATED = "Probabilities are uncalibrated: they may be too sure."
TRY_AGAIN = "Try again"


def percent(share: float) -> str:
    """A probability for people: never 0 or 100 % when it is not."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


def knows_only(classes: Sequence[str]) -> str:
    """The standing sentence beside every prediction."""
    names = ", ".join(classes[:-1]) + f" and {classes[-1]}"
    return f"The model knows only {names}. None of them means “something else”."


def logit(value: float) -> str:
    return f"logit {value:+.2f}".replace("-", "−")


def card_line(card: Card) -> str:
    """The card in one line, beside every prediction."""
    score = card.performance
    tested = f"{score.images} test images of {score.groups} {score.group_column}s"
    return f"Macro F1 {score.macro_f1.value:.2f} on {tested}."
