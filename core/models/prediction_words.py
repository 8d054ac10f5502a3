"""Sentences beside a prediction that the window, the command line and reports share."""

from collections.abc import Sequence

from core.models.card import Card
from core.models.fit import Fit
from core.number_text import counted

UNCALIBRATED = "Probabilities are uncalibrated and may be too high."
FITS = "Fits the model: similar to its training images."


def only_classes_line(classes: Sequence[str]) -> str:
    """The permanent note beside every prediction."""
    names = ", ".join(classes[:-1]) + f" and {classes[-1]}"
    return f"The model knows only {names}. None of them means “something else”."


def calibration_line(card: Card, calibrated: bool, fit: Fit | None) -> str:
    """How reliable the probabilities are, measured on the test images.

    Empty where the image does not fit the model, because the figure does not hold for such images.
    """
    if fit is not None and fit.answer == "does_not_fit":
        return ""
    if not calibrated:
        return UNCALIBRATED
    score = card.performance
    if score.calibration_error is None:
        return (
            "Probabilities are calibrated on validation images; their error was not measured on test images."
        )
    return f"On {score.images} test images the probabilities were off by {_points(score.calibration_error)}."


def fit_line(fit: Fit) -> str:
    """The result of the fit check in one line; the reasons of a misfit are listed separately."""
    match fit.answer:
        case "fits":
            return FITS
        case "does_not_fit":
            return "Does not fit the model: the reliability of its probabilities is unknown here."
        case "cannot_be_checked":
            return f"Fit to the model cannot be checked: {' '.join(fit.reasons)}"


def _points(share: float) -> str:
    """An error of probabilities as people read it."""
    points = round(100 * share)
    if points == 0:
        return "less than 1 percentage point"
    return f"about {counted(points, 'percentage point')}"
