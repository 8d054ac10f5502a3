"""Precision, recall and F1 of each class, each with its interval below it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.texts import model as words
from app.texts.model import ClassFigureRow
from app.window.fonts import BODY, SMALLEST, sized
from app.window.theme import GAP, TIGHT


class ClassTable(QWidget):
    """The name of a class is on a line of its own, so that the figures fit into a narrow card."""

    def __init__(self, rows: Sequence[ClassFigureRow]) -> None:
        super().__init__()
        self.setAccessibleName(words.FIGURES_BY_CLASS)
        self.setAccessibleDescription(words.class_rows_description(rows))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(0)
        for column, name in enumerate(words.CLASS_FIGURES):
            grid.addWidget(_label(name, muted=True), 0, column)
            grid.setColumnStretch(column, 1)
        for at, row in enumerate(rows):
            first = 3 * at + 1
            grid.setRowMinimumHeight(first, self.fontMetrics().height() + TIGHT + 2)
            title = _label(words.class_title(row))
            grid.addWidget(title, first, 0, 1, len(words.CLASS_FIGURES), Qt.AlignmentFlag.AlignBottom)
            for column, figure in enumerate(row.figures):
                grid.addWidget(_label(figure.value, bold=True), first + 1, column)
                if figure.interval:
                    grid.addWidget(_label(figure.interval, muted=True, small=True), first + 2, column)


def _label(text: str, muted: bool = False, bold: bool = False, small: bool = False) -> QLabel:
    label = QLabel(text)
    if muted:
        label.setObjectName("muted")
    label.setFont(sized(label.font(), SMALLEST if small else BODY, bold))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
