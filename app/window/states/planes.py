"""Three planes of the shown volume with a linked crosshair; one is active: it is predicted and explained."""

from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.texts import planes as texts
from app.window.jobs import Job
from app.window.links import JobLink, drop_answer
from app.window.states.position import SlicePosition
from app.window.states.shown import Shown, ShownState
from app.window.states.slice_reading import SliceReading, slice_request
from app.window.states.viewport import ViewportState
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.images.planes import AXES, Axis, PlaneView, plane_views
from core.images.slice import Slice
from core.readers.messages import FrameRead
from core.readers.protocol import SeriesEntry

Voxel = tuple[float, float, float]


class PlaneState(QObject):
    """One plane beside the active one: its slice, and where that lies on the screen.

    position: of `image` in its case; None before the first one. problem: why a slice cannot be read.
    """

    changed = Signal()

    def __init__(self, axis: Axis, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.axis = axis
        self.viewport = ViewportState(self)
        self.image: Slice | None = None
        self.position: SlicePosition | None = None
        self.problem = ""

    def show(self, position: SlicePosition | None, image: Slice | None, problem: str = "") -> None:
        """Take another slice, or none; zoom and place on the screen stay while the size is the same."""
        is_other_size = image is None or self.image is None or image.shape != self.image.shape
        self.position, self.image, self.problem = position, image, problem
        if image is not None:
            self.viewport.show(image, is_other_size, self.axis)
        else:
            self.viewport.image = None
        self.changed.emit()


@dataclass(frozen=True, slots=True)
class VolumePlanes:
    """The three planes of a series; `views` is None where it has none, with the reason in `no_planes`."""

    entry: SeriesEntry | None = None
    views: tuple[PlaneView, PlaneView, PlaneView] | None = None

    @classmethod
    def of(cls, entry: SeriesEntry) -> Self:
        """The planes of this series."""
        return cls(entry, plane_views(entry.stack_shape, _affine(entry)) if entry.has_planes else None)

    @property
    def no_planes(self) -> str:
        """Why there are no three planes, in a sentence; empty where there are."""
        if self.views is not None:
            return ""
        return (self.entry.no_volume if self.entry is not None else "") or texts.NO_PLANES

    @property
    def middle(self) -> Voxel:
        """The voxel in the middle."""
        first, second, third = ((size - 1) / 2 for size in self._shape)
        return self.inside((first, second, third))

    def inside(self, voxel: Voxel) -> Voxel:
        """The nearest voxel of the volume; of a sparse stack one in a slice that there is."""
        first, second, third = (
            min(max(p, 0.0), size - 1.0) for p, size in zip(voxel, self._shape, strict=True)
        )
        if self._numbers:
            first = float(self._numbers[self.index(0, (first, second, third))])
        return first, second, third

    def count(self, axis: Axis) -> int:
        """How many slices can be shown across an axis."""
        return len(self._numbers) if self._numbers and axis == 0 else self._shape[axis]

    def index(self, axis: Axis, voxel: Voxel) -> int:
        """Of the slice through a voxel, or nearest to it, among those that can be shown across an axis."""
        if not self._numbers or axis != 0:
            return round(voxel[axis])
        return int(np.abs(np.array(self._numbers) - voxel[0]).argmin())

    def height(self, axis: Axis, index: int) -> float:
        """The coordinate of the voxels in a slice, by its index among those that can be shown."""
        return float(self._numbers[index] if self._numbers and axis == 0 else index)

    @property
    def _shape(self) -> tuple[int, int, int]:
        return self.entry.stack_shape if self.entry is not None else (1, 1, 1)

    @property
    def _numbers(self) -> tuple[int, ...]:
        """Of the slices of a sparse stack; empty where none is missing."""
        return self.entry.sparse.numbers if self.entry is not None and self.entry.sparse is not None else ()

    def place_mm(self, voxel: Voxel) -> Voxel | None:
        """LPS in mm of a voxel; None where the volume has no position."""
        affine = _affine(self.entry)
        if affine is None or self.views is None:
            return None
        x, y, z = (affine @ (*voxel, 1.0))[:3].tolist()
        return x, y, z


class PlanesState(QObject):
    """The planes of the shown case and the crosshair, and which slices they show.

    volume: the series that is shown. active_axis: of the plane that is predicted and explained.
    voxel: of the crosshair, (slice, row, column) of the volume; each plane shows the slice through it.
    is_three_wanted: the layout that a person chose, also for a case that has no planes.
    """

    changed = Signal()

    def __init__(
        self, reader: JobLink, shown: ShownState, slices: SliceReading, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown, self._slices = shown, slices
        self._reader = PlaneReader(reader, self)
        self.planes = tuple(PlaneState(axis, self) for axis in AXES)
        self.volume = VolumePlanes()
        self.active_axis: Axis = 0
        self.voxel: Voxel = (0.0, 0.0, 0.0)
        self._position: SlicePosition | None = None
        self.is_three_wanted = False
        shown.changed.connect(self._on_shown_changed)
        shown.placed.connect(self._on_shown_changed)

    @property
    def is_three(self) -> bool:
        """Whether all three planes are shown."""
        return self.is_three_wanted and self.volume.views is not None

    @property
    def side_planes(self) -> tuple[PlaneState, ...]:
        """The planes that are not the active one, in the order of their axes."""
        return tuple(plane for plane in self.planes if plane.axis != self.active_axis)

    def cross(self, axis: Axis) -> tuple[float, float] | None:
        """(row, column) of the crosshair on the slice of a plane; None while one plane is shown alone."""
        if not self.is_three or self.volume.views is None:
            return None
        _, row, column = self.volume.views[axis].place(self.voxel)
        return row, column

    def fit(self) -> None:
        """Show each plane beside the active one as a whole."""
        for plane in self.planes:
            plane.viewport.fit()

    def show_three(self, three: bool) -> None:
        """Show one plane or all three."""
        if three != self.is_three_wanted:
            self.is_three_wanted = three
            self._request_sides()
            self.changed.emit()

    def toggle_alone(self, axis: Axis) -> None:
        """Show one plane of three alone, or all three again."""
        if self.is_three:
            self.make_active(axis)
        self.show_three(not self.is_three)

    def make_active(self, axis: Axis) -> None:
        """Predict and explain the slice of this plane from now on."""
        if self.volume.views is not None and axis != self.active_axis:
            self._slices.go_to(self._wish(axis))

    def point_at(self, axis: Axis, row: float, column: float) -> None:
        """Move the crosshair to a place of the shown slice of a plane; the other planes follow."""
        if self.volume.views is not None:
            view = self.volume.views[axis]
            self._move_to(view.voxel(round(self.voxel[axis]), row, column))

    def go_to_index(self, axis: Axis, index: int) -> None:
        """Show another slice of a plane."""
        moved = [*self.voxel]
        moved[axis] = self.volume.height(axis, min(max(index, 0), self.volume.count(axis) - 1))
        self._move_to((moved[0], moved[1], moved[2]))

    def _move_to(self, voxel: Voxel) -> None:
        if self.volume.views is None:
            return
        voxel = self.volume.inside(voxel)
        if voxel != self.voxel:
            is_active_moved = voxel[self.active_axis] != self.voxel[self.active_axis]
            self.voxel = voxel
            if is_active_moved:
                self._slices.go_to(self._wish(self.active_axis))
            self._request_sides()
            self.changed.emit()

    def _wish(self, axis: Axis) -> SlicePosition:
        """The slice of a plane through the crosshair."""
        volume = self._position.volume if self._position is not None else 0
        return SlicePosition(axis, self.volume.index(axis, self.voxel), volume)

    def _request_sides(self) -> None:
        if self.volume.entry is not None and self.is_three:
            wishes = [(plane, self._wish(plane.axis)) for plane in self.side_planes]
            self._reader.request(self.volume.entry, wishes)

    @Slot()
    def _on_shown_changed(self) -> None:
        shown = self._shown.current
        entry = shown.case.entry if shown.case is not None else None
        if entry is None or shown.image is None:
            self.volume, self._position = VolumePlanes(), None
            self._reader.withdraw()
            for plane in self.planes:
                plane.show(None, None)
        else:
            self._follow(shown, entry)
        self.changed.emit()

    def _follow(self, shown: Shown, entry: SeriesEntry) -> None:
        """Take over what is shown: the crosshair goes to its slice."""
        before, axis = self.volume.entry, shown.position.axis
        self._position, self.active_axis = shown.position, axis
        if entry is not before:
            is_other = entry != before
            self.volume = VolumePlanes.of(entry)
            self.voxel = self.volume.middle if is_other else self.voxel
            # An equal entry is that of a file that was opened again and may hold other values now.
            for plane in self.planes:
                plane.show(None, None)
        # A crosshair between two slices stays where it is while the slice nearest to it is shown.
        if self.volume.index(axis, self.voxel) != shown.position.index and not self._slices.reading:
            moved = [*self.voxel]
            moved[axis] = self.volume.height(axis, shown.position.index)
            self.voxel = moved[0], moved[1], moved[2]
        self.planes[axis].show(shown.position, shown.image)
        self._request_sides()


class PlaneReader(QObject):
    """Reads slices of the planes beside the active one, one at a time; the last wish for each wins."""

    def __init__(self, reader: JobLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._job: Job | None = None
        self._entry: SeriesEntry | None = None
        self._wishes: list[tuple[PlaneState, SlicePosition]] = []

    def request(self, entry: SeriesEntry, wishes: list[tuple[PlaneState, SlicePosition]]) -> None:
        """Read these slices of a series, in place of all that was asked for before."""
        if entry is not self._entry:
            self._drop_reading()
        self._entry, self._wishes = entry, wishes
        self._go_on()

    def withdraw(self) -> None:
        """Read nothing further: a closed series must not be opened again."""
        self._entry, self._wishes = None, []
        self._drop_reading()

    def _drop_reading(self) -> None:
        job, self._job = self._job, None
        drop_answer(job, self._reader)

    def _go_on(self) -> None:
        if self._job is not None or self._entry is None:
            return
        missing = [wish for wish in self._wishes if wish[0].position != wish[1]]
        if not missing:
            return
        plane, position = missing[0]
        # The one read now is the last in the next round, so that no plane waits for the other indefinitely.
        self._wishes = [wish for wish in self._wishes if wish[0] is not plane] + [missing[0]]
        self._job = job = self._reader.submit(slice_request(self._entry, position))
        job.done.connect(partial(self._on_read, job, plane, position))
        job.failed.connect(partial(self._on_failed, job, plane, position))

    def _on_read(
        self, job: Job, plane: PlaneState, position: SlicePosition, message: FrameRead, arrays: list[Array]
    ) -> None:
        if job is self._job:
            self._job = None
            plane.show(position, message.frame(arrays)[0])
            self._go_on()

    def _on_failed(self, job: Job, plane: PlaneState, position: SlicePosition, error: SaliscopeError) -> None:
        if job is not self._job:
            return
        self._job = None
        if not isinstance(error, Cancelled):
            # The position stands for a read slice, so that a slice that cannot be read is asked for once.
            plane.show(position, None, error.message)
            self._go_on()


def _affine(entry: SeriesEntry | None) -> Array | None:
    rows = entry.stack_affine_lps_mm if entry is not None else None
    return None if rows is None else np.array(rows)


def next_axis(axis: Axis) -> Axis:
    """The axis after this one: 0, 1, 2 and again."""
    return AXES[(axis + 1) % len(AXES)]
