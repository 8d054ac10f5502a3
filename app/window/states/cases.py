"""The cases a person can look at, read by the reader process; one of them is chosen."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.texts import reading as texts_reading
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.case_list import Case, CaseList
from app.window.states.thumbnail_reader import ThumbnailReader
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError, Unreadable
from core.link import Message
from core.readers.messages import FrameRead, Indexed, IndexPath, ReadFrame
from core.samples import Sample


class CasesState(QObject):
    """Opened cases and samples in `list`; one of them is chosen, with one frame of it."""

    changed = Signal()
    chosen_changed = Signal()
    reading_changed = Signal()
    image_read = Signal(object, int, object)  # Case, frame, Slice
    looked_into = Signal(object)  # Path: a file or folder that could be read
    failed = Signal(object, object)  # Path, SaliscopeError
    partly_read = Signal(object, object)  # Path of a folder, Contents with failures or skipped files

    def __init__(self, reader: JobLink, samples: list[Sample], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.list = CaseList(samples)
        self.thumbnails = ThumbnailReader(reader, self.list, lambda: not self.reading, self)
        self._jobs: list[Job] = []
        self._frame_job: Job | None = None
        self.chosen: int | None = None
        self.frame = 0

    @property
    def chosen_case(self) -> Case | None:
        return self.list.get(self.chosen)

    @property
    def reading(self) -> bool:
        """A file is being read for the person, not only for a thumbnail."""
        return bool(self._jobs)

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

    def choose(self, number: int, frame: int | None = None) -> None:
        """Show a case, at its middle frame if none is named."""
        case = self.list[number]
        if case.entry is None:
            self._index(case.path, is_to_be_chosen=True)
            self.reading_changed.emit()
            return
        self.chosen = number
        self.frame = case.first_shown if frame is None else min(max(frame, 0), case.frames - 1)
        self._withdraw_frame()
        job = self._submit(ReadFrame(entry=case.entry, frame=self.frame), case.path)
        job.done.connect(partial(self._on_frame_read, job, number, self.frame))
        self._frame_job = job
        self.reading_changed.emit()
        self.chosen_changed.emit()

    def go_to(self, frame: int) -> None:
        """Show another frame of the chosen case; the last wish wins."""
        case = self.chosen_case
        if case is not None:
            frame = min(max(frame, 0), case.frames - 1)
            if frame != self.frame:
                self.choose(case.number, frame)

    def close_case(self, number: int) -> None:
        """Take an opened case off the list; its file is not touched."""
        if self.list[number].sample is None:
            self.list.remove(number)
            self.changed.emit()

    def cancel(self) -> None:
        """End what a person asked to see; small pictures go on."""
        # The running one last: it makes room for those that wait.
        for job in self._jobs[::-1]:
            job.cancel()

    def _submit(self, request: Message, path: Path) -> Job:
        job = self._reader.submit(request)
        job.failed.connect(partial(self._on_failed, job, path))
        self._jobs.append(job)
        return job

    def _index(self, path: Path, is_to_be_chosen: bool) -> None:
        job = self._submit(IndexPath(path=path), path)
        job.done.connect(partial(self._on_indexed, job, path, is_to_be_chosen))

    def _withdraw_frame(self) -> None:
        """A running job is let finish, its slice is dropped: ending a decoder costs more than its work."""
        job, self._frame_job = self._frame_job, None
        if job is None or job not in self._jobs:
            return
        self._jobs.remove(job)
        if job is not self._reader.running_job:
            job.cancel()

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

    def _on_frame_read(
        self, job: Job, number: int, frame: int, message: FrameRead, arrays: list[Array]
    ) -> None:
        if job not in self._jobs:
            self.thumbnails.go_on()
            return  # another frame has been asked for since
        self._jobs.remove(job)
        case = self.list.get(number)
        if case is not None:
            image, _ = message.frame(arrays)
            if case.sample is not None and not image.modality:
                image = replace(image, modality=case.sample.modality)
            if case.thumbnail is None:
                self.thumbnails.set_picture(number, image)
            self.image_read.emit(self.list[number], frame, image)
        self.reading_changed.emit()
        self.thumbnails.go_on()

    def _on_failed(self, job: Job, path: Path, error: SaliscopeError) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
            self.reading_changed.emit()
            if not isinstance(error, Cancelled):
                self.failed.emit(path, error)
        self.thumbnails.go_on()
