"""The position of pixels in the patient: LPS in mm, index order (slice, row, column)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.arrays import Array

# A direction is named by every axis with more than this share of it, the largest first.
NAMED_SHARE = 0.25
# Slices whose corners are at most so many pixels apart are at the same position; headers are rounded.
SAME_PLACE = 0.5
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
_OPPOSITES = str.maketrans("RLAPFH", "LRPAHF")


class EdgeLetters(NamedTuple):
    """The sides of the patient at the four edges of a displayed slice, in letters of R L A P F H."""

    top: str
    left: str
    bottom: str
    right: str


def affine_lps_mm(
    position: Sequence[float], orientation: Sequence[float], spacing: Sequence[float], step: float
) -> Array | None:
    """The affine (4, 4) of a DICOM plane; None if the numbers do not give a valid one.

    position: ImagePositionPatient; orientation: ImageOrientationPatient, the direction along a row (to
    the next column) and then along a column (to the next row); spacing: between rows, between columns;
    step: between slices. The slices advance along row direction x column direction (PS3.3 C.7.6.2.1.1).
    """
    along_row, along_column = np.array(orientation[:3], float), np.array(orientation[3:], float)
    has_unit_length = abs(along_row @ along_row - 1) < 0.01 and abs(along_column @ along_column - 1) < 0.01
    if not has_unit_length or abs(along_row @ along_column) > 0.01:
        return None
    affine = np.eye(4)
    affine[:3, 0] = np.cross(along_row, along_column) * step
    affine[:3, 1] = along_column * spacing[0]
    affine[:3, 2] = along_row * spacing[1]
    affine[:3, 3] = position
    return affine if is_affine(affine) else None


def is_affine(affine: Array) -> bool:
    """Whether a matrix (4, 4) maps indices to positions one to one."""
    return bool(np.isfinite(affine).all() and abs(np.linalg.det(affine)) > 1e-12)


def spacing_mm(affine: Array) -> tuple[float, float]:
    """Spacing between rows and between columns, in mm, of an affine (4, 4)."""
    rows, columns = np.linalg.norm(affine[:3, 1:3], axis=0)
    return float(rows), float(columns)


def pixels_apart(first: Array | None, second: Array | None, shape: tuple[int, int]) -> float | None:
    """The largest distance of the corners of two slices of `shape` (rows, columns), in pixels of the second.

    None if the affine (4, 4) of one of them is unknown.
    """
    if first is None or second is None:
        return None
    bottom, right = shape[0] - 1, shape[1] - 1
    corners = np.array([[0, row, column, 1] for row in (0, bottom) for column in (0, right)], dtype=float)
    offsets = (first - second) @ corners.T
    return float(np.linalg.norm(offsets[:3], axis=0).max() / max(spacing_mm(second)))


def edge_letters(affine: Array) -> tuple[str, str]:
    """The sides of top and left edge of the displayed slice, in letters of R L A P F H. affine: (4, 4)."""
    return _letters(-affine[:3, 1]), _letters(-affine[:3, 2])


def all_edge_letters(affine: Array | None, directions: tuple[str, str]) -> EdgeLetters | None:
    """The letters at the four edges from an affine (4, 4), or else from stated directions; None if unknown.

    directions: to the right and downward, in letters; empty where they are not stated.
    """
    if affine is not None:
        top, left = edge_letters(affine)
        return EdgeLetters(top, left, opposite_letters(top), opposite_letters(left))
    to_right, downward = directions
    return edge_letters_of_directions(to_right, downward) if to_right and downward else None


def edge_letters_of_directions(to_right: str, downward: str) -> EdgeLetters:
    """The letters at the four edges from the directions of rows and columns (PatientOrientation)."""
    return EdgeLetters(opposite_letters(downward), opposite_letters(to_right), downward, to_right)


def opposite_letters(letters: str) -> str:
    """The letters of the opposite direction: `LA` for `RP`."""
    return letters.translate(_OPPOSITES)


def _letters(direction: Array) -> str:
    share = direction / np.linalg.norm(direction)
    axes = (axis for axis in np.argsort(-np.abs(share), kind="stable") if abs(share[axis]) > NAMED_SHARE)
    return "".join(_LETTERS[axis][int(share[axis] > 0)] for axis in axes)
