"""Mask files that were opened as references of cases, until the first slice of each has been read."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.window.jobs import Job
from app.window.links import JobLink, drop_answer
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.images.mask import MaskLabel
from core.images.region import MarkedRegion
from core.readers.messages import Indexed, IndexPath
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


class ReferenceOpenings(QObject):
    """By the case's number; of several files that are opened for one case the newest counts."""

    opened = Signal(int)  # the case's number: its newest file is known, and a slice of it can be read
    failed = Signal(object)  # SaliscopeError
    withdrawn = Signal()  # the newest one of a case could not be opened

    def __init__(self, reader: JobLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._jobs: dict[int, Job] = {}
        self._opened: dict[int, Reference] = {}

    def open(self, case: int, path: Path) -> None:
        """Look into a file, in place of what was opened for the case before."""
        self.withdraw(case)
        self._jobs[case] = job = self._reader.submit(IndexPath(path=path))
        job.done.connect(partial(self._on_indexed, job, case))
        job.failed.connect(partial(self._on_failed, job, case))

    def newest(self, case: int | None) -> Reference | None:
        """The newest one of a case, from when its file is known until a slice of it has been read."""
        return self._opened.get(case) if case is not None else None

    def withdraw(self, case: int) -> bool:
        """Want nothing more of what was opened. Returns whether a slice of it was to be read."""
        drop_answer(self._jobs.pop(case, None), self._reader)
        return self._opened.pop(case, None) is not None

    def end(self, case: int, reference: Reference) -> bool:
        """A slice of a reference was read, or cannot be. Returns whether it is the newest of its case."""
        is_newest = self._opened.get(case) is reference
        if is_newest:
            del self._opened[case]
        return is_newest

    def _on_indexed(self, job: Job, case: int, message: Indexed, _: list[Array]) -> None:
        if self._jobs.get(case) is job:
            del self._jobs[case]
            self._opened[case] = Reference(message.entries[0])
            self.opened.emit(case)

    def _on_failed(self, job: Job, case: int, error: SaliscopeError) -> None:
        if self._jobs.get(case) is job:
            del self._jobs[case]
            if not isinstance(error, Cancelled):
                self.failed.emit(error)
            self.withdrawn.emit()
