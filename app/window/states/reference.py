"""The reference of a case: a mask file whose marks follow the shown slice; read by the reader process."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import region as texts
from app.window.jobs import Job
from app.window.links import JobLink, drop_answer
from app.window.states.shown import Shown, ShownState
from core.arrays import Array
from core.errors import Cancelled, IncompatibleInput, SaliscopeError
from core.images.mask import MaskLabel
from core.images.region import EMPTY, HINT, MarkedRegion, mask_region
from core.images.slice_place import SlicePlace
from core.readers.messages import Indexed, IndexPath, MaskRead, ReadMask
from core.readers.protocol import SeriesEntry

SEGMENTATION = "SEG"  # DICOM's modality


@dataclass(eq=False)
class Reference:
    """A mask file of a case. labels: all of it; chosen: those that are the region, all where it is empty.

    regions: what was read of it so far.
    """

    entry: SeriesEntry
    labels: tuple[MaskLabel, ...] = ()
    chosen: tuple[float, ...] = ()
    regions: list[MarkedRegion] = field(default_factory=list)

    @property
    def follows(self) -> bool:
        """Whether it has a mask for each slice; a single one belongs to the slice for which it was opened."""
        return self.entry.frames > 1 or self.entry.modality == SEGMENTATION


class ReferenceState(QObject):
    """The references of the cases; reads the mask of one slice at a time, and the last wish wins."""

    read = Signal(object, object)  # Reference, MarkedRegion of the shown slice
    replaced = Signal(object, bool)  # Reference that holds no longer; whether its region here stays
    changed = Signal()  # the labels, or the choice of them
    failed = Signal(object)  # SaliscopeError

    def __init__(self, reader: JobLink, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._shown = reader, shown
        self._references: dict[int, Reference] = {}
        # By the case's number: files being looked into, and those of which no slice has been read yet.
        self._opening: dict[int, Job] = {}
        self._opened: dict[int, Reference] = {}
        self._job: Job | None = None
        shown.changed.connect(self._on_shown_changed)

    @property
    def current(self) -> Reference | None:
        """The reference of the shown case."""
        return _of_case(self._references, self._shown)

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
        self._opened.pop(case.number, None)
        self._opening[case.number] = job = self._reader.submit(IndexPath(path=path))
        job.done.connect(partial(self._on_indexed, job, case.number))
        job.failed.connect(partial(self._on_not_indexed, job, case.number))

    def read_shown(self) -> None:
        """Read what the reference of the shown case marks in the shown slice, if it follows the slice."""
        if self.current is not None and self.current.follows and _of_case(self._opened, self._shown) is None:
            self._read(self.current)

    def choose(self, labels: tuple[float, ...]) -> None:
        """Let these labels of the reference be the region; all of them if it names none."""
        reference = self.current
        if reference is None or set(labels) == set(self.chosen):
            return
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
        for number in cases:
            for of_case in (self._references, self._opened, self._opening):
                of_case.pop(number, None)

    @Slot()
    def _on_shown_changed(self) -> None:
        """A mask of another slice is of no more use; a file that is being opened is."""
        job, self._job = self._job, None
        drop_answer(job, self._reader)
        newly_opened = _of_case(self._opened, self._shown)
        if newly_opened is not None:
            self._read(newly_opened)
        self.changed.emit()

    def _read(self, reference: Reference) -> None:
        job, self._job = self._job, None
        drop_answer(job, self._reader)
        shown = self._shown.current
        place = place_of(shown)
        if place is None:
            return
        request = ReadMask(entry=reference.entry, place=place, labels=reference.chosen)
        self._job = job = self._reader.submit(request)
        job.done.connect(partial(self._on_read, job, shown, reference))
        job.failed.connect(partial(self._on_not_read, job, shown))

    def _on_indexed(self, job: Job, case: int, message: Indexed, _: list[Array]) -> None:
        if self._opening.get(case) is job:
            del self._opening[case]
            self._opened[case] = reference = Reference(message.entries[0])
            if _of_case(self._opened, self._shown) is reference:
                self._read(reference)

    def _on_not_indexed(self, job: Job, case: int, error: SaliscopeError) -> None:
        if self._opening.get(case) is job:
            del self._opening[case]
            if not isinstance(error, Cancelled):
                self.failed.emit(error)

    def _on_read(
        self, job: Job, shown: Shown, reference: Reference, message: MaskRead, arrays: list[Array]
    ) -> None:
        if job is not self._job or shown.case is None or shown.image is None:
            return
        self._job = None
        self._opened.pop(shown.case.number, None)
        mask = message.mask(arrays)
        try:
            region = mask_region(mask, shown.image)
            if not region.mask.any() and not reference.follows:
                raise IncompatibleInput(EMPTY, HINT)
        except IncompatibleInput as error:
            self.failed.emit(error)
            return
        if not region.mask.any():
            region = MarkedRegion(region.mask, (texts.NOTHING_MARKED,))
        reference.labels = mask.labels
        previous = self._references.get(shown.case.number)
        if previous is not None and previous is not reference:
            self.replaced.emit(previous, True)  # what it marks here can be brought back
        self._references[shown.case.number] = reference
        reference.regions.append(region)
        self.read.emit(reference, region)
        self.changed.emit()

    def _on_not_read(self, job: Job, shown: Shown, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            if isinstance(error, Cancelled):
                return
            if shown.case is not None:
                self._opened.pop(shown.case.number, None)
            self.failed.emit(error)


def _of_case(references: Mapping[int, Reference], shown: ShownState) -> Reference | None:
    """That of the shown case; of those newly opened it takes the place of the current one once it is read."""
    case = shown.current.case
    return references.get(case.number) if case is not None else None


def place_of(shown: Shown) -> SlicePlace | None:
    """Where the shown slice lies; None if none is shown."""
    if shown.case is None or shown.case.entry is None or shown.image is None:
        return None
    entry = shown.case.entry
    position = shown.position
    frame = position.frame(entry) if position.axis == 0 else None
    return SlicePlace.of(shown.image, entry.frames, entry.volumes, position.volume, frame)
