"""An image that is unlike what a model was made for is said to be so, in a sentence each."""

import numpy as np
import pytest

from core.images.slice import Slice
from core.models.fit import misfits
from core.models.preprocessing import Preprocessing
from tests.cards import make_card

CARD = make_card(size=200)
PLAIN = np.arange(200 * 200.0).reshape(200, 200)


def test_that_a_fitting_image_gets_no_warning():
    assert misfits(CARD, Slice(PLAIN, modality="MR")) == []
    assert misfits(CARD, Slice(PLAIN)) == []


@pytest.mark.parametrize(
    ("image", "word"),
    [
        (Slice(PLAIN, modality="CT"), "made for MR images; this one is CT"),
        (Slice(np.stack([PLAIN.astype(np.uint8)] * 3, axis=-1)), "colour"),
        (Slice(PLAIN[:60, :60]), "60 x 60 pixels"),
        (Slice(PLAIN[:, :140]), "squeezed"),
        (Slice(np.full((200, 200), 3.0)), "same value"),
    ],
)
def test_that_each_misfit_is_named(image, word):
    found = misfits(CARD, image)
    assert len(found) == 1
    assert word in found[0]


def test_that_a_padded_input_squeezes_nothing():
    padded = make_card(preprocessing=Preprocessing(height=200, width=200, aspect="pad"))
    assert misfits(padded, Slice(PLAIN[:, :140])) == []


def test_that_nan_pixels_do_not_hide_the_other_warnings():
    values = PLAIN.copy()
    values[0, 0] = np.nan
    assert misfits(CARD, Slice(values, modality="CT")) != []
