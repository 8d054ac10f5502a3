"""Preprocessing: closed forms, and that display choices do not reach the network."""

import numpy as np
import pytest

from core.errors import NotFinite
from core.images.slice import Slice, Window
from core.models.preprocessing import PercentileIntensity, Preprocessing, WindowIntensity, ZScoreIntensity

RAMP = np.linspace(-1000, 1000, 48 * 64).reshape(48, 64)


def prepared(values, **changes):
    return Preprocessing(**({"height": 24, "width": 32} | changes)).apply(Slice(values))


def test_that_the_window_maps_its_edges_to_zero_and_one():
    values = np.array([[-300.0, -100.0, 0.0, 50.0, 100.0, 300.0]]).repeat(8, axis=0)
    window = WindowIntensity(centre=0, width=200)
    x, _ = Preprocessing(height=8, width=8, intensity=window).apply(
        Slice(values[:, [0, 1, 2, 3, 4, 5, 5, 5]])
    )
    np.testing.assert_allclose(x[0, :, 0], [0, 0, 0.5, 0.75, 1, 1, 1, 1], atol=1e-6)


def test_that_percentiles_are_those_of_the_whole_slice():
    values = np.arange(101, dtype=float).reshape(1, 101).repeat(10, axis=0)
    x, _ = prepared(values, height=10, width=101, intensity=PercentileIntensity(low=10, high=90))
    np.testing.assert_allclose(x[0, :, 0], np.clip((np.arange(101) - 10) / 80, 0, 1), atol=1e-6)


def test_that_z_scores_have_mean_zero_and_deviation_one():
    x, _ = prepared(RAMP, height=48, width=64, intensity=ZScoreIntensity())
    assert x.mean() == pytest.approx(0, abs=1e-5)
    assert x.std() == pytest.approx(1, abs=1e-5)


def test_that_intensity_does_not_depend_on_unit_or_offset():
    first, _ = prepared(RAMP)
    second, _ = prepared(RAMP * 3.5 + 77)
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_that_display_choices_do_not_reach_the_network():
    plain = Preprocessing().apply(Slice(RAMP))[0]
    shown = Slice(RAMP, inverted=True, windows=(Window(40, 80),), modality="CT", unit="HU")
    np.testing.assert_array_equal(plain, Preprocessing().apply(shown)[0])


def test_that_a_constant_slice_becomes_zero():
    x, _ = prepared(np.full((48, 64), 7.0))
    assert np.abs(x).max() == 0.0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_that_values_that_are_no_numbers_are_refused_with_their_count(bad):
    values = RAMP.copy()
    values[3, 4:6] = bad
    with pytest.raises(NotFinite, match="holds 2 values"):
        prepared(values)


def test_that_padding_keeps_the_ratio_and_fills_with_the_lowest_value():
    values = np.ones((10, 40))
    values[0, 0] = 0.0
    x, grid = prepared(values, height=40, width=40, aspect="pad")
    assert x[:15].max() == x[25:].max() == 0.0
    assert x[16:25].min() == 1.0
    assert grid.box == (-15.5, -0.5, 24.5, 39.5)


def test_that_cropping_cuts_the_longer_side():
    values = np.tile(np.arange(40.0), (10, 1))
    x, grid = prepared(values, height=10, width=10, aspect="crop")
    np.testing.assert_allclose(x[0, :, 0], np.arange(15, 25) / 39, atol=1e-6)
    assert grid.to_pixel(0, 0) == (0.0, 15.0)


def test_that_colour_becomes_grey_by_luma_and_grey_becomes_three_channels():
    colour = np.zeros((24, 32, 3), np.uint8)
    colour[:, 16:, 1] = 200
    x, _ = prepared(colour, intensity=WindowIntensity(centre=100, width=200))
    assert x[0, -1, 0] == pytest.approx(0.587, abs=1e-6)
    triple, _ = prepared(RAMP, channels=3)
    np.testing.assert_array_equal(triple[..., 0], triple[..., 2])


def test_that_shrinking_by_two_averages_four_pixels():
    values = np.arange(48 * 64, dtype=float).reshape(48, 64)
    x, _ = prepared(values, intensity=WindowIntensity(centre=1535.5, width=3071))
    expected = values.reshape(24, 2, 32, 2).mean(axis=(1, 3)) / 3071
    np.testing.assert_allclose(x[..., 0], expected, atol=1e-6)
