import numpy as np
import pytest

from core.curves.cells import CellsCurves, cell_grid, cell_means, without_detail
from core.curves.curves import curve_settings
from core.curves.protocol import CurveReason
from tests.core.curves.networks import SIDE, picture, region


def rules(x=None, **settings):
    return CellsCurves.of(picture() if x is None else x, curve_settings(**settings))


def revealed_pixels(frame, original):
    return (frame.input == original).all(axis=-1)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.75, 0.57), (0.999, 0.001)])
@pytest.mark.parametrize("shape", [(225, 225), (28, 28), (40, 90), (9, 9)])
def test_that_a_grid_covers_every_pixel_with_square_cells(shape, shift):
    grid = cell_grid(shape, shift)
    assert grid.shape == shape
    assert set(np.unique(grid)) == set(range(grid.max() + 1))
    side = max(1.0, min(shape) / 14)
    for cell in range(grid.max() + 1):
        rows, columns = np.nonzero(grid == cell)
        assert np.ptp(rows) < side
        assert np.ptp(columns) < side
        assert rows.size == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)


def test_that_14_cells_fill_the_shorter_side():
    assert cell_grid((225, 225), (0.0, 0.0)).max() + 1 == 14 * 14
    assert cell_grid((28, 56), (0.0, 0.0)).max() + 1 == 14 * 28


def test_that_shifted_grids_differ():
    grids = rules(grids=4).grids
    assert len({grid.tobytes() for grid in grids}) == len(grids)


def test_that_the_mean_of_equal_values_is_equal_in_cells_of_any_size():
    grid = cell_grid((50, 50), (0.3, 0.6))
    assert len(set(cell_means(np.full((50, 50), 0.1, np.float32), grid))) == 1


@pytest.mark.parametrize("values", [np.zeros((SIDE, SIDE)), np.random.default_rng(0).random((SIDE, SIDE))])
def test_that_a_share_reveals_exactly_that_area(values):
    judge = rules()
    frames = list(judge.frames(values, 1))
    expected = [round(share * SIDE * SIDE) for share in judge.settings.thresholds]
    assert [frame.pixels for frame in frames] == expected * 2
    assert [revealed_pixels(frame, judge.original).sum() for frame in frames] == expected * 2
    assert [frame.x for frame in frames[: len(expected)]] == [count / SIDE**2 for count in expected]


def test_that_the_highest_cells_come_first_and_the_lowest_from_the_bottom():
    judge = rules(thresholds=(9 / 196,))
    top, bottom = judge.frames(region().astype(np.float32), 0)
    np.testing.assert_array_equal(revealed_pixels(top, judge.original), region())
    assert not (revealed_pixels(bottom, judge.original) & region()).any()


def test_that_top_and_bottom_together_reveal_every_pixel_once():
    judge = rules(thresholds=(0.5,))
    values = np.random.default_rng(1).random((SIDE, SIDE))
    top, bottom = (revealed_pixels(frame, judge.original) for frame in judge.frames(values, 0))
    np.testing.assert_array_equal(top, ~bottom)


def test_that_equal_cells_are_ordered_by_the_seed_alone():
    zeros = np.zeros((SIDE, SIDE))

    def first(seed, values):
        judge = rules(seed=seed, thresholds=(0.1,))
        return revealed_pixels(next(judge.frames(values, 0)), judge.original)

    np.testing.assert_array_equal(first(0, zeros), first(0, zeros + 3))
    assert (first(0, zeros) != first(1, zeros)).any()


def test_that_only_equal_cells_count_as_ties():
    judge = rules()
    assert judge.tied_pixels(np.random.default_rng(2).random((SIDE, SIDE))) == 0
    assert judge.tied_pixels(region().astype(np.float32)) == SIDE**2
    steps = np.arange(SIDE**2, dtype=np.float32).reshape(SIDE, SIDE)
    steps[:2, :4] = 7  # two cells
    assert judge.tied_pixels(steps) == 8


def test_that_what_is_hidden_is_the_same_blurred_picture_at_every_share():
    judge = rules()
    for frame in judge.frames(np.random.default_rng(3).random((SIDE, SIDE)), 0):
        hidden = ~revealed_pixels(frame, judge.original)
        np.testing.assert_array_equal(frame.input[hidden], judge.blurred[hidden])


def test_that_the_blur_has_a_tenth_of_the_side_as_its_sigma_and_reflects():
    point = np.zeros((101, 101, 2), np.float32)
    point[50, 50] = (1.0, 3.0)
    blurred = without_detail(point)
    sigma = 10.1
    ratio = blurred[60, 50, 0] / blurred[50, 50, 0]
    assert ratio == pytest.approx(np.exp(-(10**2) / (2 * sigma**2)), rel=1e-3)
    np.testing.assert_allclose(blurred[..., 1], 3 * blurred[..., 0], rtol=1e-5)
    np.testing.assert_allclose(without_detail(np.full((30, 40, 1), 0.7, np.float32)), 0.7, rtol=1e-6)


def test_that_the_shannon_axis_is_the_share_of_information():
    x = np.zeros((SIDE, SIDE, 1), np.float32)
    x[region()] = 1.0
    judge = rules(x, entropy="shannon", thresholds=(9 / 196, 0.5))
    frames = list(judge.frames(region().astype(np.float32), 0))
    area = 36 / 784
    inside, outside = -area * np.log2(area), -(1 - area) * np.log2(1 - area)
    assert judge.information == pytest.approx((0, 784 * (inside + outside)))
    assert frames[0].x == pytest.approx(inside / (inside + outside))
    rest = (0.5 - area) / (1 - area) * outside
    assert frames[1].x == pytest.approx((inside + rest) / (inside + outside))


def test_that_the_webp_axis_runs_from_blurred_to_original():
    judge = rules(entropy="webp", thresholds=(0.001, 0.5, 0.999))
    low, middle, high = (frame.x for frame in list(judge.frames(picture(5)[..., 0], 0))[:3])
    assert low < 0.1 < middle < 0.9 < high


@pytest.mark.parametrize("entropy", ["area", "shannon", "webp"])
def test_that_a_constant_picture_has_no_curve_and_reports_it(entropy):
    judge = rules(np.full((SIDE, SIDE, 1), 0.4, np.float32), entropy=entropy)
    assert judge.has_no_curve
    assert judge.reason_without_curve(0.9, 0.9) is CurveReason.CONSTANT_IMAGE


def test_that_a_saturated_picture_keeps_its_curve():
    assert rules().reason_without_curve(blurred=0.9, original=0.8) is None


def test_that_a_class_that_the_model_does_not_see_has_no_curve():
    assert rules().reason_without_curve(blurred=0.0, original=0.04) is CurveReason.LOW_PREDICTION


def test_that_a_blur_that_is_not_simpler_has_no_curve_by_webp_alone():
    ramp = np.broadcast_to(np.arange(4)[:, None] // 2, (4, 4))[..., None].astype(np.float32)
    ramp = np.repeat(np.repeat(ramp, 16, axis=0), 16, axis=1)
    assert rules(ramp, entropy="webp").reason_without_curve(0.1, 0.9) is CurveReason.NOT_SIMPLER
    assert rules(ramp, entropy="shannon").reason_without_curve(0.1, 0.9) is None


def test_that_the_area_of_a_line_is_its_trapezium():
    judge = rules(thresholds=(0.25, 0.5))
    line = judge.curve_line(np.array([0.25, 0.5]), np.array([0.8, 0.4]), 0.0, 1.0)
    assert line.area == pytest.approx(0.25 * 0.4 + 0.25 * 0.6 + 0.5 * 0.7)
    assert not line.unsorted


def test_that_points_out_of_order_are_sorted_and_reported():
    judge = rules(thresholds=(0.25, 0.5))
    line = judge.curve_line(np.array([0.5, 0.25]), np.array([0.4, 0.8]), 0.0, 1.0)
    assert line.unsorted
    np.testing.assert_array_equal(line.shares, [0, 0.5, 0.25, 1])
    assert line.area == pytest.approx(0.25 * 0.4 + 0.25 * 0.6 + 0.5 * 0.7)
