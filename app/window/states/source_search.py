"""Where the images of an opened workspace lie now: they are located, listed, and compared by their hashes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import workspace as texts
from app.window.states.case_list import Case
from app.window.states.folder_listing import Opening
from app.window.states.position import FIRST_SLICE, SlicePosition
from app.window.states.read_files import chosen_slice
from app.window.states.session import Session
from core.arrays import Array
from core.errors import SaliscopeError, Unreadable
from core.exports.messages import FilesHashed, HashFiles, LocateSources, SourcesLocated
from core.images.planes import Axis
from core.output import shown_name
from core.readers.protocol import SeriesEntry
from core.workspace.sources import source_file
from core.workspace.workspace import CaseData

MISSING, CHANGED, UNVERIFIED = "missing sources", "changed sources", "unverified sources"


class SourceState(Enum):
    """Where the source of a case stands."""

    SOUGHT = "sought"
    LISTED = "listed"
    READY = "ready"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(slots=True, eq=False)
class WaitingCase:
    """A case whose results have not been put into the window yet.

    path: where its source is now. number, position: of its slice in the window, once the source is listed.
    is_offered: its model has been chosen once; after that a person's choice stays.
    """

    data: CaseData
    path: Path | None = None
    number: int = 0
    position: SlicePosition = FIRST_SLICE
    state: SourceState = SourceState.SOUGHT
    is_offered: bool = False

    @property
    def name(self) -> str:
        """Of the file of its slice."""
        return self.data.case.image.image.file

    @property
    def model(self) -> str:
        """The id of its model."""
        return self.data.case.image.model.id


class SourceSearch(QObject):
    """Looks for the images of cases, and tells which are missing or have changed.

    waiting: the cases whose results have not been put into the window yet.
    """

    changed = Signal()  # what is missing
    compared = Signal(object)  # tuple of WaitingCase whose images have been compared with those of then

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.waiting: list[WaitingCase] = []
        self._unverified: list[str] = []
        session.cases.listing.series_listed.connect(self._on_series_listed)
        session.cases.listing.failed.connect(self._on_listing_failed)
        session.cases.closed.connect(self._on_cases_closed)

    def begin(self, cases: Iterable[CaseData], folder: Path) -> None:
        """Look for the images of these cases in place of all before. folder: of the workspace's file."""
        self.waiting, self._unverified = [WaitingCase(data) for data in cases], []
        self._session.notices.clear(UNVERIFIED)
        sources = tuple(waiting.data.case.source for waiting in self.waiting)
        job = self._session.files.submit(LocateSources(folder=folder, sources=sources))
        job.done.connect(partial(self._on_located, tuple(self.waiting)))
        job.failed.connect(partial(self._on_not_located, tuple(self.waiting)))

    def locate(self, path: Path) -> None:
        """Look for the missing and changed images in a file or folder."""
        for waiting in self.in_state(SourceState.MISSING, SourceState.CHANGED):
            waiting.path, waiting.number, waiting.state = path, 0, SourceState.SOUGHT
        self._session.cases.listing.open(path, is_to_be_chosen=False)

    def in_state(self, *states: SourceState) -> list[WaitingCase]:
        """The waiting cases whose images stand so."""
        return [waiting for waiting in self.waiting if waiting.state in states]

    def _on_located(
        self, cases: tuple[WaitingCase, ...], message: SourcesLocated, arrays: list[Array]
    ) -> None:
        if self._is_replaced(cases):
            return
        samples = {case.sample.id: case for case in self._session.cases.list.samples if case.sample}
        for waiting, path in zip(cases, message.paths, strict=True):
            sample = samples.get(waiting.data.case.source.sample)
            if sample is not None:
                waiting.path, waiting.number, waiting.state = sample.path, sample.number, SourceState.LISTED
            else:
                waiting.path = path
                waiting.state = SourceState.MISSING if path is None else SourceState.SOUGHT
        for path in dict.fromkeys(each.path for each in cases if each.state is SourceState.SOUGHT):
            if path is not None:
                self._session.cases.listing.open(path, is_to_be_chosen=False)
        self._compare()

    def _on_not_located(self, cases: tuple[WaitingCase, ...], error: SaliscopeError) -> None:
        if self._is_replaced(cases):
            return
        self._session.notices.report(MISSING, error, texts.LOCATE)
        for waiting in cases:
            waiting.state = SourceState.MISSING

    @Slot(object, object, bool)
    def _on_series_listed(self, opening: Opening, message: object, is_complete: bool) -> None:
        sought = [each for each in self.in_state(SourceState.SOUGHT) if each.path == opening.path]
        if not sought or not is_complete:
            return
        cases = [case for case in self._session.cases.list.opened if case.number in opening.numbers]
        for waiting in sought:
            place = next(filter(None, (_place_in(case, waiting.data) for case in cases)), None)
            if place is None:
                waiting.state = SourceState.MISSING
            else:
                (waiting.number, waiting.position), waiting.state = place, SourceState.LISTED
        self._compare()

    @Slot(object, object)
    def _on_listing_failed(self, path: Path, error: SaliscopeError) -> None:
        for waiting in self.in_state(SourceState.SOUGHT):
            if waiting.path == path:
                waiting.state = SourceState.MISSING
        self._report()

    def _compare(self) -> None:
        """Have the hashes of listed files computed."""
        self._report()
        files = {waiting: self._file(waiting) for waiting in self.in_state(SourceState.LISTED)}
        if files:
            job = self._session.files.submit(HashFiles(paths=tuple(files.values())))
            job.done.connect(partial(self._on_hashed, tuple(files)))
            job.failed.connect(partial(self._on_not_located, tuple(files)))

    def _file(self, waiting: WaitingCase) -> Path:
        case = self._session.cases.list.get(waiting.number)
        if case is None or case.entry is None:
            return waiting.path or Path()
        return source_file(case.entry, chosen_slice(waiting.position))

    def _is_replaced(self, cases: Iterable[WaitingCase]) -> bool:
        """Whether another workspace has been opened, or all of these cases were closed."""
        return not any(waiting in self.waiting for waiting in cases)

    def _on_hashed(self, cases: tuple[WaitingCase, ...], message: FilesHashed, arrays: list[Array]) -> None:
        if self._is_replaced(cases):
            return
        for waiting, sha256 in zip(cases, message.hashes, strict=True):
            waiting.state = _state_by(waiting.data.case.source.file_sha256, sha256)
            if waiting in self.waiting and waiting.state is SourceState.READY:
                self._unverified += [waiting.name] * (not waiting.data.case.source.file_sha256)
        names = tuple(dict.fromkeys(self._unverified))
        self._session.notices.warn(UNVERIFIED, (texts.unverified(names),) if names else ())
        self._report()
        self.compared.emit(tuple(waiting for waiting in cases if waiting in self.waiting))

    @Slot(object)
    def _on_cases_closed(self, cases: tuple[Case, ...]) -> None:
        numbers = {case.number for case in cases}
        self.waiting = [each for each in self.waiting if each.number not in numbers or not each.number]

    def _report(self) -> None:
        """Name what is missing or has changed."""
        for topic, state, words, hint in (
            (MISSING, SourceState.MISSING, texts.missing, texts.MISSING_HINT),
            (CHANGED, SourceState.CHANGED, texts.changed, texts.CHANGED_HINT),
        ):
            names = tuple(dict.fromkeys(each.name for each in self.in_state(state)))
            if names:
                error = Unreadable(words(names), hint)
                self._session.notices.report(topic, error, texts.LOCATE)
            else:
                self._session.notices.clear(topic)
        self.changed.emit()


def _state_by(saved_sha256: str, sha256: str) -> SourceState:
    """saved_sha256: empty where none was noted, so that nobody can tell. sha256: now; empty if unreadable."""
    if not sha256:
        return SourceState.MISSING
    return SourceState.READY if saved_sha256 in ("", sha256) else SourceState.CHANGED


def _place_in(case: Case, data: CaseData) -> tuple[int, SlicePosition] | None:
    """The number of an opened case and the position in it, if the slice of `data` lies there."""
    entry, source, record = case.entry, data.case.source, data.case.image.image
    if entry is None or (source.series and entry.key and entry.key != source.series):
        return None
    if source.axis:
        position = _across(entry, source.axis, record.slice)
        return None if position is None else (case.number, position)
    frame = record.slice - 1
    if frame < entry.frames and _is_named(entry, frame, record.file):
        return case.number, SlicePosition.of_frame(entry, frame)
    # Files may have been added to the series, by which its slices are numbered anew.
    frames = (other for other in range(entry.frames) if _is_named(entry, other, record.file))
    found_frame = next(frames, None)
    if found_frame is None and source.series and entry.key == source.series and frame < entry.frames:
        found_frame = frame  # the file's name is left out, or it was renamed; its hash is compared
    return None if found_frame is None else (case.number, SlicePosition.of_frame(entry, found_frame))


def _across(entry: SeriesEntry, axis: Axis, number: int) -> SlicePosition | None:
    """The slice of this number across the rows or columns of a volume."""
    volume, index = divmod(number - 1, entry.volume_shape[axis])
    return SlicePosition(axis, index, volume) if entry.has_planes and volume < entry.volumes else None


def _is_named(entry: SeriesEntry, frame: int, name: str) -> bool:
    return shown_name(entry.source(frame).path.name) == name
