"""How a slice lies in the patient: its plane, and the turn that brings it into a wanted orientation."""

from typing import Literal

import numpy as np

from core.arrays import Array
from core.images.slice import Slice
from core.images.turn import Turn

AnatomicalPlane = Literal["axial", "coronal", "sagittal"]
Side = Literal["R", "L", "A", "P", "F", "H"]
# LPS: the normal of sagittal planes is the first axis.
_PLANES: tuple[AnatomicalPlane, ...] = ("sagittal", "coronal", "axial")
_DIRECTIONS: dict[str, tuple[float, float, float]] = {
    "R": (-1.0, 0.0, 0.0),
    "L": (1.0, 0.0, 0.0),
    "A": (0.0, -1.0, 0.0),
    "P": (0.0, 1.0, 0.0),
    "F": (0.0, 0.0, -1.0),
    "H": (0.0, 0.0, 1.0),
}


def axis_of(side: Side) -> int:
    """The LPS axis on which a side of the patient lies: 0, 1 or 2."""
    return int(np.argmax(np.abs(_DIRECTIONS[side])))


def normal_axis(plane: AnatomicalPlane) -> int:
    """The LPS axis across which a plane lies: 0, 1 or 2."""
    return _PLANES.index(plane)


def directions_of(image: Slice) -> tuple[Array, Array] | None:
    """The LPS directions, (3,) of length 1, downward and to the right of a slice; None where unknown.

    Of a projection, which has no position, they are the main ones of those that the file states in letters.
    """
    if image.affine_lps_mm is not None:
        return _unit(image.affine_lps_mm[:3, 1]), _unit(image.affine_lps_mm[:3, 2])
    right, down = (
        np.array(_DIRECTIONS.get(letters[:1], (0.0, 0.0, 0.0))) for letters in image.orientation_letters
    )
    return (down, right) if np.cross(down, right).any() else None


def nearest_plane(down: Array, right: Array) -> tuple[AnatomicalPlane, float]:
    """The anatomical plane nearest to a slice with these LPS directions (3,), and its angle in degrees."""
    normal = np.abs(_unit(np.cross(down, right)))
    axis = int(np.argmax(normal))
    return _PLANES[axis], float(np.degrees(np.arccos(min(1.0, normal[axis]))))


def turn_to(down: Array, right: Array, top: Side, left: Side) -> Turn:
    """The turn after which a slice has these sides of the patient at its top and left edge, or nearest to it.

    down, right: its LPS directions (3,) as it lies.
    """
    wanted_down, wanted_right = -np.array(_DIRECTIONS[top]), -np.array(_DIRECTIONS[left])
    as_it_is = abs(down @ wanted_down) + abs(right @ wanted_right)
    is_transposed = bool(abs(right @ wanted_down) + abs(down @ wanted_right) > as_it_is)
    if is_transposed:
        down, right = right, down
    return Turn(is_transposed, bool(down @ wanted_down < 0), bool(right @ wanted_right < 0))


def _unit(direction: Array) -> Array:
    return direction / np.linalg.norm(direction)
