"""Look first: the question for the reader's impression, and for the decision after the prediction."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.texts import impressions as texts
from app.window.states.impressions import ImpressionsState, LookFirstStep
from app.window.theme import GAP, TIGHT
from app.window.widgets.chooser import Chooser
from app.window.widgets.prediction_view import wrapped_label
from core.results.look_first import Choice, Confidence

LONGEST_NOTE = 500


class ImpressionForm(QWidget):
    """Asks what the reader sees, while an `ImpressionsState` waits for that."""

    def __init__(self, state: ImpressionsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._answers: tuple[tuple[str, str], ...] = ()
        self._case: int | None = None
        self._confidence: Confidence | None = None
        question = wrapped_label("headline")
        question.setText(texts.QUESTION)
        why = wrapped_label()
        why.setText(texts.WHY)
        self.group = QButtonGroup(self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(TIGHT)
        self.confidence = Chooser(texts.CONFIDENCE)
        self.confidence.chosen.connect(self._on_confidence)
        self.show_prediction = QPushButton(texts.SHOW_PREDICTION)
        self.show_prediction.setObjectName("primary")
        self.show_prediction.clicked.connect(self._on_show)
        self.group.buttonToggled.connect(self._on_answer)
        sure = QHBoxLayout()
        sure.setSpacing(GAP)
        sure.addWidget(QLabel(texts.CONFIDENCE))
        sure.addWidget(self.confidence, 1)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(question)
        column.addLayout(self._rows)
        column.addLayout(sure)
        column.addWidget(self.show_prediction)
        column.addWidget(why)
        state.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        state = self._state
        is_asked = state.step is LookFirstStep.IMPRESSION
        self.setVisible(is_asked)
        if is_asked and (state.case_number, state.answers) != (self._case, self._answers):
            self._case, self._answers, self._confidence = state.case_number, state.answers, None
            self._fill()
        self.confidence.show_choices(list(texts.CONFIDENCES.items()), self._confidence)

    def _fill(self) -> None:
        """Begin with no answer."""
        with QSignalBlocker(self.group):
            for button in self.group.buttons():
                self.group.removeButton(button)
                self._rows.removeWidget(button)
                button.hide()
                button.deleteLater()
            for place, (_, words) in enumerate(self._answers):
                button = QRadioButton(words)
                self.group.addButton(button, place)
                self._rows.addWidget(button)
        self.show_prediction.setEnabled(False)

    @Slot()
    def _on_answer(self) -> None:
        self.show_prediction.setEnabled(self.group.checkedId() >= 0)

    @Slot(object)
    def _on_confidence(self, confidence: Confidence | None) -> None:
        self._confidence = confidence

    @Slot()
    def _on_show(self) -> None:
        answer, _ = self._answers[self.group.checkedId()]
        self._state.state_impression(answer, self._confidence)


class DecisionForm(QWidget):
    """Asks whether the reader accepts, amends or rejects the prediction, and shows the impression."""

    def __init__(self, state: ImpressionsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._amended = ""
        self._case: int | None = None
        self.impression, self.decision = wrapped_label(), wrapped_label("headline")
        title = wrapped_label("section")
        title.setText(texts.DECISION)
        self.buttons: dict[Choice, QPushButton] = {}
        for choice, words in texts.CHOICES.items():
            button = self.buttons[choice] = QPushButton(words)
            button.setToolTip(texts.CHOICE_TIPS[choice])
            button.clicked.connect(lambda checked=False, choice=choice: self._on_choice(choice))
        self.amended = Chooser(texts.AMENDED)
        self.amended.chosen.connect(self._on_amended)
        self.note = QLineEdit()
        self.note.setPlaceholderText(texts.NOTE)
        self.note.setAccessibleName(texts.NOTE)
        self.note.setMaxLength(LONGEST_NOTE)
        rows = []
        for parts in (("accept", "reject"), ("amend",)):
            row = QHBoxLayout()
            row.setSpacing(GAP)
            for choice in parts:
                row.addWidget(self.buttons[choice])
            rows.append(row)
        rows[1].addWidget(self.amended, 1)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(title)
        column.addWidget(self.impression)
        column.addWidget(self.note)
        for row in rows:
            column.addLayout(row)
        column.addWidget(self.decision)
        state.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        state, record = self._state, self._state.record
        is_asked = state.step is LookFirstStep.DECISION
        self.setVisible(is_asked)
        if not is_asked or record is None or record.impression is None:
            return
        if state.case_number != self._case:
            self._case, self._amended = state.case_number, ""
            self.note.setText(record.decision.note if record.decision is not None else "")
        impression, decision = record.impression, record.decision
        self.impression.setText(texts.impression_words(impression, state.words_of(impression.answer)))
        self.amended.show_choices(list(state.answers), self._amended)
        self.buttons["amend"].setEnabled(bool(self._amended))
        self.decision.setVisible(decision is not None)
        if decision is not None:
            self.decision.setText(texts.decision_words(decision, state.words_of(decision.answer)))

    @Slot(object)
    def _on_amended(self, answer: str) -> None:
        self._amended = answer
        self.buttons["amend"].setEnabled(True)

    def _on_choice(self, choice: Choice) -> None:
        self._state.decide(choice, self._amended if choice == "amend" else "", self.note.text())
