"""The speed of a model on this machine, measured in the background once."""

import os
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler, BackgroundTask, TaskKind
from app.window.states.pace import Pace
from app.window.states.prediction import PredictionState
from core.errors import Cancelled, SaliscopeError
from core.models.card import Card
from core.version import program_version
from core.worker.messages import CalibrateDone, CalibrateRequest


class CalibrationState(QObject):
    """Chooses the pace of the shown image's model, and measures it where it is not known."""

    changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        prediction: PredictionState,
        background: BackgroundScheduler,
        pace: Pace,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._prediction, self._pace = worker, prediction, pace
        self._job: Job | None = None
        background.add_source(self._tasks)
        prediction.changed.connect(self._on_prediction_changed)
        worker.state_changed.connect(self._on_prediction_changed)

    @property
    def running(self) -> bool:
        return self._job is not None

    @Slot()
    def _on_prediction_changed(self) -> None:
        # While the next image is predicted, the pace is still that of its model.
        if self._key:
            self._pace.choose(self._key)

    @property
    def _card(self) -> Card | None:
        answer = self._prediction.answer
        return answer.shown.card if answer is not None else None

    @property
    def _key(self) -> str:
        """Names the model's weights, the device, the program and its cores; empty without a model."""
        device = self._worker.device
        if self._card is None or device is None:
            return ""
        parts = self._card.weights_sha256, device.words, program_version(), f"{usable_cores()} cores"
        return ", ".join(parts)

    def _tasks(self) -> Iterator[BackgroundTask]:
        key = self._key
        if key and self._pace.is_pending and self._job is None:
            yield BackgroundTask(TaskKind.CALIBRATION, key, 0.0, self._submit)

    def _submit(self) -> Job | None:
        answer, key = self._prediction.answer, self._key
        if answer is None or answer.shown.card is None or not key:
            return None
        request = CalibrateRequest(model=answer.shown.card.id)
        self._job = job = self._worker.submit(request, image=answer.shown.image, is_background=True)
        job.done.connect(partial(self._on_done, key))
        job.failed.connect(partial(self._on_failed, key))
        self.changed.emit()
        return job

    def _on_done(self, key: str, message: CalibrateDone, arrays: object) -> None:
        self._job = None
        self._pace.store(key, message.speed)
        self.changed.emit()

    def _on_failed(self, key: str, error: SaliscopeError) -> None:
        self._job = None
        if not isinstance(error, Cancelled):
            self._pace.give_up(key)  # what ended it once would do so again
        self.changed.emit()


def usable_cores() -> int:
    """Cores that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
