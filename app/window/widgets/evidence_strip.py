"""Chips with the short answers of a map: symbol and words, details in the tooltip, a click to check."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from app.texts import checks as texts
from app.window.states.evidence import Chip
from app.window.theme import TIGHT
from app.window.widgets.flow_row import FlowRow


class EvidenceStrip(QWidget):
    """The chips of one map, in as many lines as they need.

    is_short: with a word or two on each, so that they fit into one line of a card.
    """

    asked = Signal(str)  # the question

    def __init__(self, is_short: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_short = is_short
        self.setAccessibleName(texts.SHORT_ANSWERS)
        self._line = FlowRow(TIGHT, self, is_grid=is_short)
        self.chips: dict[str, QToolButton] = {}

    def show_chips(self, title: str, chips: tuple[Chip, ...]) -> None:
        """Draw these chips of the map `title`; chips that remain keep the focus."""
        questions = [chip.question for chip in chips]
        for question in [question for question in self.chips if question not in questions]:
            removed = self.chips.pop(question)
            self._line.removeWidget(removed)
            removed.hide()
            removed.deleteLater()
        for at, chip in enumerate(chips):
            if chip.question not in self.chips:
                self.chips[chip.question] = self._button(chip.question)
                self._line.insert_widget(at, self.chips[chip.question])
            self._fill(self.chips[chip.question], title, chip)

    def _button(self, question: str) -> QToolButton:
        button = QToolButton(self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.clicked.connect(partial(self._on_clicked, question))
        return button

    def _fill(self, button: QToolButton, title: str, chip: Chip) -> None:
        name = f"chip{chip.state}"
        if button.objectName() != name:
            button.setObjectName(name)
            button.style().unpolish(button)
            button.style().polish(button)
        with QSignalBlocker(button):
            button.setText(texts.short_chip(chip.question, chip.state) if self._is_short else chip.words)
        button.setToolTip(texts.chip_tip(chip.words, chip.tip) if self._is_short else chip.tip)
        button.setAccessibleName(texts.chip_accessible(title, chip.words, chip.tip))
        button.setProperty("can_run", chip.can_run)
        hand = Qt.CursorShape.PointingHandCursor if chip.can_run else Qt.CursorShape.WhatsThisCursor
        button.setCursor(hand)

    @Slot()
    def _on_clicked(self, question: str, *_: object) -> None:
        if self.chips[question].property("can_run"):
            self.asked.emit(question)
