"""Reading the slice that is shown: of the chosen case, at one position; the last wish wins."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.window.jobs import Job
from app.window.links import JobLink, drop_answer
from app.window.states.case_list import Case, CaseList
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
        self._last_read: tuple[int, SlicePosition] | None = None

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
        job.done.connect(partial(self._on_read, job, case.number, entry, self.position))
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
        """Stay at the same slice of the chosen case, of which `before` was known until now."""
        case = self.case
        if case is None or case.number != before.number or case.entry is None or before.entry is None:
            return
        if case.entry is not before.entry:
            self.position = self.position.followed(before.entry, case.entry)
            if self._last_read is not None and self._last_read[0] == case.number:
                self._last_read = case.number, self._last_read[1].followed(before.entry, case.entry)

    def stay(self) -> None:
        """Show no other slice by itself, as if a person had named this one."""
        self.is_at_start = False

    def return_to_start(self) -> None:
        """Show the slice with which the case opens, if nobody has named one since its start has changed."""
        case = self.case
        if not self.is_at_start or case is None or case.entry is None:
            return
        if self.position != SlicePosition.of_frame(case.entry, case.first_shown):
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
        number, position = self._last_read or (None, FIRST_SLICE)
        if self._cases.get(number) is None:
            number, position = None, FIRST_SLICE
        self.chosen, self.position = number, position

    def _on_read(
        self,
        job: Job,
        number: int,
        entry: SeriesEntry,
        position: SlicePosition,
        message: FrameRead,
        arrays: list[Array],
    ) -> None:
        if job is self.job:
            self.job = None
            case = self._cases.get(number)
            if case is not None:
                image, _ = message.frame(arrays)
                if case.sample is not None and not image.modality:
                    image = replace(image, modality=case.sample.modality)
                if case.entry is not None and case.entry is not entry:
                    position = position.followed(entry, case.entry)
                self._last_read = number, position
                self.image_read.emit(case, position, image)
            self.reading_changed.emit()
        self.reader_freed.emit()

    def _on_failed(self, job: Job, path: Path, error: SaliscopeError) -> None:
        if job is self.job:
            self.job = None
            if self._last_read is None or _stack_of(*self._last_read) != _stack_of(
                self.chosen, self.position
            ):
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


def _stack_of(number: int | None, position: SlicePosition) -> tuple[int | None, Axis, int]:
    """What a wheel scrolls through: a case, and an axis of one of its volumes."""
    return number, position.axis, position.volume
