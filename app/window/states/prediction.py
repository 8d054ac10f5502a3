"""What the model says about the image, and the sentences without which it would mislead."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import prediction as texts
from app.window.links import JobLink
from core.arrays import FloatArray
from core.errors import Cancelled, SaliscopeError
from core.images.slice import Slice
from core.models.bundle import bundle_folders, read_bundle
from core.models.card import Card
from core.models.fit import Fit
from core.network.layer import Layer
from core.results.records import PredictionRecord
from core.worker.messages import PredictDone, PredictRequest


class Phase(Enum):
    """Where a result stands."""

    EMPTY = "empty"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """One class: its calibrated probability and its logit; `top` marks the predicted one."""

    name: str
    probability: float
    logit: float
    top: bool


def installed_cards() -> tuple[list[Card], list[SaliscopeError]]:
    """The cards of all installed bundles, and the error of each that cannot be read."""
    cards, errors = [], []
    for folder in bundle_folders():
        try:
            cards.append(read_bundle(folder).card)
        except SaliscopeError as error:
            errors.append(error)
    return cards, errors


class PredictionState(QObject):
    """The chosen model and its prediction for the shown slice.

    input: what the network saw, (height, width, channels); None before it has. fit: whether the image
    fits the model; input_notes: what was done to it beside scaling and resizing.
    """

    changed = Signal()
    model_changed = Signal()
    predicted = Signal()

    def __init__(self, worker: JobLink, cards: list[Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self.cards = cards
        self.card: Card | None = cards[0] if cards else None
        self.phase = Phase.EMPTY
        self.record: PredictionRecord | None = None
        self.layers: tuple[Layer, ...] = ()
        self.input: FloatArray | None = None
        self.error: SaliscopeError | None = None
        self.fit: Fit | None = None
        self.input_notes: tuple[str, ...] = ()
        self.image: Slice | None = None
        self._job: int | None = None
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)

    def choose(self, model: str) -> bool:
        """Take another installed model. Returns whether it is another one; the session then goes on."""
        card = next((card for card in self.cards if card.id == model), None)
        if card is None or card is self.card:
            return False
        self.card = card
        self.model_changed.emit()
        return True

    def predict(self, image: Slice) -> None:
        """Ask the worker; an earlier question is withdrawn."""
        self._withdraw()
        self.image, self.record, self.error, self.layers = image, None, None, ()
        self.input, self.fit, self.input_notes = None, None, ()
        if self.card is None:
            self.phase = Phase.EMPTY
        else:
            self.phase = Phase.WAITING
            self._job = self._worker.submit(PredictRequest(model=self.card.id), image=image)
        self.changed.emit()

    def again(self) -> None:
        """Ask once more about the shown slice, after an error."""
        if self.image is not None:
            self.predict(self.image)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Classes by falling probability."""
        if self.record is None:
            return ()
        said, logits = self.record.probabilities, self.record.logits
        order = sorted(said, key=lambda name: -said[name])
        return tuple(Row(name, said[name], logits[name], name == self.record.class_name) for name in order)

    @property
    def standing(self) -> str:
        """What the probabilities cannot mean."""
        return texts.only_classes(self.card.classes) if self.card is not None else ""

    @property
    def calibration(self) -> str:
        """What calibration is worth, withdrawn for an image that does not fit the model."""
        if self.record is None or self.card is None:
            return ""
        return texts.calibration(self.card, self.record.calibrated, self.fit)

    @property
    def fits(self) -> bool:
        """False where the image is known not to fit the model: the bars are then grey."""
        return self.fit is None or self.fit.answer != "does_not_fit"

    def _withdraw(self) -> None:
        if self._job is not None:
            job, self._job = self._job, None
            self._worker.cancel(job)

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: list[FloatArray]) -> None:
        if job == self._job and isinstance(message, PredictDone):
            self._job = None
            self.record, self.layers = message.prediction, message.layers
            self.fit, self.input_notes = message.fit, message.input_notes
            self.input = arrays[0] if arrays else None
            self.phase = Phase.DONE
            self.changed.emit()
            self.predicted.emit()

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        if job == self._job:
            self._job = None
            self.phase = Phase.EMPTY if isinstance(error, Cancelled) else Phase.FAILED
            self.error = None if isinstance(error, Cancelled) else error
            self.changed.emit()
