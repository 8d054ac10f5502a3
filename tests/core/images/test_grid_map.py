"""Grid and pixels: closed forms, and the inverse mapping."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import IncompatibleInput
from core.images.grid_map import GridMap
from core.images.resample import axis_weights, resampled
from core.images.turn import Turn

STRETCHED = GridMap((4, 8), (8, 24), (-0.5, -0.5, 7.5, 23.5))


def test_that_the_first_cell_lies_in_the_middle_of_its_pixels():
    assert STRETCHED.scale == (2.0, 3.0)
    assert STRETCHED.to_pixel(0, 0) == (0.5, 1.0)
    assert STRETCHED.to_pixel(3, 7) == (6.5, 22.0)


@given(st.floats(-10, 300), st.floats(-10, 300))
def test_that_the_inverse_mapping_undoes_the_mapping(row, column):
    grid = GridMap((225, 225), (512, 400), (-0.5, -56.5, 511.5, 455.5))
    assert grid.to_grid(*grid.to_pixel(row, column)) == pytest.approx((row, column), abs=1e-9)


def test_that_native_cells_repeat_each_value_over_its_pixels():
    values = np.arange(32.0).reshape(4, 8)
    on_slice = STRETCHED.to_slice(values, smooth=False)
    np.testing.assert_array_equal(on_slice, values.repeat(2, axis=0).repeat(3, axis=1))


def test_that_a_ramp_stays_a_ramp_when_it_is_smoothed():
    rows = np.arange(4.0)[:, None] + np.zeros(8)
    on_slice = STRETCHED.to_slice(rows)
    expected = np.clip((np.arange(8) + 0.5) / 2 - 0.5, 0, 3)
    np.testing.assert_allclose(on_slice, np.repeat(expected[:, None], 24, axis=1))


def test_that_pixels_the_network_did_not_see_are_nan():
    cropped = GridMap((2, 2), (6, 10), (0.5, 1.5, 4.5, 7.5))
    on_slice = cropped.to_slice(np.ones((2, 2)))
    assert np.isnan(on_slice).sum() == 60 - 4 * 6
    assert np.isfinite(on_slice[1:5, 2:8]).all()


def test_that_a_map_of_another_grid_is_refused():
    with pytest.raises(IncompatibleInput):
        STRETCHED.to_slice(np.zeros((8, 4)))


def test_that_a_mask_comes_to_the_grid_as_the_share_of_each_cell():
    mask = np.zeros((8, 24))
    mask[0:2, 0:3] = 1  # one whole cell
    mask[2, 3:6] = 1  # half of another
    share = STRETCHED.from_slice(mask)
    assert share[0, 0] == 1.0
    assert share[1, 1] == 0.5
    assert share.sum() == 1.5


def test_that_a_padded_grid_puts_a_mask_where_the_picture_is():
    padded = GridMap((8, 8), (4, 8), (-2.5, -0.5, 5.5, 7.5))
    share = padded.from_slice(np.ones((4, 8)))
    np.testing.assert_array_equal(share[:, 0], [0, 0, 1, 1, 1, 1, 0, 0])


@settings(max_examples=50)
@given(st.integers(1, 60), st.integers(1, 60))
def test_that_every_output_pixel_is_a_weighted_mean(source, target):
    weights = axis_weights(source, target)
    assert weights.shape == (target, source)
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-12)


@given(st.integers(2, 40), st.integers(1, 40))
@settings(max_examples=50)
def test_that_shrinking_keeps_the_mean(source, target):
    if target > source:
        source, target = target, source
    values = np.arange(source, dtype=float)[:, None] ** 2
    assert resampled(values, (target, 1)).mean() == pytest.approx(values.mean())


def test_that_shrinking_by_a_broken_factor_splits_pixels_by_area():
    # Three pixels to two: the middle one belongs half to each.
    np.testing.assert_allclose(resampled(np.array([[1.0], [4.0], [7.0]]), (2, 1))[:, 0], [2.0, 6.0])


def test_that_colour_is_resampled_channel_by_channel():
    values = np.random.default_rng(0).random((6, 9, 3))
    resampled_colour = resampled(values, (4, 5))
    np.testing.assert_allclose(resampled_colour[..., 1], resampled(values[..., 1], (4, 5)))


@pytest.mark.parametrize("flags", list(product((False, True), repeat=3)))
def test_that_a_turned_grid_map_shows_the_map_on_the_slice_as_it_lies(flags, generator):
    """Mask to the grid and back, and the places, agree with the turn of the arrays."""
    turn, mask = Turn(*flags), generator.random((8, 24))
    grid = turn.turned_shape((4, 8))
    grid_map = GridMap(grid, (8, 24), STRETCHED.box, turn)
    np.testing.assert_allclose(grid_map.from_slice(mask), turn.turned(STRETCHED.from_slice(mask)))
    values = generator.random(grid)
    np.testing.assert_allclose(
        grid_map.to_slice(values, smooth=False), STRETCHED.to_slice(turn.turned_back(values), smooth=False)
    )
    on_slice = grid_map.to_slice(values, smooth=False)
    for cell in np.ndindex(grid):
        row, column = grid_map.to_pixel(*cell)
        assert on_slice[round(row), round(column)] == values[cell]
        assert grid_map.to_grid(row, column) == pytest.approx(cell)
