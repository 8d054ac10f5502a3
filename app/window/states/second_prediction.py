"""What another network says of the shown slice, beside the chosen one, and whether the two agree."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import prediction as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler, BackgroundTask, TaskKind
from app.window.states.prediction import Phase, PredictionAnswer, PredictionState
from app.window.states.prediction_summary import PredictionSummary
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.models.card import Card
from core.worker.messages import PredictDone, PredictRequest


class SecondPredictionState(QObject):
    """Follows the prediction: whatever it is of, the second network is asked about it in the background.

    card: of the second network; None where the prediction stands alone. It is given up when nothing is
    shown any more, and when the first network becomes the same one or one of other classes. summary: its
    answer for what is shown. error: why there is none.
    """

    changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        prediction: PredictionState,
        background: BackgroundScheduler,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._prediction, self._background = worker, prediction, background
        self.card: Card | None = None
        self.summary: PredictionSummary | None = None
        self.error: SaliscopeError | None = None
        self._answer: PredictionAnswer | None = None
        """The first network's, of the image that the second was asked about."""
        self._first = prediction.card
        self._job: Job | None = None
        background.add_source(self._tasks)
        prediction.changed.connect(self._on_prediction_changed)

    @property
    def choices(self) -> tuple[Card, ...]:
        """The networks that can be compared with the chosen one; none before an image is predicted."""
        first = self._prediction
        if first.answer is None:
            return ()
        return tuple(card for card in first.cards if card is not first.card)

    @property
    def phase(self) -> Phase:
        """Where the second answer stands; EMPTY without a second network or a first answer."""
        if self.card is None or self._prediction.answer is None:
            return Phase.EMPTY
        if self.error is not None:
            return Phase.FAILED
        return Phase.DONE if self.summary is not None else Phase.WAITING

    @property
    def has_same_classes(self) -> bool:
        """Whether the two probabilities of a class stand side by side."""
        first = self._prediction.card
        return first is not None and self.card is not None and _is_alike(first, self.card)

    @property
    def agreement(self) -> str:
        """Whether the two say the same, in a sentence; empty before both have answered."""
        first, second = self._prediction.summary, self.summary
        if first is None or second is None:
            return ""
        if not self.has_same_classes:
            return texts.OTHER_CLASSES
        if first.record.class_name == second.record.class_name:
            words = texts.both_say(first.class_words)
        else:
            words = texts.they_disagree(first.class_words, second.class_words)
        misfits = [summary.card.title for summary in (first, second) if not summary.fits]
        return f"{words} {texts.agreement_of_misfit(misfits)}" if misfits else words

    def choose(self, model: str) -> None:
        """Compare with this network; with none if model is empty or not among the choices."""
        card = next((card for card in self.choices if card.id == model), None)
        if card is not self.card:
            self._take(card)
            self._background.run_next()

    def _take(self, card: Card | None) -> None:
        self.card = card
        self._forget()
        self.changed.emit()

    def _forget(self) -> None:
        job, self._job = self._job, None
        self.summary, self.error, self._answer = None, None, None
        if job is not None:
            job.cancel()

    def _tasks(self) -> Iterator[BackgroundTask]:
        answer, card = self._prediction.answer, self.card
        if card is not None and answer is not None and answer is not self._answer:
            yield BackgroundTask(TaskKind.SECOND_PREDICTION, (answer, card.id), 0.0, self._submit)

    def _submit(self) -> Job | None:
        answer, card = self._prediction.answer, self.card
        if answer is None or card is None:
            return None
        request = PredictRequest(model=card.id)
        job = self._worker.submit(request, image=answer.shown.image, is_background=True)
        self._answer, self._job = answer, job
        job.done.connect(partial(self._on_done, job, card))
        job.failed.connect(partial(self._on_failed, job))
        return job

    @Slot()
    def _on_prediction_changed(self) -> None:
        """What the second network said of another image is not true any more."""
        first, self._first = self._first, self._prediction.card
        is_gone = self._prediction.phase is Phase.EMPTY
        is_other = self._first is not first and not (self.has_same_classes and self._first is not self.card)
        if self.card is not None and (is_gone or is_other):
            self._take(None)
            return
        if self._answer is not None and self._answer is not self._prediction.answer:
            self._forget()
        self.changed.emit()

    def _on_done(self, job: Job, card: Card, message: PredictDone, arrays: list[Array]) -> None:
        if job is self._job:
            self._job, self.summary = None, PredictionSummary(card, message)
            self.changed.emit()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            if isinstance(error, Cancelled):
                self._answer = None  # it made way for something else, and is to be asked again
            else:
                self.error = error
            self.changed.emit()


def _is_alike(first: Card, second: Card) -> bool:
    """Whether the two networks know the same classes."""
    return set(first.classes) == set(second.classes)
