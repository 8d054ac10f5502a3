"""Chips with the short answers of a map: symbol and words, details in the tooltip, a click to check."""

from functools import partial
from typing import Literal

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QToolButton, QWidget

from app.texts import checks as texts
from app.window.states.evidence import Chip
from app.window.theme import TIGHT

TINY = 2


class EvidenceStrip(QWidget):
    """The chips of one map, in a row or in a column."""

    asked = Signal(str)  # the question

    def __init__(self, along: Literal["row", "column"], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.SHORT_ANSWERS)
        self._is_row = along == "row"
        directions = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._line = QBoxLayout(directions[0 if self._is_row else 1], self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(TIGHT if self._is_row else TINY)
        self._line.addStretch(1)
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
                side = Qt.AlignmentFlag(0) if self._is_row else Qt.AlignmentFlag.AlignLeft
                self._line.insertWidget(at, self.chips[chip.question], 0, side)
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
            button.setText(chip.words)
        button.setToolTip(chip.tip)
        button.setAccessibleName(texts.chip_accessible(title, chip.words, chip.tip))
        button.setProperty("can_run", chip.can_run)
        hand = Qt.CursorShape.PointingHandCursor if chip.can_run else Qt.CursorShape.WhatsThisCursor
        button.setCursor(hand)

    @Slot()
    def _on_clicked(self, question: str, *_: object) -> None:
        if self.chips[question].property("can_run"):
            self.asked.emit(question)
