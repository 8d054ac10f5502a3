"""The cases a person can look at, read by the reader process; one of them is chosen."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import reading as texts_reading
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.case_list import Case, CaseList
from app.window.states.position import SlicePosition
from app.window.states.slice_reading import SliceReading
from app.window.states.thumbnail_reader import ThumbnailReader
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError, Unreadable
from core.images.slice import Slice
from core.readers.messages import Indexed, IndexPath
from core.samples import Sample


class CasesState(QObject):
    """Opened cases and samples in `list`; `slices` reads the shown slice of the one that is chosen."""

    changed = Signal()
    reading_changed = Signal()
    looked_into = Signal(object)  # Path: a file or folder that could be read
    failed = Signal(object, object)  # Path, SaliscopeError
    partly_read = Signal(object, object)  # Path of a folder, Contents with failures or skipped files

    def __init__(self, reader: JobLink, samples: list[Sample], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.list = CaseList(samples)
        self.slices = SliceReading(reader, self.list, self)
        self.thumbnails = ThumbnailReader(reader, self.list, lambda: not self.reading, self)
        self._jobs: list[Job] = []
        self.slices.reading_changed.connect(self.reading_changed)
        self.slices.failed.connect(self.failed)
        self.slices.image_read.connect(self._on_image_read)
        self.slices.reader_freed.connect(self.thumbnails.go_on)

    @property
    def reading(self) -> bool:
        """A file is being read for the person, not only for a thumbnail."""
        return bool(self._jobs) or self.slices.reading

    def open_paths(self, paths: list[str]) -> None:
        """Look into files or folders; the first image of the first one is chosen."""
        for at, text in enumerate(paths):
            try:
                text.encode()
            except UnicodeEncodeError:
                self.failed.emit(
                    Path(text), Unreadable(texts_reading.PATH_IS_NO_TEXT, texts_reading.PATH_IS_NO_TEXT_HINT)
                )
                continue
            self._index(Path(text).expanduser().absolute(), is_to_be_chosen=at == 0)
        self.reading_changed.emit()

    def choose(self, number: int, position: SlicePosition | None = None) -> None:
        """Show a case, at its middle slice if no position is named."""
        case = self.list[number]
        if case.entry is not None:
            self.slices.choose(case, case.entry, position)
            return
        self._index(case.path, is_to_be_chosen=True)
        self.reading_changed.emit()

    def close_case(self, number: int) -> None:
        """Take an opened case off the list; its file is not touched."""
        if self.list[number].sample is None:
            self.list.remove(number)
            self.changed.emit()

    def cancel(self) -> None:
        """End what a person asked to see; small pictures go on."""
        jobs = [*self._jobs, self.slices.job] if self.slices.job is not None else self._jobs
        # The running one last: it makes room for those that wait.
        for job in sorted(jobs, key=lambda job: job.number, reverse=True):
            job.cancel()

    def _index(self, path: Path, is_to_be_chosen: bool) -> None:
        job = self._reader.submit(IndexPath(path=path))
        self._jobs.append(job)
        job.done.connect(partial(self._on_indexed, job, path, is_to_be_chosen))
        job.failed.connect(partial(self._on_failed, job, path))

    def _on_indexed(
        self, job: Job, path: Path, is_to_be_chosen: bool, message: Indexed, arrays: list[Array]
    ) -> None:
        self._jobs.remove(job)
        self.looked_into.emit(path)
        sample = next((case for case in self.list.samples if case.path == path), None)
        if sample is not None:
            self.list.set_entry(sample.number, message.entries[0])
            self.choose(sample.number)
        else:
            self._add(path, is_to_be_chosen, message)
        self.reading_changed.emit()
        self.thumbnails.go_on()

    def _add(self, path: Path, is_to_be_chosen: bool, message: Indexed) -> None:
        group = path.name if len(message.entries) > 1 else ""
        numbers = [self.list.add(entry, group) for entry in message.entries]
        for number in numbers:
            self.thumbnails.forget(number)
        self.changed.emit()
        if is_to_be_chosen and numbers:
            self.choose(numbers[0])
        if message.failures or message.skipped:
            self.partly_read.emit(path, message.contents)
        self.thumbnails.ask_for_all()

    @Slot(object, object, object)
    def _on_image_read(self, case: Case, position: SlicePosition, image: Slice) -> None:
        if case.thumbnail is None and position.axis == 0:
            self.thumbnails.set_picture(case.number, image)

    def _on_failed(self, job: Job, path: Path, error: SaliscopeError) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
            self.reading_changed.emit()
            if not isinstance(error, Cancelled):
                self.failed.emit(path, error)
        self.thumbnails.go_on()
