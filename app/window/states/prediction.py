"""What the network says about the image, and the sentences without which it would mislead."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.prediction_summary import PredictionSummary, standing_sentence
from app.window.states.shown import Shown, ShownState
from core.arrays import FloatArray
from core.errors import Cancelled, SaliscopeError
from core.models.bundle import bundle_folders, read_bundle
from core.models.card import Card
from core.models.fit import Fit
from core.results.records import PredictionRecord
from core.worker.messages import PredictDone, PredictRequest


class Phase(Enum):
    """Where a result stands."""

    EMPTY = "empty"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


def installed_cards() -> tuple[list[Card], list[SaliscopeError]]:
    """The cards of all installed bundles, and the error of each that cannot be read."""
    cards, errors = [], []
    for folder in bundle_folders():
        try:
            cards.append(read_bundle(folder).card)
        except SaliscopeError as error:
            errors.append(error)
    return cards, errors


@dataclass(frozen=True, slots=True, eq=False)
class PredictionAnswer:
    """What the worker said, and of what. input: what the network saw, (height, width, channels)."""

    shown: Shown
    message: PredictDone
    input: FloatArray | None


class PredictionState(QObject):
    """The chosen network and its prediction for the shown slice."""

    changed = Signal()
    model_changed = Signal()
    predicted = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        cards: list[Card],
        parent: QObject | None = None,
        holds_back: Callable[[Shown], bool] = lambda shown: False,
    ) -> None:
        """holds_back: whether nothing may be predicted of a slice yet."""
        super().__init__(parent)
        self._worker, self._shown, self._holds_back = worker, shown, holds_back
        self.cards = cards
        self.phase = Phase.EMPTY
        self.error: SaliscopeError | None = None
        self._answer: PredictionAnswer | None = None
        self._job: Job | None = None
        self._asked_card = self.card
        shown.changed.connect(self.predict)

    @property
    def card(self) -> Card | None:
        """Of the chosen network."""
        return self._shown.current.card

    @property
    def answer(self) -> PredictionAnswer | None:
        """None until the worker has answered for what is shown now."""
        answer, now = self._answer, self._shown.current
        if answer is None or answer.shown.image is not now.image or answer.shown.card is not now.card:
            return None
        return answer

    @property
    def record(self) -> PredictionRecord | None:
        return self.answer.message.prediction if self.answer is not None else None

    @property
    def class_name(self) -> str:
        """The predicted class; empty before there is one."""
        return self.record.class_name if self.record is not None else ""

    @property
    def input(self) -> FloatArray | None:
        """What the network saw, (height, width, channels)."""
        return self.answer.input if self.answer is not None else None

    @property
    def fit(self) -> Fit | None:
        """Whether the image fits the network."""
        return self.answer.message.fit if self.answer is not None else None

    def choose(self, model: str) -> bool:
        """Take another installed network. Returns whether it is another one."""
        card = next((card for card in self.cards if card.id == model), None)
        if card is None or card is self.card:
            return False
        self._shown.show_card(card)
        return True

    @Slot()
    def predict(self) -> None:
        """Ask the worker about what is shown, once more after an error; an earlier question is withdrawn."""
        if self._job is not None:
            self._job.cancel()
        shown = self._shown.current
        self._answer, self._job, self.error, self.phase = None, None, None, Phase.EMPTY
        if shown.card is not None and shown.image is not None and not self._holds_back(shown):
            self.phase = Phase.WAITING
            self._job = self._worker.submit(PredictRequest(model=shown.card.id), image=shown.image)
            self._job.done.connect(partial(self._on_done, self._job, shown))
            self._job.failed.connect(partial(self._on_failed, self._job))
        if shown.card is not self._asked_card:
            self._asked_card = shown.card
            self.model_changed.emit()
        self.changed.emit()

    @property
    def summary(self) -> PredictionSummary | None:
        """What is shown of the answer; None before there is one."""
        answer, card = self.answer, self.card
        return PredictionSummary(card, answer.message) if answer is not None and card is not None else None

    @property
    def standing(self) -> str:
        """What the probabilities cannot mean."""
        return standing_sentence(self.card) if self.card is not None else ""

    def _on_done(self, job: Job, shown: Shown, message: PredictDone, arrays: list[FloatArray]) -> None:
        if job is self._job:
            self._job = None
            self._answer = PredictionAnswer(shown, message, arrays[0] if arrays else None)
            self.phase = Phase.DONE
            self.changed.emit()
            self.predicted.emit()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            self.phase = Phase.EMPTY if isinstance(error, Cancelled) else Phase.FAILED
            self.error = None if isinstance(error, Cancelled) else error
            self.changed.emit()
