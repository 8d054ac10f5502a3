"""Texts of the prediction, for the window and the command line."""

from collections.abc import Sequence

from core.models.card import Card
from core.models.fit import Fit
from core.models.prediction_words import fit_line
from core.number_text import counted, fixed

PREDICTION_EMPTY = "Open an image to see the model's prediction."
NO_MODEL = "No model is installed."
OPEN_MODELS_FOLDER = "Open the folder of models"
NO_MODEL_HINT = "Put the folder of a model there and start the program again."
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


def logit(value: float) -> str:
    return f"logit {fixed(value, sign=True)}"


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
