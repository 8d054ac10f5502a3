"""The fit check: each way in which an image does not fit a model has its sentence."""

import numpy as np
import pytest

from core.images.slice import Slice
from core.models.content import ContentDistance
from core.models.fit import fit_of
from core.models.preprocessing import PercentileIntensity, Preprocessing
from tests.cards import make_card

CARD = make_card(size=200)
PLAIN = np.arange(200 * 200.0).reshape(200, 200)
NEAR = ContentDistance(relative=0.4, limit_share=0.99)


def answered(image, card=CARD, content=NEAR):
    return fit_of(card, image, card.preprocessing.apply(image), content)


@pytest.mark.parametrize("modality", ["MR", ""])
def test_that_an_image_near_the_training_images_fits_also_without_a_modality(modality):
    fit = answered(Slice(PLAIN, modality=modality))
    assert (fit.answer, fit.reasons, fit.distance) == ("fits", (), 0.4)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (Slice(PLAIN, modality="CT"), "made for MR images; this one is CT"),
        (Slice(np.stack([PLAIN.astype(np.uint8)] * 3, axis=-1)), "colour"),
        (Slice(PLAIN[:60, :60]), "60 x 60 pixels"),
        (Slice(PLAIN[:, :140]), "140 x 200 pixels (width x height)"),
        (Slice(PLAIN[:, :140]), "by a factor of 1.4"),
        (Slice(PLAIN, spacing_mm=(0.5, 1.0)), "200 x 100 mm (width x height)"),
        (Slice(PLAIN, stated_aspect=2.0), "200 x 400 pixel widths (width x height)"),
        (Slice(PLAIN, stated_aspect=2.0), "by a factor of 2.0"),
        (Slice(np.full((200, 200), 3.0)), "the same value everywhere"),
    ],
)
def test_that_each_misfit_is_named(image, words):
    fit = answered(image)
    assert fit.answer == "does_not_fit"
    assert len(fit.reasons) == 1
    assert words in fit.reasons[0]


def test_that_a_square_anatomy_in_pixels_that_are_not_square_is_not_warned_about():
    assert answered(Slice(PLAIN[:, :100], spacing_mm=(0.5, 1.0))).answer == "fits"
    assert answered(Slice(PLAIN[:, :100], stated_aspect=0.5)).answer == "fits"


def test_that_a_padded_input_squeezes_nothing():
    padded = make_card(preprocessing=Preprocessing(height=200, width=200, aspect="pad"))
    assert answered(Slice(PLAIN[:, :140]), padded).answer == "fits"


def sparse():
    values = np.zeros((200, 200))
    values[:4, :10] = PLAIN[:4, :10] + 1
    return values


def test_that_the_fit_check_uses_the_input_and_not_the_file():
    """40 of 40,000 pixels differ, so that both percentiles are 0 and the whole input becomes black."""
    card = make_card(
        preprocessing=Preprocessing(height=200, width=200, intensity=PercentileIntensity(low=1, high=99.5))
    )
    (reason,) = answered(Slice(sparse()), card).reasons
    assert "same value everywhere" in reason
    assert "0" not in reason


def test_that_an_input_clipped_to_two_values_is_reported_with_its_share():
    halves = np.where(np.arange(200) < 100, 0.0, 1.0) * np.ones((200, 1))
    (reason,) = answered(Slice(halves)).reasons
    assert reason.startswith("100 % of the model's input")


def test_that_padding_does_not_count_as_content():
    values, padding = np.full((200, 200), 7.0), np.zeros((200, 200), bool)
    padding[:50] = True
    values[:50] = PLAIN[:50]
    (reason,) = answered(Slice(values, padding=padding)).reasons
    assert "same value everywhere" in reason


def test_that_content_beyond_the_limit_does_not_fit_whatever_else_does():
    far = ContentDistance(relative=3.21, limit_share=0.97)
    fit = answered(Slice(PLAIN, modality="MR"), content=far)
    assert fit.answer == "does_not_fit"
    assert fit.warnings == fit.reasons
    assert "3.21 times the limit" in fit.reasons[0]
    assert "97 %" in fit.reasons[0]


def test_that_without_a_distance_the_fit_cannot_be_checked_and_the_reason_is_stated():
    fit = answered(Slice(PLAIN), content="The model has no stored training embeddings.")
    assert (fit.answer, fit.reasons) == (
        "cannot_be_checked",
        ("The model has no stored training embeddings.",),
    )
    assert fit.warnings == ()
    wrong = answered(Slice(PLAIN, modality="CT"), content="No embeddings.")
    assert wrong.answer == "does_not_fit"
