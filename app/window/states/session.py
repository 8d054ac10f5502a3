"""What follows from what: a chosen case is read, shown, predicted and, if it is a sample, explained."""

import hashlib
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Slot

from app.texts import image as texts_image
from app.texts import model as texts_model
from app.texts import processes as texts_processes
from app.texts import reading as texts_reading
from app.texts import reveal as texts_reveal
from app.texts import window as texts
from app.window.links import JobLink, LinkState
from app.window.states.agreement import AgreementState
from app.window.states.cases import Case, CasesState
from app.window.states.curves import CurvesState
from app.window.states.evidence import EvidenceState
from app.window.states.explain import ExplainState
from app.window.states.image import ImageState
from app.window.states.judging import JudgingState
from app.window.states.maps import ImageKey, MapsState
from app.window.states.notices import NoticesState
from app.window.states.placing import PlacingState
from app.window.states.prediction import PredictionState
from app.window.states.region import RegionState
from app.window.states.reveal import RevealState
from app.window.states.sanity import SanityState
from core.errors import SaliscopeError, WorkerLost
from core.images.slice import Slice
from core.models.card import Card
from core.readers.protocol import Contents, SeriesEntry
from core.samples import Sample

SAMPLE_METHOD = "grad_cam"
MISFIT, WORKER, MASK, NOTES = "misfit", "worker", "mask", "notes"


class Session(QObject):
    """All view models of one window, and the order of trust between them."""

    def __init__(
        self,
        worker: JobLink,
        reader: JobLink,
        cards: list[Card],
        samples: list[Sample],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.worker, self.reader = worker, reader
        self.notices = NoticesState(self)
        self.cases = CasesState(reader, samples, self)
        self.image = ImageState(self)
        self.prediction = PredictionState(worker, cards, self)
        self.maps = MapsState(self)
        self.explain = ExplainState(worker, self.maps, self)
        self.curves = CurvesState(worker, self.maps, self)
        self.agreement = AgreementState(self.maps, self)
        self.reveal = RevealState(worker, self.maps, self.curves, self.prediction, self)
        self.region = RegionState(reader, self)
        self.judging = JudgingState(worker, self.maps, self.explain, self)
        self.sanity = SanityState(self.maps, self.judging, self)
        self.evidence = EvidenceState(self.maps, self.curves, self.judging, self)
        self._show_sample = False
        self._digest = ""
        self._entry: SeriesEntry | None = None
        self.cases.image_read.connect(self._on_image_read)
        self.cases.looked_into.connect(self._on_looked_into)
        self.cases.failed.connect(self._on_file_failed)
        self.cases.partly_read.connect(self._on_folder_partly_read)
        self.prediction.changed.connect(self._on_prediction_changed)
        self.prediction.model_changed.connect(self._on_model_changed)
        self.prediction.predicted.connect(self._on_predicted)
        self.maps.selected_changed.connect(self._on_map_selected)
        self.region.changed.connect(self._on_region_changed)
        self.region.failed.connect(self._on_mask_failed)
        worker.state_changed.connect(self._on_worker_changed)
        # After the connections above: maps of a new prediction are asked for first.
        self.placing = PlacingState(worker, self.prediction, self)

    @property
    def busy(self) -> bool:
        """Something runs that a person asked for and may cancel."""
        asked = (self.explain, self.curves, self.judging)
        return any(model.running for model in asked) or self.cases.reading

    @property
    def activity(self) -> tuple[str, float | None]:
        """What is going on, in words, and the share done where it is known."""
        if self.explain.running:
            share, text = self.explain.progress
            return text, share
        if self.curves.at_work:
            share, text = self.curves.progress
            return text, share
        if self.cases.reading:
            return texts.READING, None
        part, check = self.judging.progress
        if check:
            return check, part
        return (self._unasked if self.worker.open_jobs else ""), None

    @property
    def _unasked(self) -> str:
        """What the worker does of itself, in words."""
        if self.placing.running:
            return texts_model.PLACING
        return texts_reveal.MAKING_PICTURES if self.reveal.making else texts.PREDICTING

    def open_sample(self, identity: str = "") -> None:
        """Choose a bundled sample, the first one if none is named."""
        for case in self.cases.samples:
            if case.sample is not None and identity in ("", case.sample.id):
                self.cases.choose(case.number)
                return

    def start_explaining(self) -> None:
        """Run the checked methods; who asks for maps wants to see them."""
        self.explain.explain()
        self.image.set_overlay_on(True)

    def show_map(self, number: int) -> None:
        """Lay a map of the gallery over the image."""
        self.maps.select(number)
        self.image.set_overlay_on(True)

    def remove_map(self, number: int) -> None:
        """Take a map out of the gallery; one that is still computed is cancelled."""
        self.explain.cancel_map(number)
        self.maps.remove(number)

    def restart_worker(self) -> None:
        """Start the engine again after it was lost; what it was asked last is asked again."""
        self.worker.restart()

    def cancel(self) -> None:
        """End what a person started."""
        self.explain.cancel()
        self.curves.cancel()
        self.judging.cancel()
        self.cases.cancel()

    @Slot(object, int, object)
    def _on_image_read(self, case: Case, frame: int, image: Slice) -> None:
        self.notices.clear(file_topic(case.path))
        self._digest, self._entry = digest_of(image), case.entry
        self.notices.note(NOTES, (texts_image.reader_notes(image.notes),) if image.notes else ())
        self._show_sample = case.sample is not None and case.number != self.image.case
        self.image.show(image, case.number, case.title, frame, case.frames)
        if case.sample is None or not self.prediction.choose(case.sample.model):
            self._turn_to_image()

    def _turn_to_image(self) -> None:
        """Everything that hangs on slice and model begins anew; maps that were made before come back."""
        image, card = self.image.image, self.prediction.card
        if image is None or self.image.case is None or self._entry is None:
            return
        key = self._key(self.image.case, card.id) if card is not None else None
        grid_map = card.preprocessing.grid_map(image.shape, image.pixel_aspect) if card is not None else None
        self.explain.set_image(image, key)
        self.curves.set_image(image)
        self.judging.set_image(image)
        self.maps.show_image(key, grid_map)
        self.reveal.set_image(image)
        shown = (self.image.case, self.image.frame, self._digest)
        self.region.show_slice(shown, image, self._entry, self.image.frame)
        self.prediction.predict(image)

    def _key(self, case: int, model: str) -> ImageKey:
        return ImageKey(case, self.image.frame, model, self._digest)

    @Slot()
    def _on_model_changed(self) -> None:
        self._turn_to_image()

    @Slot()
    def _on_prediction_changed(self) -> None:
        fit = self.prediction.fit
        self.notices.warn(MISFIT, fit.warnings if fit is not None else ())

    @Slot()
    def _on_predicted(self) -> None:
        card, record = self.prediction.card, self.prediction.record
        if card is None or record is None:
            return
        self.explain.set_prediction(card, record, self.prediction.layers)
        self.judging.set_input(self.prediction.input)
        self.curves.set_class(record.class_name)
        if self._show_sample:
            self._show_sample = False
            self.image.set_overlay_on(True)
            if not self.maps.finished:
                self.explain.start([SAMPLE_METHOD])

    @Slot()
    def _on_map_selected(self) -> None:
        entry = self.maps.selected
        self.image.set_overlay(self.maps.overlay(entry) if entry is not None else None)

    @Slot()
    def _on_region_changed(self) -> None:
        self.notices.warn(MASK, self.region.notes)
        self.judging.set_region(self.region.mask)

    @Slot(object)
    def _on_mask_failed(self, error: SaliscopeError) -> None:
        self.notices.report(MASK, error)

    @Slot(object)
    def _on_looked_into(self, path: Path) -> None:
        self.notices.clear(file_topic(path))
        self.notices.clear(skipped_topic(path))

    @Slot(object, object)
    def _on_file_failed(self, path: Path, error: SaliscopeError) -> None:
        self.notices.report(file_topic(path), error)

    @Slot(object, object)
    def _on_folder_partly_read(self, path: Path, found: Contents) -> None:
        """The images of a folder are there; what failed is told in one line, what was skipped in another."""
        if found.failures:
            self.notices.report(file_topic(path), texts_reading.some_failed(found))
        if found.skipped:
            self.notices.warn(skipped_topic(path), (found.named_skipped(),))

    @Slot()
    def _on_worker_changed(self) -> None:
        if self.worker.state is LinkState.LOST:
            error = WorkerLost(self.worker.state_text, texts_processes.WORKER_LOST_HINT)
            self.notices.report(WORKER, error, action=texts.START_AGAIN)
            return
        self.notices.clear(WORKER)
        if self.worker.state is LinkState.STARTING and isinstance(self.prediction.error, WorkerLost):
            self.prediction.again()


def file_topic(path: Path) -> str:
    """Each file has its own notice, which a good neighbour does not take away."""
    return f"file {path}"


def skipped_topic(path: Path) -> str:
    """What a folder holds beside its images has a notice of its own."""
    return f"skipped in {path}"


def digest_of(image: Slice) -> str:
    """Of all that the network's input is made from.

    Values with shape and kind, polarity, unit (which decides whether the polarity counts), proportions of the
    pixels, and padding.
    """
    values = np.ascontiguousarray(image.values)
    facts = (
        f"{values.shape} {values.dtype.str} {image.inverted} {image.unit} {image.pixel_aspect!r} "
        f"{image.padding is not None}"
    )
    digest = hashlib.blake2b(facts.encode(), digest_size=16)
    digest.update(values.data)
    if image.padding is not None:
        digest.update(np.packbits(image.padding).data)
    return digest.hexdigest()
