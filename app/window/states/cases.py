"""The cases a person can look at: opened files and the bundled samples, read by the reader process."""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import reading as texts_reading
from app.texts import window as texts
from app.window.links import JobLink
from app.window.states.thumbnail import thumbnail
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError, Unreadable
from core.images.slice import Slice
from core.readers.messages import FrameRead, Indexed, IndexPath, ReadFrame
from core.readers.protocol import SeriesEntry
from core.samples import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Something to look at. `entry` is None until the reader has seen the file; `group` names the folder."""

    number: int
    title: str
    path: Path
    group: str = ""
    entry: SeriesEntry | None = None
    sample: Sample | None = None
    thumbnail: Array | None = None

    @property
    def frames(self) -> int:
        return self.entry.frames if self.entry is not None else 1

    @property
    def first_shown(self) -> int:
        """The frame with which a case opens: the one that the command line takes."""
        return self.entry.middle_frame if self.entry is not None else 0


class CasesState(QObject):
    """Opened cases and samples; one of them is chosen, with one frame of it."""

    changed = Signal()
    thumbnail_changed = Signal(int)
    chosen_changed = Signal()
    reading_changed = Signal()
    image_read = Signal(object, int, object)  # Case, frame, Slice
    looked_into = Signal(object)  # Path: a file or folder that could be read
    failed = Signal(object, object)  # Path, SaliscopeError
    partly_read = Signal(object, object)  # Path of a folder, Contents with failures or skipped files

    def __init__(self, reader: JobLink, samples: list[Sample], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._numbers = count(1)
        self._cases: dict[int, Case] = {}
        self._indexing: dict[int, tuple[Path, bool]] = {}
        self._reading: dict[int, tuple[int, int, Path]] = {}
        self._thumbnails: dict[int, int] = {}
        self._wanted_thumbnails: list[int] = []
        self.chosen: int | None = None
        self.frame = 0
        for sample in samples:
            number = next(self._numbers)
            self._cases[number] = Case(number, sample.title, sample.path, sample=sample)
        reader.finished.connect(self._on_finished)
        reader.failed.connect(self._on_failed)

    @property
    def opened(self) -> tuple[Case, ...]:
        return tuple(case for case in self._cases.values() if case.sample is None)

    @property
    def samples(self) -> tuple[Case, ...]:
        return tuple(case for case in self._cases.values() if case.sample is not None)

    @property
    def chosen_case(self) -> Case | None:
        return self._cases.get(self.chosen) if self.chosen is not None else None

    @property
    def reading(self) -> bool:
        """A file is being looked into for the person, not only for a thumbnail."""
        return bool(self._indexing or self._reading)

    def case(self, number: int) -> Case:
        return self._cases[number]

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
            path = Path(text).expanduser().absolute()
            job = self._reader.submit(IndexPath(path=path))
            self._indexing[job] = (path, at == 0)
        self.reading_changed.emit()

    def choose(self, number: int, frame: int | None = None) -> None:
        """Show a case, at its middle frame if none is named."""
        case = self._cases[number]
        if case.entry is None:
            job = self._reader.submit(IndexPath(path=case.path))
            self._indexing[job] = (case.path, True)
            self.reading_changed.emit()
            return
        self.chosen = number
        self.frame = case.first_shown if frame is None else min(max(frame, 0), case.frames - 1)
        self._withdraw_reads()
        job = self._reader.submit(ReadFrame(entry=case.entry, frame=self.frame))
        self._reading[job] = (number, self.frame, case.path)
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
        if self._cases[number].sample is None:
            del self._cases[number]
            self.changed.emit()

    def cancel(self) -> None:
        """End what a person asked to see; small pictures go on."""
        # The running one last: it makes room for those that wait.
        for job in sorted([*self._indexing, *self._reading], reverse=True):
            self._reader.cancel(job)

    def ask_for_thumbnails(self) -> None:
        """Fill in small pictures, one at a time, while the reader has nothing else to do."""
        waiting = [case.number for case in self._cases.values() if case.thumbnail is None]
        self._wanted_thumbnails = [n for n in waiting if n not in self._thumbnails.values()]
        self._next_thumbnail()

    def _next_thumbnail(self) -> None:
        if self._thumbnails or self.reading:
            return
        while self._wanted_thumbnails:
            case = self._cases.get(self._wanted_thumbnails.pop(0))
            if case is None or case.thumbnail is not None:
                continue
            request = (
                IndexPath(path=case.path)
                if case.entry is None
                else ReadFrame(entry=case.entry, frame=case.first_shown)
            )
            self._thumbnails[self._reader.submit(request)] = case.number
            return

    def _withdraw_reads(self) -> None:
        running = self._reader.running_job
        for job in [job for job in self._reading if job != running]:
            self._reader.cancel(job)
        # A running one is let finish, its slice is dropped: ending a decoder costs more than its work.
        self._reading.clear()

    # Answers

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: list[Any]) -> None:
        match message:
            case Indexed() if job in self._indexing:
                self._indexed(*self._indexing.pop(job), message)
            case Indexed() if job in self._thumbnails:
                self._entry_for_thumbnail(self._thumbnails.pop(job), message)
            case FrameRead() if job in self._reading:
                number, frame, _ = self._reading.pop(job)
                self._read(number, frame, message, arrays)
            case FrameRead() if job in self._thumbnails:
                self._set_thumbnail(self._thumbnails.pop(job), message.frame(arrays)[0])
            case _:
                return
        self.reading_changed.emit()
        self._next_thumbnail()

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        asked = self._indexing.pop(job, None) or self._reading.pop(job, None)
        thumbnail_only = self._thumbnails.pop(job, None) is not None
        if asked is not None:
            self.reading_changed.emit()
            if not isinstance(error, Cancelled):
                self.failed.emit(next(part for part in asked if isinstance(part, Path)), error)
        if asked is not None or thumbnail_only:
            self._next_thumbnail()

    def _indexed(self, path: Path, choose: bool, message: Indexed) -> None:
        self.looked_into.emit(path)
        sample = next((case for case in self.samples if case.path == path), None)
        if sample is not None:
            self._cases[sample.number] = replace(sample, entry=message.entries[0])
            self.choose(sample.number)
            return
        group = path.name if len(message.entries) > 1 else ""
        numbers = [self._add(entry, group) for entry in message.entries]
        self.changed.emit()
        if choose and numbers:
            self.choose(numbers[0])
        if message.failures or message.skipped:
            self.partly_read.emit(path, message.contents)
        self.ask_for_thumbnails()

    def _add(self, entry: SeriesEntry, group: str) -> int:
        known = next((c.number for c in self.opened if c.entry is not None and c.entry == entry), None)
        number = next(self._numbers) if known is None else known
        title = texts.case_title(entry.path.name, entry.title)
        # The file may hold other values under the same header now: its small picture is made anew.
        self._thumbnails = {job: of for job, of in self._thumbnails.items() if of != number}
        self._cases[number] = Case(number, title, entry.path, group, entry)
        return number

    def _entry_for_thumbnail(self, number: int, message: Indexed) -> None:
        case = self._cases.get(number)
        if case is not None:
            self._cases[number] = replace(case, entry=message.entries[0])
            self._wanted_thumbnails.insert(0, number)

    def _read(self, number: int, frame: int, message: FrameRead, arrays: list[Any]) -> None:
        case = self._cases.get(number)
        if case is None:
            return
        image, _ = message.frame(arrays)
        if case.sample is not None and not image.modality:
            image = replace(image, modality=case.sample.modality)
        if case.thumbnail is None:
            self._set_thumbnail(number, image)
        self.image_read.emit(self._cases[number], frame, image)

    def _set_thumbnail(self, number: int, image: Slice) -> None:
        case = self._cases.get(number)
        if case is not None:
            self._cases[number] = replace(case, thumbnail=thumbnail(image))
            self.thumbnail_changed.emit(number)
