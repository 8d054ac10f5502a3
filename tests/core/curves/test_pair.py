import numpy as np
import pytest

from core.curves.curves import curve_settings
from core.curves.pair import PairCurves, random_mask
from core.curves.protocol import CurveReason
from tests.core.curves.networks import SIDE, picture

SETTINGS = curve_settings(protocol="pair")


def rules(x=None, mask=None, **settings):
    x = picture() if x is None else x
    mask = np.zeros(x.shape[:2], bool) if mask is None else mask
    return PairCurves.of(x, curve_settings(protocol="pair", **settings), [mask])


def pixels(judge, values):
    return [frame.pixels for frame in judge.frames(values, 0)]


def test_that_the_random_mask_holds_a_hundredth_rounded_down_and_follows_its_seed():
    first, again, other = (random_mask((225, 225), np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert first.sum() == other.sum() == 506
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_that_the_network_sees_the_input_as_8_bit_in_its_own_range():
    x = np.random.default_rng(0).normal(0, 2, (SIDE, SIDE, 1)).astype(np.float32)
    judge = rules(x)
    step = np.ptp(x) / 255
    assert np.abs(judge.original - x).max() <= step / 2 + 1e-6
    assert len(np.unique(judge.original)) <= 256


def test_that_a_map_without_ties_reveals_the_requested_share():
    values = np.random.default_rng(1).permutation(SIDE**2).reshape(SIDE, SIDE).astype(np.float64)
    judge = rules()
    last = SIDE**2 - 1
    assert pixels(judge, values) == [int(np.ceil(share * last)) for share in SETTINGS.thresholds]
    assert judge.tied_pixels(values) == 0


def test_that_ties_reveal_all_their_pixels_as_published_and_are_counted():
    values = np.zeros((SIDE, SIDE), np.float32)
    values.ravel()[:235] = np.arange(1, 236)  # 70 % zeros
    judge = rules()
    counts = pixels(judge, values)
    assert counts[-3:] == [SIDE**2] * 3
    assert counts[-4] == int(np.ceil(0.21 * 783))
    assert judge.tied_pixels(values) == SIDE**2 - int(np.ceil(0.34 * 783))


def test_that_a_constant_map_reveals_the_picture_itself():
    judge = rules()
    for frame in judge.frames(np.zeros((SIDE, SIDE), np.float32), 0):
        np.testing.assert_array_equal(frame.input, judge.original)
        assert frame.x == 1.0


def test_that_revealed_and_random_pixels_and_corners_are_those_of_the_original():
    mask = random_mask((SIDE, SIDE), np.random.default_rng(2))
    judge = rules(mask=mask)
    values = np.random.default_rng(3).random((SIDE, SIDE))
    revealed_mask = mask | (values >= np.quantile(values, 1 - 0.005))
    revealed_mask[[0, 0, -1, -1], [0, -1, 0, -1]] = True
    frame = next(judge.frames(values, 0))
    np.testing.assert_array_equal(frame.input[revealed_mask], judge.original[revealed_mask])
    assert (frame.input != judge.original).any()


def test_that_more_revealed_noise_costs_more_bytes():
    places = [frame.x for frame in rules().frames(np.random.default_rng(4).random((SIDE, SIDE)), 0)]
    assert places[4] < places[7] < places[9] < places[10] < places[11]
    assert max(places) <= 1


def test_that_the_reasons_come_in_the_published_order():
    possible = rules()
    assert not possible.has_no_curve
    assert possible.reason_without_curve(blurred=0.9, original=0.79) is CurveReason.LOW_PREDICTION
    assert possible.reason_without_curve(blurred=0.9, original=0.9) is CurveReason.NOT_WORSE
    assert possible.reason_without_curve(blurred=0.89, original=0.9) is None
    constant = rules(np.full((SIDE, SIDE, 1), 0.5, np.float32))
    assert constant.has_no_curve
    assert constant.reason_without_curve(blurred=0.9, original=0.79) is CurveReason.LOW_PREDICTION
    assert constant.reason_without_curve(blurred=0.9, original=0.9) is CurveReason.NOT_SIMPLER


def test_that_interpolation_can_make_the_histogram_richer_but_not_the_file():
    x = np.random.default_rng(6).integers(0, 16, (96, 96, 1)).astype(np.float32) / 15
    mask = random_mask((96, 96), np.random.default_rng(7))
    assert rules(x, mask, entropy="shannon").reason_without_curve(0.0, 1.0) is CurveReason.NOT_SIMPLER
    assert rules(x, mask, entropy="webp").reason_without_curve(0.0, 1.0) is None


def test_that_scores_are_relative_cut_and_never_fall():
    judge = rules(thresholds=(0.1, 0.2, 0.3, 0.4))
    x = np.array([0.1, 0.3, 0.6, 0.8])
    line = judge.curve_line(x, np.array([0.1, 0.6, 0.4, 1.2]), blurred=0.2, original=1.0)
    np.testing.assert_allclose(line.y, [0, 0, 0.5, 0.5, 1, 1])
    np.testing.assert_allclose(line.x, [0, 0.1, 0.3, 0.6, 0.8, 1])
    expected = 0.2 * 0.25 + 0.3 * 0.5 + 0.2 * 0.75 + 0.2
    assert line.area == pytest.approx(expected, abs=1e-5)


def test_that_the_running_maximum_follows_the_thresholds_even_where_x_goes_back():
    judge = rules(thresholds=(0.1, 0.2))
    line = judge.curve_line(np.array([0.6, 0.2]), np.array([0.5, 0.9]), blurred=0.0, original=1.0)
    assert line.unsorted
    np.testing.assert_allclose(line.y, [0, 0.9, 0.5, 1])
    np.testing.assert_allclose(line.shares, [0, 0.2, 0.1, 1])


def test_that_a_perfect_and_a_useless_map_have_the_areas_of_steps():
    judge = rules(thresholds=(0.1,))
    assert judge.curve_line(np.array([1e-4]), np.array([1.0]), 0.0, 1.0).area == pytest.approx(
        0.9995, abs=1e-9
    )
    assert judge.curve_line(np.array([1.0]), np.array([0.0]), 0.0, 1.0).area == pytest.approx(
        0.0005, abs=1e-9
    )


def test_that_a_point_without_any_gain_of_entropy_is_lost_as_published():
    line = rules(thresholds=(0.1,)).curve_line(np.array([0.0]), np.array([1.0]), 0.0, 1.0)
    assert line.area == pytest.approx(0.5)
