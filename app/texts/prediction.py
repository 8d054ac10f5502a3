"""Texts of the prediction, for the window and the command line."""

from collections.abc import Sequence

from core.models.card import Card
from core.models.fit import Fit
from core.number_text import counted, fixed

PREDICTION_EMPTY = "Open an image to see the model's prediction."
NO_MODEL = "No model is installed."
UNCALIBRATED = "Probabilities are uncalibrated and may be too high."
FITS = "Fits the model: similar to its training images."
FIT_TIP = "Compares modality, shape, size, intensities and content with the training images, where known."
CALIBRATION_TIP = "Expected calibration error on the model's own test images."
TRY_AGAIN = "Try again"

# Two models
COMPARE = "Compare with another model…"
COMPARE_WITH = "Compare with"
COMPARE_WITH_NONE = "No second model"
END_COMPARISON = "End the comparison"
OUTLINED_BARS = "The outlined bars and the second figures are this model's."
COMPARE_TIP = "Show the prediction of a second model beside this one."
OTHER_CLASSES = "The two models know different classes, so their answers cannot be compared."
SECOND_WAITS = "Predicting, as soon as nothing else runs…"


def only_classes(classes: Sequence[str]) -> str:
    """The permanent note beside every prediction."""
    names = ", ".join(classes[:-1]) + f" and {classes[-1]}"
    return f"The model knows only {names}. None of them means “something else”."


def logit(value: float) -> str:
    return f"logit {fixed(value, sign=True)}"


def calibration(card: Card, calibrated: bool, fit: Fit | None) -> str:
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


def fit_answer(fit: Fit) -> str:
    """The same with the first reason of a misfit; all of them stand above the image."""
    if fit.answer != "does_not_fit" or not fit.reasons:
        return fit_line(fit)
    first, *others = fit.reasons
    more = f" {counted(len(others), 'more reason')} above the image." if others else ""
    return f"{fit_line(fit)} {first}{more}"


def card_line(card: Card) -> str:
    """The card in one line, beside every prediction."""
    score = card.performance
    tested = f"{score.images} test images of {score.groups} {score.group_column}s"
    return f"Macro-F1 {fixed(score.macro_f1.value)} on {tested}."


def _points(share: float) -> str:
    """An error of probabilities as people read it."""
    points = round(100 * share)
    if points == 0:
        return "less than 1 percentage point"
    return f"about {counted(points, 'percentage point')}"


def both_say(class_words: str) -> str:
    """Two models predict the same class."""
    return f"Both models say {class_words}."


def agreement_of_misfit(misfit_titles: Sequence[str]) -> str:
    """What agreement is worth where the image does not fit these models, one or both of the two."""
    which = misfit_titles[0] if len(misfit_titles) == 1 else "either model"
    return f"The image does not fit {which}, so this means little."


def they_disagree(first: str, second: str) -> str:
    """Two models predict different classes."""
    return f"The models disagree: {first} and {second}."


def compared_with(title: str, answer: str) -> str:
    """A second model and what it says, or why it says nothing yet."""
    return f"{title}: {answer}"
