"""The pixels inside a closed line, against areas that are known by a formula."""

import numpy as np
import pytest

from core.images.polygon import inside

SHAPE = (8, 10)


def test_that_a_diamond_is_filled_where_its_formula_holds() -> None:
    # Around (4, 4) with the half diagonal 3.5: |row - 4| + |column - 4| < 3.5.
    diamond = [(0.5, 4.0), (4.0, 7.5), (7.5, 4.0), (4.0, 0.5)]
    rows, columns = np.indices(SHAPE)
    np.testing.assert_array_equal(inside(diamond, SHAPE), abs(rows - 4) + abs(columns - 4) < 3.5)


def test_that_a_line_around_twice_leaves_out_what_it_goes_around_twice() -> None:
    square = [(0.5, 0.5), (0.5, 6.5), (6.5, 6.5), (6.5, 0.5)]
    assert not inside([*square, *square], SHAPE).any()


@pytest.mark.parametrize("cut", [3.0, 2.75])
def test_that_two_halves_of_a_square_share_no_pixel_and_miss_none(cut: float) -> None:
    left = inside([(1, 1), (1, cut), (6, cut), (6, 1)], SHAPE)
    right = inside([(1, cut), (1, 7), (6, 7), (6, cut)], SHAPE)
    assert not (left & right).any()
    assert (left | right).sum() == 5 * 6


def test_that_what_lies_outside_the_grid_is_cut_off() -> None:
    assert inside([(-50, -50), (-50, 50), (3.5, 50), (3.5, -50)], SHAPE).sum() == 4 * 10
    assert not inside([(20, 0), (20, 9), (30, 9)], SHAPE).any()


@pytest.mark.parametrize("sides", [3, 4, 7, 200])
def test_that_a_regular_polygon_has_the_area_of_its_formula(sides: int) -> None:
    radius, size = 400.0, 1000
    angles = 2 * np.pi * np.arange(sides) / sides + 0.1
    points = [(size / 2 + radius * np.sin(a), size / 2 + radius * np.cos(a)) for a in angles]
    area = sides / 2 * radius**2 * np.sin(2 * np.pi / sides)
    # Each of the 800 rows errs by half a pixel at either end at most, up and down alike.
    assert abs(inside(points, (size, size)).sum() - area) < 0.1 * 2 * radius


def test_that_a_jagged_line_that_leaves_the_image_is_filled_by_the_even_odd_rule(generator) -> None:
    points = [tuple(point) for point in generator.uniform(-6, 16, (40, 2))]
    rows, columns = np.indices(SHAPE)
    crossings = np.zeros(SHAPE, int)
    for (top, left), (bottom, right) in zip(points, [*points[1:], points[0]], strict=True):
        is_between = (rows >= min(top, bottom)) & (rows < max(top, bottom))
        crossings += is_between & (columns >= left + (rows - top) * (right - left) / (bottom - top))
    np.testing.assert_array_equal(inside(points, SHAPE), crossings % 2 == 1)
