"""Which slice of a series is meant: by its number, by its position in the patient, or the middle one."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.errors import NoSlice
from core.images.planes import AXES, Axis, PlaneName, PlaneView, plane_views
from core.images.slice import Identity, Slice
from core.number_text import fixed
from core.output import shown_name
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry
from core.values import FrozenRecord


class ChosenSlice(FrozenRecord):
    """One slice of a series. axis: the volume's axis along which the slices advance (0: as stored).

    index: counted from 0 along that axis. volume: counted from 0.
    """

    axis: Axis = 0
    index: int
    volume: int = 0


class SliceChoice(FrozenRecord):
    """What a person asked for; without anything it is the middle slice of the first volume.

    number: counted from 1 through all volumes. position_mm: along the normal of the slices, in LPS; it grows
    toward the patient's left, back or head, whichever is nearest, and means the first volume.
    is_all: every slice of every volume. plane: of which plane the slices are; empty for the slices as stored.
    """

    number: int | None = None
    position_mm: float | None = None
    is_all: bool = False
    plane: PlaneName = ""

    def slices(self, entry: SeriesEntry) -> tuple[ChosenSlice, ...]:
        """The slices of `entry` that are meant. Raises NoSlice."""
        axis = self._axis(entry)
        count = entry.volume_shape[axis]
        if self.is_all:
            return tuple(
                ChosenSlice(axis=axis, index=index, volume=volume)
                for volume in range(entry.volumes)
                for index in range(count)
            )
        if self.number is not None:
            return (_numbered(entry, axis, self.number),)
        index = count // 2 if self.position_mm is None else _index_at(entry, axis, self.position_mm)
        return (ChosenSlice(axis=axis, index=index),)

    def _axis(self, entry: SeriesEntry) -> Axis:
        if not self.plane:
            return 0
        views = _views(entry) if entry.has_planes and entry.stack_affine_lps_mm is not None else ()
        # In an oblique volume two axes may be nearest to the same plane.
        matching = sorted((view.angle_degrees, view.axis) for view in views if view.name == self.plane)
        if not matching:
            name = shown_name(entry.path.name)
            reason = f" {entry.no_volume}" if entry.no_volume else ""
            raise NoSlice(f"{name} has no {self.plane} plane.{reason}", "Leave the plane out.")
        return matching[0][1]


def read_slice(reader: ReaderProcess, entry: SeriesEntry, chosen: ChosenSlice) -> tuple[Slice, Identity]:
    """A chosen slice as displayed. Raises as `ReaderProcess.read` and `ReaderProcess.read_plane`."""
    if chosen.axis == 0:
        return reader.read(entry, chosen.volume * entry.slices + chosen.index)
    return reader.read_plane(entry, chosen.volume, chosen.axis, chosen.index)


def slice_number(entry: SeriesEntry, chosen: ChosenSlice) -> int:
    """Its number, counted from 1 through all volumes."""
    return chosen.volume * entry.volume_shape[chosen.axis] + chosen.index + 1


def slice_position_mm(entry: SeriesEntry, chosen: ChosenSlice) -> float | None:
    """Its position along the normal, as in `SliceChoice`; None where it is unknown."""
    if entry.stack_affine_lps_mm is None:
        return None
    first, step = _first_and_step(entry, chosen.axis)
    return first + _places(entry, chosen.axis)[chosen.index] * step


def plane_of(entry: SeriesEntry, axis: Axis) -> PlaneName:
    """The anatomical plane that is nearest to the slices along an axis; empty without a position."""
    return _views(entry)[axis].name


def spacing_of(entry: SeriesEntry) -> tuple[float, float, float] | None:
    """The distances in mm between slices (along their normal), rows and columns; None without a position."""
    if entry.affine_lps_mm is None:
        return None
    rows, columns = np.linalg.norm(_affine(entry)[:3, 1:3], axis=0)
    return abs(_first_and_step(entry, 0)[1]), float(rows), float(columns)


def _numbered(entry: SeriesEntry, axis: Axis, number: int) -> ChosenSlice:
    count = entry.volume_shape[axis]
    if not 1 <= number <= count * entry.volumes:
        raise NoSlice(
            f"{shown_name(entry.path.name)} has no slice {number}; it has {count * entry.volumes}.",
            "Choose another slice.",
        )
    volume, index = divmod(number - 1, count)
    return ChosenSlice(axis=axis, index=index, volume=volume)


def _index_at(entry: SeriesEntry, axis: Axis, position_mm: float) -> int:
    name = shown_name(entry.path.name)
    if entry.stack_affine_lps_mm is None:
        raise NoSlice(
            f"The slices of {name} have no position in the patient that could be compared.",
            "Choose a slice by its number.",
        )
    first, step = _first_and_step(entry, axis)
    places = _places(entry, axis)
    place = (position_mm - first) / step
    if not -0.5 <= place <= places[-1] + 0.5:  # also for a number that is not finite
        low, high = sorted((first, first + places[-1] * step))
        raise NoSlice(
            f"{name} has no slice at {fixed(position_mm)} mm; its slices lie at {fixed(low)} to "
            f"{fixed(high)} mm.",
            "Choose a position between them.",
        )
    nearest = int(np.clip(np.rint(place), 0, places[-1]))
    if nearest not in places:
        raise NoSlice(
            f"The slice of {name} at {fixed(position_mm)} mm is missing.", "Choose another position."
        )
    return places.index(nearest)


def _places(entry: SeriesEntry, axis: Axis) -> Sequence[int]:
    """Where the slices across an axis lie, in steps from the first; in a sparse stack some are left out."""
    return entry.sparse.numbers if entry.sparse is not None and axis == 0 else range(entry.volume_shape[axis])


def _first_and_step(entry: SeriesEntry, axis: Axis) -> tuple[float, float]:
    """The position of the first slice along the normal, and the distance to the next, in mm."""
    affine = _affine(entry)
    low, high = (other for other in AXES if other != axis)
    normal = np.cross(affine[:3, low], affine[:3, high])
    normal /= np.linalg.norm(normal)
    normal *= np.sign(normal[np.argmax(np.abs(normal))])
    return float(normal @ affine[:3, 3]), float(normal @ affine[:3, axis])


def _views(entry: SeriesEntry) -> tuple[PlaneView, PlaneView, PlaneView]:
    return plane_views(entry.stack_shape, None if entry.stack_affine_lps_mm is None else _affine(entry))


def _affine(entry: SeriesEntry) -> Array:
    return np.array(entry.stack_affine_lps_mm, dtype=float)
