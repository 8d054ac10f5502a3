"""An asymmetric phantom: each voxel has a value of its own, so that it is recognised wherever it is shown."""

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

# No two sizes and no two spacings are equal.
SHAPE = (3, 4, 5)
SPACING_MM = (4.0, 2.0, 3.0)
ORIGIN_MM = (-11.0, 7.0, 5.0)
LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))


@dataclass(frozen=True)
class Phantom:
    """Values (slices, rows, columns) from 1 on, and the affine (4, 4) that places them, in LPS and mm."""

    values: np.ndarray
    affine: np.ndarray

    def position_mm(self, value: float) -> np.ndarray:
        """Where the voxel with this value is."""
        voxel = np.argwhere(self.values == value)
        assert len(voxel) == 1
        return (self.affine @ [*voxel[0], 1])[:3]

    def positions_mm(self, values: np.ndarray) -> np.ndarray:
        """(rows, columns, 3): where the voxels with these values are."""
        return np.array([[self.position_mm(value) for value in row] for row in values])


def phantom(directions: np.ndarray) -> Phantom:
    """directions: (3, 3), the unit vectors of slices, rows and columns as columns, in LPS."""
    affine = np.eye(4)
    affine[:3, :3] = directions * SPACING_MM
    affine[:3, 3] = ORIGIN_MM
    return Phantom(np.arange(1, np.prod(SHAPE) + 1, dtype=np.int16).reshape(SHAPE), affine)


def straight_directions() -> list[np.ndarray]:
    """All 48 orders and flips of the patient's axes."""
    directions = []
    for axes, signs in product(permutations(range(3)), product((1, -1), repeat=3)):
        matrix = np.zeros((3, 3))
        matrix[axes, range(3)] = signs
        directions.append(matrix)
    return directions


def oblique_directions(count: int = 40) -> list[np.ndarray]:
    """Orders and flips of the axes, turned by 5 to 30 degrees about an axis of any direction."""
    generator = np.random.default_rng(18)
    straight = straight_directions()
    directions = []
    for number in range(count):
        axis = generator.normal(size=3)
        axis /= np.linalg.norm(axis)
        turn = np.deg2rad(generator.uniform(5, 30))
        cross = np.cross(np.eye(3), axis)
        rotation = np.eye(3) + np.sin(turn) * cross + (1 - np.cos(turn)) * cross @ cross
        directions.append(rotation @ straight[(7 * number) % 48])
    return directions


def has_letters_of(letters: str, direction: np.ndarray) -> bool:
    """Whether letters name a direction in LPS: the strongest axis first, further ones only if they count."""
    share = direction / np.linalg.norm(direction)
    strongest = int(np.argmax(np.abs(share)))
    named = [next(axis for axis in range(3) if letter in LETTERS[axis]) for letter in letters]
    are_right = all(
        letter == LETTERS[axis][int(share[axis] > 0)] for letter, axis in zip(letters, named, strict=True)
    )
    return are_right and named[0] == strongest and all(abs(share[axis]) > 0.2 for axis in named)
