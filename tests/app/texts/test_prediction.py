"""What is said of a prediction: calibration from the card, and the three answers of the fit check."""

import pytest

from app.texts import prediction as texts
from core.models.fit import Fit
from core.models.prediction_words import calibration_line
from tests.cards import make_card

FITS = Fit(answer="fits", distance=0.5)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (0.0518, "off by about 5 percentage points."),
        (0.012, "off by about 1 percentage point."),
        (0.003, "off by less than 1 percentage point."),
    ],
)
def test_that_calibration_says_what_it_is_worth_on_test_images(error, words) -> None:
    card = make_card()
    card = card.model_copy(
        update={"performance": card.performance.model_copy(update={"calibration_error": error})}
    )
    assert calibration_line(card, True, FITS) == f"On 6 test images the probabilities were {words}"
    assert calibration_line(card, True, Fit(answer="does_not_fit", reasons=("A.",))) == ""


def test_that_the_three_answers_of_the_fit_check_give_their_reasons() -> None:
    assert texts.fit_answer(FITS).startswith("Fits the model")
    unchecked = texts.fit_answer(Fit(answer="cannot_be_checked", reasons=("No reference.",)))
    assert unchecked == "Fit to the model cannot be checked: No reference."
    misfit = texts.fit_answer(Fit(answer="does_not_fit", reasons=("First.", "Second.", "Third.")))
    assert misfit.startswith("Does not fit the model")
    assert misfit.endswith("First. 2 more reasons above the image.")
