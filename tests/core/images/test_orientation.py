"""Plane and turn of slices in all 48 axis orders and flips, on a head whose sides are marked."""

from itertools import permutations, product

import numpy as np
import pytest

from core.images.orientation import directions_of, nearest_plane, turn_to
from core.images.slice import Slice

# LPS directions by letter.
SIDES = {"R": (0, -1), "L": (0, 1), "A": (1, -1), "P": (1, 1), "F": (2, -1), "H": (2, 1)}
WANTED = {"axial": ("A", "R"), "coronal": ("H", "R"), "sagittal": ("H", "A")}


def affine_of(order, signs):
    affine = np.eye(4)
    affine[:3, :3] = 0
    for column, (axis, sign) in enumerate(zip(order, signs, strict=True)):
        affine[axis, column] = sign * (1.0 + column)
    return affine


def marked(affine, shape=(7, 9)):
    """A slice whose values are the LPS position along one axis: (3, rows, columns)."""
    rows, columns = np.indices(shape)
    return np.einsum("ak,krc->arc", affine[:3, 1:3], np.stack([rows, columns]).astype(float))


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("signs", list(product((1, -1), repeat=3)))
def test_that_a_turned_slice_has_the_wanted_sides_at_its_edges(order, signs):
    affine = affine_of(order, signs)
    down, right = directions_of(Slice(np.zeros((7, 9)), affine_lps_mm=affine))
    plane, angle = nearest_plane(down, right)
    assert plane == ("sagittal", "coronal", "axial")[order[0]]
    assert angle == pytest.approx(0, abs=1e-6)
    turn = turn_to(down, right, *WANTED[plane])
    for letter, (first, last) in zip(WANTED[plane], (((0, 0), (-1, 0)), ((0, 0), (0, -1))), strict=True):
        axis, sign = SIDES[letter]
        position = sign * turn.turned(marked(affine)[axis])
        assert position[first] > position[last], letter


def test_that_an_oblique_slice_is_turned_to_the_nearest_quarter():
    tilt = np.radians(20)
    down = np.array([0, np.cos(tilt), np.sin(tilt)])
    plane, angle = nearest_plane(down, np.array([1.0, 0, 0]))
    assert plane == "axial"
    assert angle == pytest.approx(20)
    assert not turn_to(down, np.array([1.0, 0, 0]), "A", "R").changes_image


def test_that_a_film_has_the_directions_of_its_letters():
    """A frontal film that lies on its side: the head is on the right, the patient's right at the top."""
    down, right = directions_of(Slice(np.zeros((4, 4)), orientation_letters=("HL", "L")))
    assert nearest_plane(down, right) == ("coronal", 0.0)
    film = np.array([["right shoulder", "right ear"], ["left shoulder", "left ear"]])
    turned = turn_to(down, right, "H", "R").turned(film)
    assert turned.tolist() == [["right ear", "left ear"], ["right shoulder", "left shoulder"]]


@pytest.mark.parametrize("letters", [("", ""), ("L", ""), ("L", "R"), ("L", "L")])
def test_that_a_picture_or_letters_of_one_axis_give_no_directions(letters):
    assert directions_of(Slice(np.zeros((4, 4)), orientation_letters=letters)) is None
