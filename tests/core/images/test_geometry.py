"""Positions of pixels in the patient, and the letters at the edges."""

import numpy as np
import pytest

from core.images.geometry import affine_lps_mm, edge_letters, pixels_apart, spacing_mm


def test_that_a_pixel_lies_where_the_standards_equation_places_it() -> None:
    # PS3.3 C.7.6.2.1.1 with a plane turned by 30 degrees about the x axis; spacing 2 (rows), 3 (columns).
    turn = np.deg2rad(30)
    along_row, along_column = np.array([1.0, 0, 0]), np.array([0, np.cos(turn), np.sin(turn)])
    affine = affine_lps_mm((10, 20, 30), (*along_row, *along_column), (2, 3), 5)
    assert affine is not None
    position = (affine @ [0, 4, 7, 1])[:3]
    assert position == pytest.approx(np.array([10, 20, 30]) + along_row * 3 * 7 + along_column * 2 * 4)
    assert (affine @ [1, 4, 7, 1])[:3] - position == pytest.approx([0, -5 * np.sin(turn), 5 * np.cos(turn)])
    assert spacing_mm(affine) == pytest.approx((2, 3))


@pytest.mark.parametrize(
    "orientation", [(1, 0, 0, 1, 0, 0), (0, 0, 0, 0, 1, 0), (2, 0, 0, 0, 1, 0), (1, 0, 0, 0.2, 0.98, 0)]
)
def test_that_invalid_directions_give_no_affine(orientation: tuple[float, ...]) -> None:
    assert affine_lps_mm((0, 0, 0), orientation, (1, 1), 1) is None


@pytest.mark.parametrize(
    ("orientation", "letters"),
    [
        ((1, 0, 0, 0, 1, 0), ("A", "R")),  # axial
        ((1, 0, 0, 0, 0, -1), ("H", "R")),  # coronal
        ((0, 1, 0, 0, 0, -1), ("H", "A")),  # sagittal
        ((-1, 0, 0, 0, -1, 0), ("P", "L")),
        ((0.8, 0.6, 0, -0.6, 0.8, 0), ("AL", "RA")),  # oblique, the stronger axis first
        ((0.995, 0.0999, 0, -0.0999, 0.995, 0), ("A", "R")),
    ],
)
def test_that_the_top_and_left_edges_carry_the_patients_letters(
    orientation: tuple[float, ...], letters: tuple[str, str]
) -> None:
    affine = affine_lps_mm((0, 0, 0), orientation, (1, 1), 1)
    assert affine is not None
    assert edge_letters(affine) == letters


def test_that_slices_lie_apart_by_their_furthest_corners_in_pixels() -> None:
    affine = np.diag([3.0, 2.0, 2.0, 1.0])
    moved, mirrored = affine.copy(), affine.copy()
    moved[1, 3] = 1.0
    mirrored[2, 2], mirrored[2, 3] = -2.0, 8.0  # about the middle of five columns
    assert pixels_apart(affine, affine, (4, 5)) == 0
    assert pixels_apart(moved, affine, (4, 5)) == 0.5
    assert pixels_apart(mirrored, affine, (4, 5)) == 4
    assert pixels_apart(None, affine, (4, 5)) is None
    assert pixels_apart(affine, None, (4, 5)) is None
