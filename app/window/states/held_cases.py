"""All slices with results of a session, as cases of a workspace."""

from PySide6.QtCore import QObject, Signal, Slot

from app.window.states.case_capture import NO_RESULTS, CaseResults, shown_results
from app.window.states.case_list import Case, closed_groups
from app.window.states.case_origin import CaseOrigin
from app.window.states.check_results import CheckKey
from app.window.states.display import DisplaySettings
from app.window.states.prediction import PredictionAnswer
from app.window.states.read_files import ReadFiles
from app.window.states.saved_cases import DisplayedSlice, HeldCase, held_cases
from app.window.states.session import Session
from app.window.states.shown import ImageKey, Shown
from core.images.slice import Identity
from core.results.look_first import LookFirstRecord


class HeldCases(QObject):
    """Watches the states of the shown slice, and keeps it as a case when another one is shown.

    is_restoring: what changes comes from a workspace, and is no news.
    """

    changed = Signal()  # there is something that was not there before, or something is gone

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._left: dict[ImageKey, tuple[HeldCase, ...]] = {}
        self._origins: dict[ImageKey, tuple[CaseOrigin, ...]] = {}
        self._results: dict[ImageKey, CaseResults] = {}
        self._found: set[CheckKey] = set()
        self._records: dict[int, LookFirstRecord] = {}
        self._key: ImageKey | None = None
        self._answer: PredictionAnswer | None = None
        self._display: DisplaySettings = session.image.display.settings
        self._shown = session.shown.current
        self._displayed: DisplayedSlice | None = None
        self._read_files = ReadFiles(session, self)
        self.is_restoring = False
        for signal in (
            session.shown.changed,
            session.shown.placed,
            session.prediction.changed,
            session.maps.changed,
            session.maps.entry_changed,
            session.region.changed,
            session.measurements.changed,
            session.checks.changed,
            session.curves.changed,
        ):
            signal.connect(self.review)
        session.image.display.window_changed.connect(self._on_window_changed)
        session.impressions.changed.connect(self._on_impressions_changed)
        session.cases.closed.connect(self._on_cases_closed)

    @property
    def others(self) -> tuple[HeldCase, ...]:
        """Slices with results that are not shown, or not with their model, or by other weights of it."""
        cases = [held for key, left in self._left.items() if key != self._key for held in left]
        return tuple(map(self._with_record, (*cases, *self._of_shown()[:-1])))

    @property
    def shown(self) -> HeldCase | None:
        """What is shown, also without results; None before its prediction."""
        return next(map(self._with_record, self._of_shown()[-1:]), None)

    def take(self, origin: CaseOrigin, number: int) -> None:
        """Keep a case from a workspace, whose results have been put into the states of the shown slice.

        number: of its case in the window.
        """
        key = self._session.maps.key
        if key is not None:
            self._origins[key] = (*self._origins.get(key, ()), origin)
            self._left[key] = (*self._left.get(key, ()), HeldCase(origin.data, number))
            self.review()

    def take_record(self, number: int, record: LookFirstRecord) -> None:
        """Take what a reader said of a case, by its number, from a workspace; what was said here stays."""
        records = self._session.impressions.records
        if number not in records or records[number].impression is None:
            self._records[number] = records[number] = record

    def begin_anew(self) -> None:
        """Let go of all but the shown slice: another workspace is opened."""
        self._left.clear()
        self._origins.clear()
        self._results.clear()
        self.is_restoring = True
        self.review()
        self.is_restoring = False

    @Slot()
    def review(self, *_: object) -> None:
        """See what the states hold of the shown slice now."""
        session, key = self._session, self._session.maps.key
        if key != self._key:
            self._leave()
            self._key = key
        self._answer, self._display = session.prediction.answer, session.image.display.settings
        if key is None:
            return
        self._shown = session.shown.current
        results, before = shown_results(session), self._results.get(key, NO_RESULTS)
        found = set(dict(results.findings))
        has_news = results.has_news(before) or not found <= self._found
        self._results[key] = results
        self._found |= found
        if has_news and not self.is_restoring and not self._is_automatic(results):
            self.changed.emit()

    @Slot()
    def _on_window_changed(self) -> None:
        """Each step of a drag comes here; no result follows from it."""
        if self._session.maps.key == self._key:
            self._display = self._session.image.display.settings

    def _leave(self) -> None:
        """Keep what is known of the slice that was shown until now."""
        if self._key is None or self._answer is None:
            return
        results = self._results.get(self._key, NO_RESULTS)
        if results or self._key in self._origins or (self._key in self._left and results.mask is not None):
            self._left[self._key] = self._held()
        else:
            self._left.pop(self._key, None)

    def _of_shown(self) -> tuple[HeldCase, ...]:
        """The cases of the shown slice and its model, the present one last."""
        if self._key is None:
            return ()
        return self._left.get(self._key, ()) if self._answer is None else self._held()

    def _held(self) -> tuple[HeldCase, ...]:
        """The slice that was reviewed last. Its picture is made once for each way of showing it."""
        key, answer = self._key, self._answer
        assert key is not None
        assert answer is not None
        assert answer.shown.image is not None
        image, display, shown = answer.shown.image, self._display, self._shown
        if self._displayed is None or not self._displayed.is_of(image, display):
            self._displayed = DisplayedSlice.of(image, display)
        results = self._results.get(key, NO_RESULTS)
        identity, origins = _identity(self._session, shown), self._origins.get(key, ())
        file = self._read_files.file_of(shown)
        return held_cases(shown, answer, results, self._displayed, identity, file, origins)

    def _is_automatic(self, results: CaseResults) -> bool:
        case = self._session.shown.current.case
        return case is not None and case.sample is not None and results.is_automatic

    def _with_record(self, held: HeldCase) -> HeldCase:
        return held.with_look_first(self._session.impressions.records.get(held.number))

    @Slot()
    def _on_impressions_changed(self) -> None:
        records = {
            number: record
            for number, record in self._session.impressions.records.items()
            if record.impression is not None
        }
        has_news = any(self._records.get(number) != record for number, record in records.items())
        self._records = records
        if has_news and not self.is_restoring:
            self.changed.emit()

    @Slot(object)
    def _on_cases_closed(self, cases: tuple[Case, ...]) -> None:
        groups = closed_groups(self._session.cases.list, cases)
        gone = {key: results for key, results in self._results.items() if key.case in groups}
        self._results = {key: results for key, results in self._results.items() if key not in gone}
        self._left = {key: left for key, left in self._left.items() if key.case not in groups}
        self._origins = {key: origins for key, origins in self._origins.items() if key.case not in groups}
        if self._key is not None and self._key.case in groups:
            self._key, self._answer = None, None
        if any(gone.values()):
            self.changed.emit()


def _identity(session: Session, shown: Shown) -> Identity | None:
    entry = shown.case.entry if shown.case is not None else None
    return session.cases.identities.get(entry.key) if entry is not None else None
