"""Where the open image lies among those of the network's report."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler, BackgroundTask, TaskKind
from app.window.states.prediction import PredictionAnswer, PredictionState
from core.arrays import FloatArray
from core.errors import Cancelled, SaliscopeError
from core.worker.messages import PlaceDone, PlaceRequest


class PlacingState(QObject):
    """Asks the worker about the predicted image while the panel is visible.

    places: x and y by the scatter's name, in its units; empty until they are known. error: why they never
    will be.
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
        self.places: dict[str, tuple[float, float]] = {}
        self.error: SaliscopeError | None = None
        self._answer: PredictionAnswer | None = None
        """What was predicted of the image that the places, or the job, are about."""
        self._job: Job | None = None
        self._is_active = False
        background.add_source(self._tasks)
        prediction.changed.connect(self._on_prediction_changed)

    @property
    def running(self) -> bool:
        return self._job is not None

    def set_active(self, active: bool) -> None:
        """Whether the places are visible."""
        self._is_active = active
        self._background.run_next()

    def _tasks(self) -> Iterator[BackgroundTask]:
        answer = self._prediction.answer
        if self._is_active and answer is not None and answer is not self._answer:
            yield BackgroundTask(TaskKind.PLACING, answer, 0.0, self._submit)

    def _submit(self) -> Job | None:
        answer = self._prediction.answer
        if answer is None or answer.shown.card is None:
            return None
        request = PlaceRequest(model=answer.shown.card.id)
        job = self._worker.submit(request, image=answer.shown.image, is_background=True)
        self._answer, self._job = answer, job
        job.done.connect(partial(self._on_done, job))
        job.failed.connect(partial(self._on_failed, job))
        self.changed.emit()
        return job

    @Slot()
    def _on_prediction_changed(self) -> None:
        """What is known of another image, or by another network, is not true any more."""
        if self._answer is None or self._answer is self._prediction.answer:
            return
        job, self._job, self._answer = self._job, None, None
        self.places, self.error = {}, None
        if job is not None:
            job.cancel()
        self.changed.emit()

    def _on_done(self, job: Job, message: PlaceDone, arrays: list[FloatArray]) -> None:
        if job is self._job:
            self._job, self.places = None, message.places
            self.changed.emit()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            if isinstance(error, Cancelled):
                self._answer = None  # it made way for something else, and is to be asked again
            else:
                self.error = error
            self.changed.emit()
