"""What follows from the mode in which a reader looks first: predictions wait, and the record is filled."""

from PySide6.QtCore import QObject, Slot

from app.window.states.cases import CasesState
from app.window.states.image import ImageState
from app.window.states.impressions import ImpressionsState
from app.window.states.prediction import PredictionState
from app.window.states.shown import ShownState


class LookFirstEffects(QObject):
    """Carries out what an `ImpressionsState` says, and tells it what the reader has seen."""

    def __init__(
        self,
        impressions: ImpressionsState,
        shown: ShownState,
        cases: CasesState,
        prediction: PredictionState,
        image: ImageState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._impressions, self._shown, self._cases = impressions, shown, cases
        self._prediction, self._image = prediction, image
        impressions.released.connect(prediction.predict)
        impressions.mode_changed.connect(self._on_mode_changed)
        prediction.predicted.connect(self._note_prediction)
        image.overlay_changed.connect(self._note_map)

    @Slot()
    def _on_mode_changed(self) -> None:
        """What waits for an impression is withdrawn, and samples are named without their class."""
        self._cases.set_blind(self._impressions.is_on)
        if self._impressions.holds_back(self._shown.current):
            self._prediction.predict()

    @Slot()
    def _note_prediction(self) -> None:
        if self._prediction.record is not None:
            self._impressions.note_prediction(self._prediction.record)

    @Slot()
    def _note_map(self) -> None:
        if self._image.overlay_visible and self._image.overlay is not None:
            self._impressions.note_map(self._image.overlay.title)
