"""Look first: the question for the reader's impression, and for the decision after the prediction."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
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
                button.show()  # at once, so that its height counts
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
    """Asks whether the reader accepts, amends or rejects the prediction, and shows what was said."""

    def __init__(self, state: ImpressionsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._case: int | None = None
        self.words, self.note = wrapped_label("headline"), QLineEdit()
        self.note.setPlaceholderText(texts.NOTE)
        self.note.setAccessibleName(texts.NOTE)
        self.note.setMaxLength(LONGEST_NOTE)
        self.buttons: dict[Choice, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(TIGHT)
        for choice, words in texts.CHOICES.items():
            button = self.buttons[choice] = QPushButton(words)
            button.setToolTip(texts.CHOICE_TIPS[choice])
            row.addWidget(button)
        self.buttons["accept"].clicked.connect(partial(self._decide, "accept"))
        self.buttons["reject"].clicked.connect(partial(self._decide, "reject"))
        self.amended = QMenu(self)
        self.amended.aboutToShow.connect(self._fill)
        self.buttons["amend"].setMenu(self.amended)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(self.words)
        column.addLayout(row)
        column.addWidget(self.note)
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
            self._case = state.case_number
            self.note.setText(record.decision.note if record.decision is not None else "")
        impression, decision = record.impression, record.decision
        sentences = [texts.impression_words(impression, state.words[impression.answer])]
        if decision is not None:
            sentences.append(texts.decision_words(decision, state.words[decision.answer]))
        self.words.setText(" ".join(sentences))

    @Slot()
    def _fill(self) -> None:
        """Other answers than the impression and the prediction, for which there are buttons."""
        self.amended.clear()
        record, visible = self._state.record, self._state.visible
        if record is None or record.impression is None or visible is None:
            return
        for answer, words in self._state.answers:
            if answer in (record.impression.answer, visible.class_name):
                continue
            self.amended.addAction(words).triggered.connect(partial(self._amend, answer))

    def _amend(self, answer: str) -> None:
        self._state.decide("amend", answer, self.note.text())

    def _decide(self, choice: Choice) -> None:
        self._state.decide(choice, note=self.note.text())
