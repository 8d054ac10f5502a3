"""The panel Prediction: the selected model, its probabilities as bars, and sentences on them."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.texts import prediction as texts_prediction
from app.texts import window as texts
from app.window.states.prediction import Phase, PredictionState
from app.window.theme import GAP, MARGIN
from app.window.widgets.chooser import Chooser
from app.window.widgets.panel import Panel
from app.window.widgets.probability_bars import ProbabilityBars


class PredictionPanel(Panel):
    """Draws a `PredictionState`."""

    def __init__(self, state: PredictionState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._models = Chooser(texts.MODEL)
        self._models.chosen.connect(state.choose)
        self._card, self._words = _muted(), _muted()
        self._standing = _muted()
        self._fit, self._input = _muted(), _muted()
        self._fit.setToolTip(texts_prediction.FIT_TIP)
        self._words.setToolTip(texts_prediction.CALIBRATION_TIP)
        self._error = QLabel()
        self._error.setObjectName("error")
        self._error.setWordWrap(True)
        self._again = QPushButton(texts_prediction.TRY_AGAIN)
        self._again.clicked.connect(state.predict)
        self._wait = QProgressBar()
        self._wait.setRange(0, 0)
        self._wait.setTextVisible(False)
        self.bars = ProbabilityBars()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        column.setSpacing(GAP)
        for part in (self._models, self._card, self._fit, self.bars, self._wait, self._error, self._again):
            column.addWidget(part)
        column.addWidget(self._words)
        column.addWidget(self._standing)
        column.addWidget(self._input)
        column.addStretch(1)
        state.changed.connect(self._show)
        state.model_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        state = self._state
        card = state.card
        self._models.show_choices([(each.id, each.title) for each in state.cards], card.id if card else None)
        self._models.setVisible(card is not None)
        self._card.setText(
            texts_prediction.card_line(card) if card is not None else texts_prediction.NO_MODEL
        )
        self._card.setToolTip(card.summary if card is not None else "")
        self._fit.setText(texts_prediction.fit_line(state.fit) if state.fit is not None else "")
        self._fit.setVisible(state.phase is Phase.DONE and state.fit is not None)
        self._fit.setObjectName("muted" if state.fits else "warning")
        self._fit.style().polish(self._fit)
        self.bars.show_rows(state.rows, is_grey=not state.fits)
        self.bars.setVisible(bool(state.rows))
        self._wait.setVisible(state.phase is Phase.WAITING)
        self._error.setVisible(state.phase is Phase.FAILED)
        self._again.setVisible(state.phase is Phase.FAILED)
        self._error.setText(str(state.error) if state.error is not None else "")
        self._words.setText(self._sentence())
        self._words.setVisible(bool(self._words.text()))
        self._standing.setText(state.standing)
        self._standing.setVisible(state.phase is Phase.DONE)
        notes = state.answer.message.input_notes if state.answer is not None else ()
        self._input.setText(" ".join(notes))
        self._input.setVisible(bool(notes))
        self._keep_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_whole()

    def _keep_whole(self) -> None:
        """Set the height that the wrapped sentences need, so that no probability is cut off."""
        self._column.invalidate()
        self.setMinimumHeight(self._column.totalHeightForWidth(self.width()))

    def _sentence(self) -> str:
        match self._state.phase:
            case Phase.EMPTY:
                return texts_prediction.PREDICTION_EMPTY if self._state.card is not None else ""
            case Phase.WAITING:
                return texts.PREDICTING
            case Phase.DONE:
                return self._state.calibration
            case Phase.FAILED:
                return ""


def _muted() -> QLabel:
    label = QLabel()
    label.setObjectName("muted")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
