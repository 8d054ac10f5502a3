"""The three planes of a volume's own axes, and how each is displayed.

The volume is never resampled: a plane is cut along two of its three axes and shown with rows and columns in
the order that radiologists expect (patient's right on the left, head or front at the top). An oblique stack
keeps its own axes; each plane is named by the nearest anatomical one, with the angle to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Array
from core.images.geometry import is_affine

Axis = Literal[0, 1, 2]
PlaneName = Literal["axial", "coronal", "sagittal", ""]
AXES: tuple[Axis, Axis, Axis] = (0, 1, 2)
# Of axial, coronal and sagittal planes: name, LPS axis of the normal, LPS directions of display columns (to
# the right) and display rows (downward).
_ANATOMICAL: tuple[tuple[PlaneName, int, Array, Array], ...] = (
    ("axial", 2, np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])),
    ("coronal", 1, np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -1.0])),
    ("sagittal", 0, np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, -1.0])),
)
# An angle below this is not worth telling, in degrees.
STRAIGHT_DEGREES = 1.0


@dataclass(frozen=True, slots=True)
class PlaneView:
    """The slices across one axis of a volume, and how they are displayed.

    axis: the volume's axis (0 slices, 1 rows, 2 columns) along which the slices advance.
    rows_axis, columns_axis: the volume's axes shown downward and to the right; reversed where flip_* says so.
    count, rows, columns: number of slices, and the size of each.
    name: the nearest anatomical plane, empty without a position. angle_degrees: from it to this one.
    """

    axis: Axis
    rows_axis: Axis
    columns_axis: Axis
    flip_rows: bool
    flip_columns: bool
    count: int
    rows: int
    columns: int
    name: PlaneName = ""
    angle_degrees: float = 0.0

    @property
    def is_oblique(self) -> bool:
        """Whether the plane is so far from an anatomical one that it should be told."""
        return self.angle_degrees >= STRAIGHT_DEGREES

    def voxel(self, index: float, row: float, column: float) -> tuple[float, float, float]:
        """(slice, row, column) of the volume at a place of the displayed slice `index`."""
        place = [0.0, 0.0, 0.0]
        place[self.axis] = index
        place[self.rows_axis] = self.rows - 1 - row if self.flip_rows else row
        place[self.columns_axis] = self.columns - 1 - column if self.flip_columns else column
        return place[0], place[1], place[2]

    def place(self, voxel: tuple[float, float, float]) -> tuple[float, float, float]:
        """(index, row, column) of this plane at a voxel (slice, row, column) of the volume."""
        row, column = voxel[self.rows_axis], voxel[self.columns_axis]
        return (
            voxel[self.axis],
            self.rows - 1 - row if self.flip_rows else row,
            self.columns - 1 - column if self.flip_columns else column,
        )


def plane_views(shape: tuple[int, int, int], affine: Array | None) -> tuple[PlaneView, PlaneView, PlaneView]:
    """The planes across axis 0, 1 and 2 of a volume of `shape` (slices, rows, columns).

    affine: (4, 4), (slice, row, column, 1) to LPS in mm; None where no position is known. The plane across
    axis 0 is shown as it was acquired, rows downward and columns to the right.
    """
    first, second, third = (_view(axis, shape, affine) for axis in AXES)
    return first, second, third


def plane_array(
    values: Array, view: PlaneView, index: int, copied: Callable[[Array], Array] = np.ascontiguousarray
) -> Array:
    """(rows, columns, ...), contiguous: slice `index` of values (slices, rows, columns, ...) as displayed.

    copied: makes the contiguous copy of what was cut, which is a view of `values`.
    """
    cut = np.moveaxis(values, view.axis, 0)[index]
    if view.rows_axis > view.columns_axis:
        cut = cut.swapaxes(0, 1)
    if view.flip_rows:
        cut = cut[::-1]
    if view.flip_columns:
        cut = cut[:, ::-1]
    return copied(cut)


def plane_affine(affine: Array, view: PlaneView, index: int) -> Array:
    """(4, 4) of the displayed slice: (slice, row, column, 1) to LPS in mm, with slice 0 for slice `index`.

    affine: (4, 4) of the volume.
    """
    moved = np.eye(4)
    for column, axis, is_flipped, size in (
        (0, view.axis, False, 0),
        (1, view.rows_axis, view.flip_rows, view.rows),
        (2, view.columns_axis, view.flip_columns, view.columns),
    ):
        moved[:3, column] = -affine[:3, axis] if is_flipped else affine[:3, axis]
        if is_flipped:
            moved[:3, 3] += (size - 1) * affine[:3, axis]
    moved[:3, 3] += affine[:3, 3] + index * affine[:3, view.axis]
    return moved


def _view(axis: Axis, shape: tuple[int, int, int], affine: Array | None) -> PlaneView:
    low, high = (other for other in AXES if other != axis)
    if affine is None or not is_affine(affine):
        return PlaneView(axis, low, high, False, False, shape[axis], shape[low], shape[high])
    steps = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    normal = np.cross(steps[:, low], steps[:, high])
    normal /= np.linalg.norm(normal)
    nearest = max(_ANATOMICAL, key=lambda plane: abs(normal[plane[1]]))
    name, normal_axis, to_right, downward = nearest
    angle = float(np.degrees(np.arccos(min(1.0, abs(normal[normal_axis])))))
    rows_axis, columns_axis, flip_rows, flip_columns = low, high, False, False
    if axis != 0:
        straight = abs(steps[:, low] @ downward) + abs(steps[:, high] @ to_right)
        turned = abs(steps[:, high] @ downward) + abs(steps[:, low] @ to_right)
        if turned > straight:
            rows_axis, columns_axis = high, low
        flip_rows = bool(steps[:, rows_axis] @ downward < 0)
        flip_columns = bool(steps[:, columns_axis] @ to_right < 0)
    return PlaneView(
        axis,
        rows_axis,
        columns_axis,
        flip_rows,
        flip_columns,
        shape[axis],
        shape[rows_axis],
        shape[columns_axis],
        name,
        angle,
    )
