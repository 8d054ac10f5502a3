"""Preprocessing: closed forms, and that display choices do not reach the network."""

import numpy as np
import pytest

from core.errors import NotFinite
from core.images.slice import Slice, Window
from core.models.preprocessing import PercentileIntensity, Preprocessing, WindowIntensity, ZScoreIntensity

RAMP = np.linspace(-1000, 1000, 48 * 64).reshape(48, 64)


def prepared(values, **changes):
    return Preprocessing(**({"height": 24, "width": 32} | changes)).apply(Slice(values))


def prepared_slice(image):
    return Preprocessing(height=24, width=32).apply(image)


def test_that_the_window_maps_its_edges_to_zero_and_one():
    values = np.array([[-300.0, -100.0, 0.0, 50.0, 100.0, 300.0]]).repeat(8, axis=0)
    window = WindowIntensity(centre=0, width=200)
    image = Slice(values[:, [0, 1, 2, 3, 4, 5, 5, 5]])
    x = Preprocessing(height=8, width=8, intensity=window).apply(image).x
    np.testing.assert_allclose(x[0, :, 0], [0, 0, 0.5, 0.75, 1, 1, 1, 1], atol=1e-6)


def test_that_percentiles_are_those_of_the_whole_slice():
    values = np.arange(101, dtype=float).reshape(1, 101).repeat(10, axis=0)
    x = prepared(values, height=10, width=101, intensity=PercentileIntensity(low=10, high=90)).x
    np.testing.assert_allclose(x[0, :, 0], np.clip((np.arange(101) - 10) / 80, 0, 1), atol=1e-6)


def test_that_z_scores_have_mean_zero_and_deviation_one():
    x = prepared(RAMP, height=48, width=64, intensity=ZScoreIntensity()).x
    assert x.mean() == pytest.approx(0, abs=1e-5)
    assert x.std() == pytest.approx(1, abs=1e-5)


def test_that_intensity_does_not_depend_on_unit_or_offset():
    first = prepared(RAMP).x
    second = prepared(RAMP * 3.5 + 77).x
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_that_display_choices_do_not_reach_the_network():
    plain = Preprocessing().apply(Slice(RAMP)).x
    with_display_choices = Slice(RAMP, inverted=True, windows=(Window(40, 80),), modality="CT", unit="HU")
    np.testing.assert_array_equal(plain, Preprocessing().apply(with_display_choices).x)


INTENSITIES = (
    PercentileIntensity(low=1, high=99.5),
    ZScoreIntensity(),
    WindowIntensity(centre=2048, width=1000),
)


@pytest.mark.parametrize("intensity", INTENSITIES, ids=lambda rule: rule.kind)
@pytest.mark.parametrize("unit", ["", "OD"])
def test_that_a_film_with_the_lowest_value_white_gives_the_input_of_its_twin(intensity, unit):
    film = np.random.default_rng(0).gamma(2.0, 400.0, (48, 64)).clip(0, 4095).round()
    # A window that is symmetric in 12 bits names the same values in both twins.
    intensity = intensity.model_copy(update={"centre": 2047.5}) if intensity.kind == "window" else intensity
    rule = Preprocessing(height=24, width=32, intensity=intensity)
    plain, twin = rule.apply(Slice(film)), rule.apply(Slice(4095 - film, inverted=True, unit=unit))
    np.testing.assert_allclose(twin.x, plain.x, atol=1e-6)
    assert (plain.reversed, twin.reversed) == (False, True)


@pytest.mark.parametrize("unit", ["HU", "BQML"])
def test_that_a_quantity_keeps_its_meaning_whatever_the_polarity(unit):
    twin = Preprocessing(intensity=WindowIntensity(centre=40, width=400)).apply(
        Slice(RAMP, inverted=True, unit=unit)
    )
    plain = Preprocessing(intensity=WindowIntensity(centre=40, width=400)).apply(Slice(RAMP, unit=unit))
    np.testing.assert_array_equal(twin.x, plain.x)
    assert not twin.reversed
    assert twin.notes == (
        f"The file shows low values bright, but they measure {unit}: not reversed for the model.",
    )
    assert plain.notes == ()


def test_that_a_card_may_take_values_as_they_are_stored():
    rule = Preprocessing(polarity="as_stored")
    np.testing.assert_array_equal(rule.apply(Slice(RAMP, inverted=True)).x, rule.apply(Slice(RAMP)).x)


@pytest.mark.parametrize("value", [65535.0, -2000.0, np.nan])
@pytest.mark.parametrize("intensity", INTENSITIES[:2], ids=lambda rule: rule.kind)
@pytest.mark.parametrize("inverted", [False, True])
def test_that_padding_is_darkest_and_changes_nothing_else(intensity, value, inverted):
    rule = Preprocessing(height=48, width=64, intensity=intensity)
    film = np.random.default_rng(1).normal(1000, 200, (48, 64))
    padding = np.zeros(film.shape, bool)
    padding[:6], padding[:, :8] = True, True
    padded = np.where(padding, value, film)
    subject = rule.apply(Slice(padded, padding=padding, inverted=inverted))
    inside = rule.apply(Slice(film[6:, 8:], inverted=inverted))
    alone = Preprocessing(height=42, width=56, intensity=intensity).apply(
        Slice(film[6:, 8:], inverted=inverted)
    )
    np.testing.assert_allclose(subject.x[6:, 8:], alone.x, atol=1e-6)
    assert (subject.x[padding] == alone.x.min()).all()
    assert inside.image_share is None
    np.testing.assert_array_equal(subject.image_share, (~padding).astype(np.float32))
    np.testing.assert_array_equal(subject.image_cells, subject.x[~padding])


def test_that_an_image_of_padding_alone_is_taken_unchanged():
    subject = prepared_slice(Slice(RAMP, padding=np.ones(RAMP.shape, bool)))
    np.testing.assert_array_equal(subject.x, prepared(RAMP).x)


def test_that_cells_beyond_the_slice_show_no_image():
    subject = prepared(np.ones((10, 40)), height=40, width=40, aspect="pad")
    assert subject.image_share[:15].max() == subject.image_share[25:].max() == 0.0
    assert subject.image_share[16:24].min() == 1.0


@pytest.mark.parametrize("aspect", ["pad", "crop"])
def test_that_sides_are_compared_in_mm(aspect):
    # 40 rows of 2 mm and 80 columns of 1 mm: a square, which needs neither padding nor cropping.
    square = Slice(np.ones((40, 80)), spacing_mm=(2.0, 1.0))
    subject = Preprocessing(height=32, width=32, aspect=aspect).apply(square)
    assert subject.grid_map.box == (-0.5, -0.5, 39.5, 79.5)
    stated = Slice(np.ones((40, 80)), stated_aspect=2.0)
    assert Preprocessing(height=32, width=32, aspect=aspect).apply(stated).grid_map == subject.grid_map


def test_that_a_constant_slice_becomes_zero():
    x = prepared(np.full((48, 64), 7.0)).x
    assert np.abs(x).max() == 0.0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_that_values_that_are_not_finite_are_refused_with_their_count(bad):
    values = RAMP.copy()
    values[3, 4:6] = bad
    with pytest.raises(NotFinite, match="holds 2 values"):
        prepared(values)


def test_that_padding_keeps_the_ratio_and_fills_with_the_lowest_value():
    values = np.ones((10, 40))
    values[0, 0] = 0.0
    subject = prepared(values, height=40, width=40, aspect="pad")
    x, grid = subject.x, subject.grid_map
    assert x[:15].max() == x[25:].max() == 0.0
    assert x[16:25].min() == 1.0
    assert grid.box == (-15.5, -0.5, 24.5, 39.5)


def test_that_cropping_cuts_the_longer_side():
    values = np.tile(np.arange(40.0), (10, 1))
    subject = prepared(values, height=10, width=10, aspect="crop")
    x, grid = subject.x, subject.grid_map
    np.testing.assert_allclose(x[0, :, 0], np.arange(15, 25) / 39, atol=1e-6)
    assert grid.to_pixel(0, 0) == (0.0, 15.0)


def test_that_colour_becomes_grey_by_luma_and_grey_becomes_three_channels():
    colour = np.zeros((24, 32, 3), np.uint8)
    colour[:, 16:, 1] = 200
    x = prepared(colour, intensity=WindowIntensity(centre=100, width=200)).x
    assert x[0, -1, 0] == pytest.approx(0.587, abs=1e-6)
    triple = prepared(RAMP, channels=3).x
    np.testing.assert_array_equal(triple[..., 0], triple[..., 2])


def test_that_shrinking_by_two_averages_four_pixels():
    values = np.arange(48 * 64, dtype=float).reshape(48, 64)
    x = prepared(values, intensity=WindowIntensity(centre=1535.5, width=3071)).x
    expected = values.reshape(24, 2, 32, 2).mean(axis=(1, 3)) / 3071
    np.testing.assert_allclose(x[..., 0], expected, atol=1e-6)
