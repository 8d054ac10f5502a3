"""What stands above the image: which event makes a notice, and which one takes it away."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.texts import image as texts_image
from app.texts import processes as texts_processes
from app.texts import reading as texts_reading
from app.texts import window as texts
from app.window.links import JobLink, LinkState
from app.window.states.cases import CasesState
from app.window.states.notices import NoticesState
from app.window.states.prediction import PredictionState
from app.window.states.reference_openings import Reference
from app.window.states.region import RegionState
from app.window.states.shown import ShownState
from core.errors import SaliscopeError, WorkerLost
from core.images.slice import Slice
from core.readers.protocol import Contents

MISFIT, WORKER, DEVICE = "misfit", "worker", "device"
MASK, MASK_FILE, NOTES = "mask", "mask file", "notes"


class Announcements(QObject):
    """Watches the states and writes the notices."""

    def __init__(
        self,
        notices: NoticesState,
        shown: ShownState,
        cases: CasesState,
        prediction: PredictionState,
        region: RegionState,
        worker: JobLink,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._notices, self._shown, self._prediction = notices, shown, prediction
        self._region, self._worker = region, worker
        self._cases = cases
        self._image: Slice | None = None
        self._image_notes: tuple[str, ...] = ()
        # What held when a mask could not be read: of its case the reference that is beside it.
        self._failed_beside: tuple[int, Reference | None] | None = None
        shown.changed.connect(self._on_shown_changed)
        shown.placed.connect(self._show_image_notes)
        cases.listing.changed.connect(self._show_image_notes)
        cases.looked_into.connect(self._on_looked_into)
        cases.failed.connect(self._on_file_failed)
        cases.partly_read.connect(self._on_folder_partly_read)
        prediction.changed.connect(self._on_prediction_changed)
        region.changed.connect(self._on_region_changed)
        region.failed.connect(self._on_mask_failed)
        worker.state_changed.connect(self._on_worker_changed)

    @Slot()
    def _on_shown_changed(self) -> None:
        shown = self._shown.current
        if shown.case is not None and shown.image is not None and shown.image is not self._image:
            self._notices.clear(file_topic(shown.case.path))
        self._image = shown.image if shown.case is not None else None
        self._show_image_notes()

    @Slot()
    def _show_image_notes(self) -> None:
        """What the reader says of the slice, and which slices its stack lacks once all are listed."""
        shown, sentences = self._shown.current, []
        if shown.case is not None and shown.image is not None:
            entry, notes = shown.case.entry, shown.image.notes
            sentences += [texts_image.reader_notes(notes)] if notes else []
            sentences += [shown.case.note] if shown.case.note else []
            if entry is not None and entry.sparse is not None and not self._cases.listing.is_running:
                sentences.append(entry.no_volume)
        if tuple(sentences) != self._image_notes:
            self._image_notes = tuple(sentences)
            self._notices.note(NOTES, self._image_notes)

    @Slot()
    def _on_prediction_changed(self) -> None:
        fit = self._prediction.fit
        self._notices.warn(MISFIT, fit.warnings if fit is not None else ())

    @Slot()
    def _on_region_changed(self) -> None:
        say = self._notices.note if self._region.mask is None else self._notices.warn
        say(MASK, self._region.notes)
        if self._failed_beside is not None and self._failed_beside != self._reference:
            self._failed_beside = None
            self._notices.clear(MASK_FILE)

    @property
    def _reference(self) -> tuple[int, Reference | None]:
        """The shown case, 0 for none, and its reference."""
        return self._shown.current.slice_key.case, self._region.reference.current

    @Slot(object)
    def _on_mask_failed(self, error: SaliscopeError) -> None:
        self._failed_beside = self._reference
        self._notices.report(MASK_FILE, error)

    @Slot(object)
    def _on_looked_into(self, path: Path) -> None:
        self._notices.clear(file_topic(path))
        self._notices.clear(skipped_topic(path))

    @Slot(object, object)
    def _on_file_failed(self, path: Path, error: SaliscopeError) -> None:
        self._notices.report(file_topic(path), error)

    @Slot(object, object)
    def _on_folder_partly_read(self, path: Path, contents: Contents) -> None:
        """The images of a folder are there; what failed is told in one line, what was skipped in another."""
        if contents.failures:
            self._notices.report(file_topic(path), texts_reading.some_failed(contents))
        if contents.skipped:
            self._notices.warn(skipped_topic(path), (contents.named_skipped(),))

    @Slot()
    def _on_worker_changed(self) -> None:
        if self._worker.state is LinkState.LOST:
            error = WorkerLost(self._worker.state_text, texts_processes.WORKER_LOST_HINT)
            self._notices.report(WORKER, error, action=texts.START_AGAIN)
        elif self._worker.refusal is not None:
            self._notices.report(WORKER, self._worker.refusal)
        else:
            self._notices.clear(WORKER)
            device = self._worker.device
            fallback = device.fallback if device is not None else ""
            self._notices.note(DEVICE, (fallback,) if fallback else ())


def file_topic(path: Path) -> str:
    """Each file has its own notice, which a good neighbour does not take away."""
    return f"file {path}"


def skipped_topic(path: Path) -> str:
    """What a folder holds beside its images has a notice of its own."""
    return f"skipped in {path}"
