"""The eight turns of an image, on an array without any symmetry."""

from itertools import product

import numpy as np
import pytest

from core.images.turn import Turn

TURNS = [Turn(*flags) for flags in product((False, True), repeat=3)]
IMAGE = np.arange(12).reshape(3, 4)


def test_that_the_eight_turns_give_eight_images():
    assert len({(turn.turned(IMAGE).shape, turn.turned(IMAGE).tobytes()) for turn in TURNS}) == 8


@pytest.mark.parametrize("turn", TURNS)
def test_that_turning_back_gives_the_image_again(turn):
    assert np.array_equal(turn.turned_back(turn.turned(IMAGE)), IMAGE)
    assert turn.turned(IMAGE).shape == turn.turned_shape(IMAGE.shape)
    assert turn.changes_image == (not np.array_equal(turn.turned(IMAGE), IMAGE))


@pytest.mark.parametrize("turn", TURNS)
def test_that_a_place_goes_where_its_value_goes(turn):
    turned = turn.turned(IMAGE)
    for row, column in np.ndindex(IMAGE.shape):
        place = turn.turned_place(row, column, IMAGE.shape)
        assert turned[place] == IMAGE[row, column]
        assert turn.place_before(*place, IMAGE.shape) == (row, column)
