"""Colour tables against matplotlib's, and the rules that all of them keep."""

import numpy as np
import pytest
from matplotlib import colormaps

from core.figures.colour_maps import ColourMap, colours, one_sided_table, signed_table

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


@pytest.mark.parametrize("name", list(ColourMap))
def test_that_one_sided_tables_go_from_transparent_to_full(name: ColourMap) -> None:
    alpha = one_sided_table(name)[:, 3].astype(int)
    assert (alpha[0], alpha[-1]) == (0, 255)
    assert np.diff(alpha).min() >= 0


def test_that_the_signed_table_weighs_for_and_against_alike() -> None:
    table = signed_table().astype(int)
    np.testing.assert_array_equal(table[:, 3], table[::-1, 3])
    assert table[127, 3] == table[128, 3] <= 4
    lightness = table[:, :3] @ LUMA
    assert np.abs(lightness - lightness[::-1]).max() < 45
