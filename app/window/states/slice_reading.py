"""Reading the slice that is shown: of the chosen case, at one position; the last wish wins."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.window.jobs import Job
from app.window.links import JobLink, drop_answer
from app.window.states.case_list import Case, CaseList, place_now
from app.window.states.position import FIRST_SLICE, SlicePosition
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.images.planes import Axis
from core.link import Message
from core.readers.messages import FrameRead, ReadFrame, ReadPlane
from core.readers.protocol import SeriesEntry


class SliceReading(QObject):
    """chosen: the number of the chosen case, None before the first; position: of the slice asked for last.

    reader: the link through which they are read. is_at_start: nobody has named a position of the case yet.
    """

    image_read = Signal(object, object, object)  # Case, SlicePosition, Slice
    reading_changed = Signal()
    chosen_changed = Signal()
    reader_freed = Signal()  # a job ended, whether its slice is still wanted or not
    failed = Signal(object, object)  # Path, SaliscopeError

    def __init__(self, reader: JobLink, cases: CaseList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reader, self._cases = reader, cases
        self.job: Job | None = None
        self.chosen: int | None = None
        self.position = FIRST_SLICE
        self.is_at_start = True
        # Case and position of the slice that was read last, to which a failed request returns.
        self._last_read: tuple[Case, SlicePosition] | None = None

    @property
    def case(self) -> Case | None:
        """The chosen case; None once it has been closed."""
        return self._cases.get(self.chosen)

    @property
    def reading(self) -> bool:
        """A slice is being read that a person waits for."""
        return self.job is not None

    def choose(self, case: Case, entry: SeriesEntry, position: SlicePosition | None = None) -> None:
        """Read a slice of this case; without a position the one with which it opens."""
        self.is_at_start = position is None
        if position is None:
            position = SlicePosition.of_frame(entry, case.first_shown)
        self.chosen, self.position = case.number, position.inside(entry)
        job, self.job = self.job, None
        drop_answer(job, self.reader)
        self.job = job = self.reader.submit(slice_request(entry, self.position))
        job.done.connect(partial(self._on_read, job, case, self.position))
        job.failed.connect(partial(self._on_failed, job, case.path))
        self.reading_changed.emit()
        self.chosen_changed.emit()

    def choose_none(self) -> None:
        """Choose no case, after the chosen one was closed; the shown one if the other was not read yet."""
        job, self.job = self.job, None
        drop_answer(job, self.reader)
        self._return_to_last_read()
        self.reading_changed.emit()
        self.chosen_changed.emit()

    def follow(self, before: Case) -> None:
        """Stay at the same slice of the chosen case, of which `before` was known until now.

        It may be one of another part of the series by now, which is then the chosen case.
        """
        place = place_now(self._cases, before, self.position)
        if place is None or self.chosen != before.number:
            return
        self.position = place[1]
        if place[0].number != self.chosen:
            self.chosen = place[0].number
            self.chosen_changed.emit()

    def stay(self) -> None:
        """Show no other slice by itself, as if a person had named this one."""
        self.is_at_start = False

    def return_to_start(self) -> None:
        """Show the slice with which the case opens, if nobody has named one since its start has changed.

        Of a series that was split it is that of its first part.
        """
        if not self.is_at_start or self.case is None:
            return
        case = self._cases.get(self.case.group) or self.case
        if case.entry is None:
            return
        if case is not self.case or self.position != SlicePosition.of_frame(case.entry, case.first_shown):
            self.choose(case, case.entry)

    def go_to(self, position: SlicePosition) -> None:
        """Show another slice of the chosen case, the nearest that it has; the last wish wins."""
        case = self.case
        if case is not None and case.entry is not None and position.inside(case.entry) != self.position:
            self.choose(case, case.entry, position)

    def go_by(self, steps: int) -> None:
        """Show the slice this number of slices further on."""
        self.go_to(self.position.moved(steps))

    def go_to_index(self, index: int) -> None:
        """Show another slice across the same axis of the same volume."""
        self.go_to(replace(self.position, index=index))

    def go_to_volume(self, volume: int) -> None:
        """Show the same slice of another volume (time point)."""
        self.go_to(replace(self.position, volume=volume))

    def _return_to_last_read(self) -> None:
        place = place_now(self._cases, *self._last_read) if self._last_read is not None else None
        self.chosen, self.position = (place[0].number, place[1]) if place is not None else (None, FIRST_SLICE)

    def _on_read(
        self,
        job: Job,
        requested_case: Case,
        requested_position: SlicePosition,
        message: FrameRead,
        arrays: list[Array],
    ) -> None:
        if job is self.job:
            self.job = None
            place = place_now(self._cases, requested_case, requested_position)
            if place is not None:
                case, position = self._last_read = place
                image, _ = message.frame(arrays)
                if case.sample is not None and not image.modality:
                    image = replace(image, modality=case.sample.modality)
                self.image_read.emit(case, position, image)
            self.reading_changed.emit()
        self.reader_freed.emit()

    def _on_failed(self, job: Job, path: Path, error: SaliscopeError) -> None:
        if job is self.job:
            self.job = None
            if self._last_read is None or _stack_of(*self._last_read) != _stack_of(self.case, self.position):
                # The slices that are shown stay those that wheel and slider change.
                self._return_to_last_read()
                self.chosen_changed.emit()
            self.reading_changed.emit()
            if not isinstance(error, Cancelled):
                self.failed.emit(path, error)
        self.reader_freed.emit()


def slice_request(entry: SeriesEntry, position: SlicePosition) -> Message:
    """The request for the slice at a position: of a frame for axis 0, else of a plane across the volume."""
    if position.axis == 0:
        return ReadFrame(entry=entry, frame=position.frame(entry))
    return ReadPlane(entry=entry, volume=position.volume, axis=position.axis, index=position.index)


def _stack_of(case: Case | None, position: SlicePosition) -> tuple[int | None, Axis, int]:
    """What a wheel scrolls through: a group of cases, and an axis of one of its volumes."""
    return case.group if case is not None else None, position.axis, position.volume
