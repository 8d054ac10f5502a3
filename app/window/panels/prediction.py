"""The panel Prediction: the selected model, what it says of the image, and sentences on that."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.texts import prediction as texts_prediction
from app.texts import window as texts
from app.window.compare_menu import CompareMenu
from app.window.models_folder import open_models_folder
from app.window.states.impressions import ImpressionsState, LookFirstStep
from app.window.states.prediction import Phase, PredictionState
from app.window.states.second_prediction import SecondPredictionState
from app.window.theme import GAP, MARGIN
from app.window.widgets.chooser import Chooser
from app.window.widgets.impression_form import DecisionForm, ImpressionForm
from app.window.widgets.panel import Panel
from app.window.widgets.prediction_view import PredictionView, wrapped_label
from app.window.widgets.second_prediction_view import SecondPredictionView

# The panel takes no more of the window's height by itself, so that the methods below it have room in a low
# window; what is longer can be scrolled.
LARGEST_SHARE = 0.368


class PredictionPanel(Panel):
    """Draws a `PredictionState`, as high as its content."""

    def __init__(
        self,
        state: PredictionState,
        second: SecondPredictionState,
        impressions: ImpressionsState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._second, self._impressions = state, second, impressions
        self.impression, self.decision = ImpressionForm(impressions), DecisionForm(impressions)
        self._models = Chooser(texts.MODEL)
        # Titles may be longer than a narrow panel is wide.
        self._models.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._models.setMinimumContentsLength(8)
        self._models.chosen.connect(state.choose)
        self.answer = PredictionView()
        self.answer.insert_below_bars(self.decision)
        self.second = SecondPredictionView(second, self.answer)
        self.compare = QToolButton()
        self.compare.setObjectName("link")
        self.compare.setText(texts_prediction.COMPARE)
        self.compare.setToolTip(texts_prediction.COMPARE_TIP)
        self.compare.setMenu(CompareMenu(second, self))
        self.compare.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._words, self._standing, self._input = wrapped_label(), wrapped_label(), wrapped_label()
        self._error = wrapped_label("error")
        self._again = QPushButton(texts_prediction.TRY_AGAIN)
        self._again.clicked.connect(state.predict)
        self.models_folder = QPushButton(texts_prediction.OPEN_MODELS_FOLDER)
        self.models_folder.clicked.connect(open_models_folder)
        self._wait = QProgressBar()
        self._wait.setRange(0, 0)
        self._wait.setTextVisible(False)
        self._wait.setAccessibleName(texts.PREDICTING)
        self._content = Panel()
        self._column = column = QVBoxLayout(self._content)
        column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        column.setSpacing(GAP)
        for part in (
            self._models,
            self.impression,
            self._words,
            self.answer,
            self.second,
            self._wait,
            self._error,
            self._again,
            self.models_folder,
        ):
            column.addWidget(part)
        for part in (self._standing, self._input):
            column.addWidget(part)
        column.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignLeft)
        self._fill()
        state.changed.connect(self._show)
        state.model_changed.connect(self._show)
        second.changed.connect(self._show)
        impressions.changed.connect(self._show)
        self._show()

    def _fill(self) -> None:
        """Put the content into an area that scrolls where the window is too low for it."""
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(texts.PREDICTION)
        area.setWidget(self._content)
        self._content.installEventFilter(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    @Slot()
    def _show(self) -> None:
        state = self._state
        card, summary = state.card, state.summary
        self._models.show_choices([(each.id, each.title) for each in state.cards], card.id if card else None)
        self._models.setVisible(card is not None)
        self._models.setToolTip(f"{card.summary}\n{texts_prediction.card_line(card)}" if card else "")
        if summary is not None:
            self.answer.show_summary(summary)
        self.answer.setVisible(summary is not None)
        self.second.show_state(summary.caveat if summary is not None else "")
        self.compare.setVisible(bool(self._second.choices))
        self._wait.setVisible(state.phase is Phase.WAITING)
        self._error.setVisible(state.phase is Phase.FAILED)
        self._again.setVisible(state.phase is Phase.FAILED)
        self._error.setText(str(state.error) if state.error is not None else "")
        self._words.setText(self._sentence())
        self._words.setVisible(bool(self._words.text()))
        self._standing.setText(state.standing)
        self._standing.setVisible(state.phase is Phase.DONE)
        notes = state.answer.message.input_notes if state.answer is not None else ()
        self.models_folder.setVisible(card is None)
        if card is None:
            notes = (texts_prediction.NO_MODEL_HINT,)
        self._input.setText(" ".join(notes))
        self._input.setVisible(bool(notes))
        # The height counts at once. Not while a layout request is handled: it would ask for the next one.
        self._column.invalidate()
        self._hug_content()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hug_content()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._hug_content()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._hug_content()
        return super().eventFilter(watched, event)

    def _hug_content(self) -> None:
        """Be as high as the wrapped sentences need, as far as the window has room for it."""
        # What has changed within counts at once.
        parts = (self.decision, self.impression, self.second, self.answer)
        for layout in (self.second.head_column, *(part.column for part in parts)):
            layout.activate()
        height = self._column.totalHeightForWidth(self.width())
        room = round(LARGEST_SHARE * self.window().height()) if not self.isWindow() else height
        if self.decision.isVisibleTo(self._content):
            # It is what a person is to answer now, beside the bars that the answer is about.
            room += self.decision.sizeHint().height()
        self.setMinimumHeight(min(height, room))
        self.setMaximumHeight(max(height, 1))

    def _sentence(self) -> str:
        match self._state.phase:
            case Phase.EMPTY if self._state.card is None:
                return texts_prediction.NO_MODEL
            case Phase.EMPTY if self._impressions.step is LookFirstStep.IMPRESSION:
                return ""
            case Phase.EMPTY:
                return texts_prediction.PREDICTION_EMPTY
            case Phase.WAITING:
                return texts.PREDICTING
            case Phase.DONE | Phase.FAILED:
                return ""
