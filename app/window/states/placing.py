"""Where the open image lies among those of the model's report."""

from PySide6.QtCore import QObject, Signal, Slot

from app.window.links import JobLink
from app.window.states.prediction import PredictionState
from core.arrays import FloatArray
from core.errors import Cancelled, SaliscopeError
from core.worker.messages import PlaceDone, PlaceRequest


class PlacingState(QObject):
    """Asks the worker about the predicted image while somebody looks.

    places: x and y by the scatter's name, in its units; empty until they are known. error: why they never
    will be.
    """

    changed = Signal()

    def __init__(self, worker: JobLink, prediction: PredictionState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._prediction = worker, prediction
        self.places: dict[str, tuple[float, float]] = {}
        self.error: SaliscopeError | None = None
        self._asked: FloatArray | None = None
        self._job: int | None = None
        self._active = False
        prediction.changed.connect(self._on_prediction_changed)
        prediction.predicted.connect(self._ask)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)

    @property
    def running(self) -> bool:
        return self._job is not None

    def set_active(self, active: bool) -> None:
        """Whether somebody looks at the places."""
        self._active = active
        self._ask()

    @Slot()
    def _on_prediction_changed(self) -> None:
        """What was found for another image, or by another model, is not true any more."""
        if self._asked is None or self._asked is self._prediction.input:
            return
        job, self._job, self._asked = self._job, None, None
        self.places, self.error = {}, None
        if job is not None:
            self._worker.cancel(job)
        self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        card, x = self._prediction.card, self._prediction.input
        if self._active and card is not None and x is not None and x is not self._asked:
            self._asked = x
            self._job = self._worker.submit(PlaceRequest(model=card.id), image=self._prediction.image)
            self.changed.emit()

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: list[FloatArray]) -> None:
        if job == self._job and isinstance(message, PlaceDone):
            self._job, self.places = None, message.places
            self.changed.emit()

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        if job == self._job:
            self._job = None
            self.error = None if isinstance(error, Cancelled) else error
            self.changed.emit()
