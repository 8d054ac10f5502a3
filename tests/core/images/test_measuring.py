"""Distances and angles as closed forms, with pixels that are not square."""

import numpy as np
import pytest

from core.images.measuring import angle_degrees, distance
from core.images.slice import Slice

VALUES = np.zeros((20, 20))
# Rows 2 mm apart, columns 0.5 mm.
FLAT = Slice(VALUES, spacing_mm=(2.0, 0.5))


def test_that_a_distance_is_in_mm_of_rows_and_columns() -> None:
    assert distance(FLAT, (1, 2), (1, 10)) == pytest.approx(4.0)
    assert distance(FLAT, (1, 2), (9, 2)) == pytest.approx(16.0)
    assert distance(FLAT, (0, 0), (3, 16)) == pytest.approx(10.0)  # 6 mm down, 8 mm to the right


def test_that_without_a_spacing_a_distance_is_in_widths_of_a_pixel() -> None:
    assert distance(Slice(VALUES), (0, 0), (3, 4)) == pytest.approx(5.0)
    assert distance(Slice(VALUES, stated_aspect=2.0), (0, 0), (3, 8)) == pytest.approx(10.0)


def test_that_an_angle_follows_the_proportions_of_the_pixels() -> None:
    # 4 columns are 2 mm, as is 1 row: a diagonal of 45 degrees, though the pixels say 14.
    assert angle_degrees(FLAT, (5, 9), (5, 5), (6, 9)) == pytest.approx(45.0)
    assert angle_degrees(Slice(VALUES), (5, 9), (5, 5), (6, 9)) == pytest.approx(14.0362, abs=1e-4)
    assert angle_degrees(FLAT, (5, 9), (5, 5), (9, 5)) == pytest.approx(90.0)


@pytest.mark.parametrize("degrees", [0, 30, 60, 120, 180])
def test_that_an_angle_is_the_same_from_either_side(degrees) -> None:
    apex, first = (5.0, 5.0), (5.0, 9.0)
    second = (5 + 2 * np.sin(np.radians(degrees)) / 2.0, 5 + 2 * np.cos(np.radians(degrees)) / 0.5)
    assert angle_degrees(FLAT, first, apex, second) == pytest.approx(degrees, abs=1e-6)
    assert angle_degrees(FLAT, second, apex, first) == pytest.approx(degrees, abs=1e-6)


def test_that_a_line_of_no_length_has_the_angle_zero() -> None:
    assert angle_degrees(FLAT, (5, 5), (5, 5), (9, 5)) == 0
