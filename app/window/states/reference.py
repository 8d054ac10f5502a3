"""The reference of a case: a mask file whose marks follow the shown slice; read by the reader process."""

from collections.abc import Collection
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import region as texts
from app.window.jobs import Job
from app.window.links import JobLink, drop_answer
from app.window.states.reference_openings import Reference, ReferenceOpenings
from app.window.states.shown import Shown, ShownState
from core.arrays import Array
from core.errors import Cancelled, IncompatibleInput, SaliscopeError
from core.images.mask import Mask, MaskLabel
from core.images.region import EMPTY, HINT, MarkedRegion, mask_region
from core.images.slice import Slice
from core.images.slice_place import SlicePlace
from core.readers.messages import MaskRead, ReadMask
from core.readers.protocol import SeriesEntry


class ReferenceState(QObject):
    """The references of the cases; reads the mask of one slice at a time, and the last wish wins."""

    read = Signal(object, object)  # Reference, MarkedRegion of the shown slice
    replaced = Signal(object, bool)  # Reference that holds no longer; whether its region here stays
    changed = Signal()  # the labels, or the choice of them
    withdrawn = Signal()  # what was opened last is not read: the reference before it holds on
    failed = Signal(object)  # SaliscopeError

    def __init__(self, reader: JobLink, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._shown = reader, shown
        self._references: dict[int, Reference] = {}
        self._openings = ReferenceOpenings(reader, self)
        self._openings.opened.connect(self._on_opened)
        self._openings.failed.connect(self.failed)
        self._openings.withdrawn.connect(self.withdrawn)
        # The reading of the shown slice.
        self._job: Job | None = None
        shown.changed.connect(self._on_shown_changed)

    @property
    def current(self) -> Reference | None:
        """The reference of the shown case; one that was opened takes its place once a slice of it is read."""
        case = self._shown.current.case
        return self._references.get(case.number) if case is not None else None

    @property
    def labels(self) -> tuple[MaskLabel, ...]:
        """All labels of the reference; empty without one."""
        return self.current.labels if self.current is not None else ()

    @property
    def chosen(self) -> tuple[float, ...]:
        """The labels that are the region."""
        if self.current is None:
            return ()
        return self.current.chosen or tuple(label.value for label in self.current.labels)

    def open(self, path: Path) -> None:
        """Read the mask in this file for the slice that is shown then, and for others once they are shown."""
        case = self._shown.current.case
        if case is None:
            return
        if self._openings.withdraw(case.number):
            self._drop_reading()
        self._openings.open(case.number, path)

    def read_shown(self) -> None:
        """Read what the reference of the shown case marks in the shown slice, if it follows the slice."""
        case, current = self._shown.current.case, self.current
        if case is None or current is None or not current.follows:
            return
        if self._openings.newest(case.number) is None:
            self._read(current)

    def choose(self, labels: tuple[float, ...]) -> None:
        """Let these labels of the reference be the region; all of them if it names none."""
        case, reference = self._shown.current.case, self.current
        if case is None or reference is None or set(labels) == set(self.chosen):
            return
        self._openings.withdraw(case.number)
        is_all = {label.value for label in reference.labels} == set(labels)
        reference.chosen = () if is_all else labels
        self.replaced.emit(reference, False)
        reference.regions.clear()
        self._read(reference)
        self.changed.emit()

    def entries_of(self, cases: Collection[int]) -> tuple[SeriesEntry, ...]:
        """The masks of these cases, named by their numbers."""
        return tuple(self._references[number].entry for number in cases if number in self._references)

    def forget(self, cases: Collection[int]) -> None:
        """Let go of the references of closed cases, named by their numbers."""
        shown_case = self._shown.current.case
        if shown_case is not None and shown_case.number in cases:
            self._drop_reading()
        for number in cases:
            self._openings.withdraw(number)
            self._references.pop(number, None)

    @Slot()
    def _on_shown_changed(self) -> None:
        """A mask of another slice is of no more use; a file that is being opened is."""
        self._drop_reading()
        case = self._shown.current.case
        newest = self._openings.newest(case.number if case is not None else None)
        if newest is not None:
            self._read(newest)
        self.changed.emit()

    @Slot(int)
    def _on_opened(self, case: int) -> None:
        newest, shown_case = self._openings.newest(case), self._shown.current.case
        if newest is not None and shown_case is not None and shown_case.number == case:
            self._read(newest)

    def _drop_reading(self) -> None:
        job, self._job = self._job, None
        drop_answer(job, self._reader)

    def _read(self, reference: Reference) -> None:
        self._drop_reading()
        shown = self._shown.current
        place = place_of(shown)
        if place is None:
            return
        request = ReadMask(entry=reference.entry, place=place, labels=reference.chosen)
        self._job = job = self._reader.submit(request)
        job.done.connect(partial(self._on_read, job, shown, reference))
        job.failed.connect(partial(self._on_not_read, job, shown, reference))

    def _on_read(
        self, job: Job, shown: Shown, reference: Reference, message: MaskRead, arrays: list[Array]
    ) -> None:
        if job is not self._job or shown.case is None or shown.image is None:
            return
        mask = message.mask(arrays)
        try:
            region = _region_of(mask, shown.image, reference)
        except IncompatibleInput as error:
            self._on_not_read(job, shown, reference, error)
            return
        self._job = None
        self._openings.end(shown.case.number, reference)
        reference.labels = mask.labels
        previous = self._references.get(shown.case.number)
        if previous is not None and previous is not reference:
            self.replaced.emit(previous, True)  # what it marks here can be brought back
        self._references[shown.case.number] = reference
        reference.regions.append(region)
        self.read.emit(reference, region)
        self.changed.emit()

    def _on_not_read(self, job: Job, shown: Shown, reference: Reference, error: SaliscopeError) -> None:
        if job is not self._job or shown.case is None:
            return
        self._job = None
        is_newest = self._openings.end(shown.case.number, reference)
        if not isinstance(error, Cancelled):
            self.failed.emit(error)
        if is_newest:  # the one that holds is not read again by itself
            self.withdrawn.emit()


def _region_of(mask: Mask, image: Slice, reference: Reference) -> MarkedRegion:
    """What a mask marks in the slice for which it was read. Raises IncompatibleInput."""
    region = mask_region(mask, image)
    if region.mask.any():
        return region
    if not reference.follows:
        raise IncompatibleInput(EMPTY, HINT)
    return MarkedRegion(region.mask, (texts.NOTHING_MARKED,))


def place_of(shown: Shown) -> SlicePlace | None:
    """Where the shown slice lies; None if none is shown."""
    if shown.case is None or shown.case.entry is None or shown.image is None:
        return None
    entry = shown.case.entry
    position = shown.position
    frame = position.frame(entry) if position.axis == 0 else None
    missing = entry.missing_slices
    return SlicePlace.of(shown.image, entry.frames, entry.volumes, position.volume, frame, missing)
