"""The sentences of the prediction, for the window and the command line."""

from collections.abc import Sequence

from core.models.card import Card
from core.models.fit import Fit

PREDICTION_EMPTY = "Open an image to see what the model says about it."
NO_MODEL = "No model is installed."
UNCALIBRATED = "Probabilities are uncalibrated: they may be too high."
FITS = "Fits the model: like its training images."
FIT_TIP = "Compared are modality, shape, size, intensities and content, as far as they are known."
CALIBRATION_TIP = "The expected calibration error, measured on images of the model's own kind."
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


def calibration(card: Card, calibrated: bool, fit: Fit | None) -> str:
    """What calibration is worth, by the figure on the test images and no more than that.

    Empty where the image does not fit the model: the figure was measured on other images.
    """
    if fit is not None and fit.answer == "does_not_fit":
        return ""
    if not calibrated:
        return UNCALIBRATED
    score = card.performance
    if score.calibration_error is None:
        return "Probabilities are calibrated on validation images; how well was not measured on test images."
    points = 100 * score.calibration_error
    return (
        f"On {score.images} test images the probabilities were off by {points:.0f} percentage"
        f" point{'' if round(points) == 1 else 's'} on average."
    )


def fit_line(fit: Fit) -> str:
    """The answer of the fit check in one line; the reasons of a misfit stand by themselves."""
    match fit.answer:
        case "fits":
            return FITS
        case "does_not_fit":
            return "Does not fit the model: what its probabilities are worth here is not known."
        case "cannot_be_checked":
            return f"Fit to the model cannot be checked: {' '.join(fit.reasons)}"


def card_line(card: Card) -> str:
    """The card in one line, beside every prediction."""
    score = card.performance
    tested = f"{score.images} test images of {score.groups} {score.group_column}s"
    return f"Macro F1 {score.macro_f1.value:.2f} on {tested}."
