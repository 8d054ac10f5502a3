"""A second model's prediction beside the first, and whether the two agree."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.texts import prediction as texts
from app.window.icons import tinted
from app.window.states.prediction import Phase
from app.window.states.second_prediction import SecondPredictionState
from app.window.theme import GAP, THEME, TIGHT
from app.window.widgets.prediction_view import PredictionView, repolish, wrapped_label
from app.window.widgets.probability_bars import ProbabilityBars
from core.number_text import no_break, percent


class SecondPredictionView(QWidget):
    """Draws a `SecondPredictionState`; without a second model it is hidden.

    What the second model says, and whether the two agree, stands in `head` below the first answer, and bars
    of the same classes below its bars. Bars of other classes, fit and calibration stand here.
    """

    def __init__(
        self, state: SecondPredictionState, first: PredictionView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._first = state, first
        self.prediction, self.agreement = wrapped_label("plain"), wrapped_label("headline")
        self.fit, self.caveat, self.calibration = wrapped_label(), wrapped_label("caveat"), wrapped_label()
        self.bars = ProbabilityBars()
        self.bars.setAccessibleName(texts.COMPARE_WITH)
        self.head = QWidget()
        self._lay_out_head()
        first.insert_above_fit(self.head)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for part in (self.fit, self.bars, self.caveat, self.calibration):
            column.addWidget(part)

    def _lay_out_head(self) -> None:
        end = QToolButton()
        end.setIcon(tinted("close", THEME.colours.muted))
        end.setToolTip(texts.END_COMPARISON)
        end.setAccessibleName(texts.END_COMPARISON)
        end.clicked.connect(self._on_end)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.prediction, 1)
        row.addWidget(end, 0, Qt.AlignmentFlag.AlignTop)
        self.head_column = column = QVBoxLayout(self.head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(row)
        column.addWidget(self.agreement)

    def show_state(self, first_caveat: str) -> None:
        """Draw the second answer beside the first, whose caveat is not repeated."""
        state = self._state
        summary, card = state.summary, state.card
        for part in (self, self.head):
            part.setVisible(state.phase is not Phase.EMPTY)
        is_beside = summary is not None and state.has_same_classes
        rows, is_grey = (summary.rows, not summary.fits) if summary is not None else ((), False)
        self._first.bars.show_second(rows if is_beside else (), is_grey)
        self.bars.show_rows(() if is_beside else rows, is_grey)
        self.bars.setVisible(not is_beside and bool(rows))
        self.fit.setObjectName("muted" if summary is None or summary.fits else "warning")
        repolish(self.fit)
        title = card.title if card is not None else ""
        self.prediction.setToolTip(texts.OUTLINED_BARS if is_beside else "")
        _show_words(self.prediction, texts.compared_with(title, self._answer_words()))
        _show_words(self.agreement, state.agreement)
        own = {self.fit: "", self.caveat: "", self.calibration: ""}
        if summary is not None:
            caveat = summary.caveat if summary.caveat != first_caveat else ""
            own = {self.fit: summary.fit_words, self.caveat: caveat, self.calibration: summary.calibration}
        for label, text in own.items():
            _show_words(label, texts.compared_with(title, text) if text else "")

    def _answer_words(self) -> str:
        """The second model's class and probability, or why there is none yet."""
        summary = self._state.summary
        match self._state.phase:
            case Phase.WAITING:
                return texts.SECOND_WAITS
            case Phase.FAILED:
                return str(self._state.error)
            case _ if summary is not None:
                return f"{summary.class_words} {no_break(percent(summary.record.probability))}"
            case _:
                return ""

    @Slot()
    def _on_end(self) -> None:
        self._state.choose("")


def _show_words(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
