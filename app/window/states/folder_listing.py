"""Files and folders that are listed, one after the other; what has been found so far is told on the way."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.texts import studies as texts
from app.window.jobs import Job
from app.window.links import JobLink
from core.arrays import Array
from core.errors import SaliscopeError
from core.readers.messages import Indexed, IndexPath


@dataclass(slots=True, eq=False)
class Opening:
    """A path that a person opened. is_to_be_chosen: its first series is still to be shown.

    numbers: of the cases that it has given so far. earlier: of those that were opened before. is_dropped:
    what it gives from now on is not wanted.
    """

    path: Path
    is_to_be_chosen: bool
    numbers: set[int] = field(default_factory=set)
    earlier: frozenset[int] | None = None
    is_dropped: bool = False


class FolderListing(QObject):
    """Lists paths through the link `lister`."""

    changed = Signal()  # what runs, or how far it is
    series_listed = Signal(object, object, bool)  # Opening, Indexed, whether that is all
    failed = Signal(object, object)  # Path, SaliscopeError
    dropped = Signal()  # a listing has ended that was dropped

    def __init__(self, lister: JobLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lister = lister
        self._openings: dict[Job, Opening] = {}
        self._files = (0, 0)

    @property
    def is_running(self) -> bool:
        return bool(self._openings)

    @property
    def has_choice(self) -> bool:
        """Something that is being listed is to be shown as soon as it is found."""
        return any(opening.is_to_be_chosen for opening in self._openings.values())

    @property
    def progress(self) -> tuple[str, float | None]:
        """What is listed, in words, and the share done where it is known."""
        done, total = self._files
        return texts.listing(done, total), done / total if total else None

    def open(self, path: Path, is_to_be_chosen: bool) -> Opening:
        """List a file or folder after those that are being listed. Returns what it will have given."""
        opening = Opening(path, is_to_be_chosen)
        job = self._lister.submit(IndexPath(path=path))
        self._openings[job] = opening
        job.progressed.connect(self._on_progress)
        job.refined.connect(partial(self._on_refined, opening))
        job.done.connect(partial(self._on_done, job, opening))
        job.failed.connect(partial(self._on_failed, job, opening))
        self.changed.emit()
        return opening

    def choose_none(self) -> None:
        """Let nothing that is being listed be shown by itself: a person has chosen something since."""
        for opening in self._openings.values():
            opening.is_to_be_chosen = False

    def cancel(self) -> None:
        """End all listings; what they have found stays, and is not shown by itself any more."""
        # The running one last: it makes room for those that wait.
        for job, opening in list(self._openings.items())[::-1]:
            opening.is_to_be_chosen = False
            job.cancel()

    def drop(self, without: Collection[Opening]) -> None:
        """End all listings but some, of which nothing is told any more."""
        for job, opening in list(self._openings.items())[::-1]:
            if opening not in without:
                opening.is_to_be_chosen, opening.is_dropped = False, True
                job.cancel()

    def _on_progress(self, done: int, total: int, step: str) -> None:
        self._files = done, total

    def _on_refined(self, opening: Opening, message: Indexed, arrays: list[Array]) -> None:
        if not opening.is_dropped:
            self.series_listed.emit(opening, message, False)
            self.changed.emit()

    def _on_done(self, job: Job, opening: Opening, message: Indexed, arrays: list[Array]) -> None:
        self._end(job)
        if opening.is_dropped:
            self.dropped.emit()
        else:
            self.series_listed.emit(opening, message, True)
        self.changed.emit()

    def _on_failed(self, job: Job, opening: Opening, error: SaliscopeError) -> None:
        self._end(job)
        if opening.is_dropped:
            self.dropped.emit()
        else:
            self.failed.emit(opening.path, error)
        self.changed.emit()

    def _end(self, job: Job) -> None:
        del self._openings[job]
        self._files = 0, 0
