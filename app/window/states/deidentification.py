"""The export of the chosen series without identity: file after file by the reader process."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import header as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.notices import NoticesState
from app.window.states.shown import ShownState
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.exports.deidentification import DeidentifiedExport
from core.readers.messages import Deidentified, Deidentify
from core.readers.protocol import SeriesEntry

TOPIC = "deidentification"


class DeidentificationState(QObject):
    """One export at a time; while a file is made, slices that a person asks for wait for this one file."""

    progressed = Signal()

    def __init__(
        self, reader: JobLink, shown: ShownState, notices: NoticesState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reader, self._shown, self._notices = reader, shown, notices
        self._export: DeidentifiedExport | None = None
        self._job: Job | None = None
        self._count = 0

    @property
    def series(self) -> SeriesEntry | None:
        """The DICOM series that would be exported: the one that is shown."""
        case = self._shown.current.case
        entry = case.entry if case is not None else None
        return entry if entry is not None and entry.reader == "DICOM" else None

    @property
    def running(self) -> bool:
        return self._export is not None

    @property
    def share(self) -> float:
        """How much of a running export is written."""
        return self._count / len(self._export.sources) if self._export is not None else 0.0

    def start(self, parent: Path) -> None:
        """Export the shown series into a new folder in `parent`."""
        entry = self.series
        if entry is None or self.running:
            return
        self._notices.clear(TOPIC)
        folders = {source.path.parent for source in (*entry.sources, entry.source(0))}
        try:
            self._export = DeidentifiedExport([entry], _free_folder(parent), sorted(folders))
        except SaliscopeError as error:
            self._notices.report(TOPIC, error)
            return
        self._count = 0
        self._submit_next()

    @Slot()
    def cancel(self) -> None:
        """Stop, and remove what was written."""
        job = self._job
        if job is not None:
            self._end(None)
            job.cancel()

    def _submit_next(self) -> None:
        assert self._export is not None, "an export runs"
        request = Deidentify(path=self._export.sources[self._count], secret=self._export.secret)
        self._job = job = self._reader.submit(request)
        job.done.connect(partial(self._on_done, job))
        job.failed.connect(partial(self._on_failed, job))
        self.progressed.emit()

    def _on_done(self, job: Job, message: Deidentified, arrays: list[Array]) -> None:
        if job is not self._job or self._export is None:
            return
        try:
            self._export.take(message.file, arrays[0])
            self._count += 1
            if self._count < len(self._export.sources):
                self._submit_next()
                return
            document = self._export.finish()
        except SaliscopeError as error:
            self._end(error)
            return
        self._end(None)
        sentence = texts.exported(document.folder, document.files)
        self._notices.warn(TOPIC, (" ".join((sentence, *document.warnings)),))

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._end(None if isinstance(error, Cancelled) else error)

    def _end(self, error: SaliscopeError | None) -> None:
        export, self._export, self._job = self._export, None, None
        if export is not None:
            export.discard()
        if error is not None:
            self._notices.report(TOPIC, error)
        self.progressed.emit()


def _free_folder(parent: Path) -> Path:
    """A name in `parent` that is not taken."""
    number = 1
    while True:
        folder = parent / (texts.EXPORT_FOLDER if number == 1 else f"{texts.EXPORT_FOLDER}-{number}")
        if not folder.exists():
            return folder
        number += 1
