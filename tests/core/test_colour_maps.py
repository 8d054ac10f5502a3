"""Colour tables against matplotlib's, and the rules that all of them keep."""

import numpy as np
import pytest
from matplotlib import colormaps

from core.figures.colour_maps import ColourMap, colours, colours_of, opacity_of, signed_colours

LUMA = np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("name", ["inferno", "viridis"])
def test_that_a_table_is_within_two_of_matplotlibs(name: str) -> None:
    expected = np.rint(255 * colormaps[name](np.linspace(0, 1, 256))[:, :3])
    assert np.abs(colours(ColourMap(name)).astype(int) - expected).max() <= 2


@pytest.mark.parametrize("name", [ColourMap.INFERNO, ColourMap.VIRIDIS, ColourMap.GREY])
def test_that_lightness_never_falls(name: ColourMap) -> None:
    lightness = colours(name) @ LUMA
    # Whole numbers of 255 leave steps of less than one.
    assert np.diff(lightness).min() > -1
    assert lightness[-1] - lightness[0] > 100


def test_that_the_literature_style_is_jet() -> None:
    expected = 255 * colormaps["jet"](np.linspace(0, 1, 256))[:, :3]
    assert np.abs(colours(ColourMap.LITERATURE) - expected).mean() < 12


def test_that_opacity_follows_the_value_by_its_closed_form() -> None:
    shares = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    expected = [0.0, 0.15625, 0.5, 0.84375, 1.0]
    np.testing.assert_allclose(opacity_of(shares, 0.0), expected)
    np.testing.assert_allclose(opacity_of(-shares, 0.0), expected)


def test_that_nothing_is_drawn_below_the_threshold_and_all_from_it_on() -> None:
    shares = np.array([-0.31, -0.3, -0.29, 0.0, 0.29, 0.3, 0.31])
    drawn = opacity_of(shares, 0.3) > 0
    assert drawn.tolist() == [True, True, False, False, False, True, True]
    np.testing.assert_allclose(opacity_of(shares, 0.3)[drawn], opacity_of(shares, 0.0)[drawn])


def test_that_values_near_zero_of_a_signed_map_leave_no_dust() -> None:
    noise = np.linspace(-0.15, 0.15, 31)
    # Not one grey level of 255 may change by more than 1 in 16.
    assert opacity_of(noise, 0.0).max() < 1 / 16


@pytest.mark.parametrize("name", list(ColourMap))
def test_that_one_sided_colours_go_through_the_whole_table(name: ColourMap) -> None:
    np.testing.assert_array_equal(colours_of(np.linspace(0, 1, 256), False, name), colours(name))


def test_that_the_signed_colours_weigh_for_and_against_alike_and_hold_no_white() -> None:
    table = signed_colours().astype(int)
    lightness = table @ LUMA
    assert np.abs(lightness - lightness[::-1]).max() < 20
    assert (table[:128, 2] > table[:128, 0] + 80).all()
    assert (table[128:, 0] > table[128:, 2] + 80).all()
