"""The parts of a facts label: framed cards, and the columns in which they stand."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.texts.model import CardSection
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.panel import Panel

# A card narrower than this breaks its lines too often to be read.
NARROWEST = 270
# A word longer than this gets the whole width of its card.
LONG = 24
# Whole in the tooltip; nothing breaks its line.
HASH = re.compile(r"\b[0-9a-f]{64}\b")


class FactCard(QFrame):
    """A title, sentences, something drawn, and facts by name. The Tab key walks from card to card."""

    def __init__(self, section: CardSection, drawn: QWidget | None = None, warns: bool = False) -> None:
        super().__init__()
        self.setObjectName("factWarning" if warns else "factCard")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(section.title)
        self.setAccessibleDescription(" ".join(section.sentences))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP + 2)
        column.setSpacing(TIGHT + 2)
        title = QLabel(section.title)
        title.setObjectName("title")
        column.addWidget(title)
        if drawn is not None:
            column.addWidget(drawn)
        for sentence in section.sentences:
            column.addWidget(_words(sentence))
        if section.facts:
            column.addLayout(_facts(section.facts))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self, 0, GAP)


class CardColumns(Panel):
    """Cards in as many columns of one width as there is room for, each card under the shortest column."""

    def __init__(self, cards: Sequence[FactCard]) -> None:
        super().__init__()
        self._cards = tuple(cards)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._row.setSpacing(GAP)
        self._columns: list[_Column] = []
        self._arrange(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        count = max(1, min(4, (self.width() - 2 * MARGIN + GAP) // (NARROWEST + GAP)))
        if count != len(self._columns):
            self._arrange(count)

    def _arrange(self, count: int) -> None:
        before, self._columns = self._columns, [_Column() for _ in range(count)]
        heights = [0] * count
        wide = max((self.width() - 2 * MARGIN + GAP) // count - GAP, NARROWEST)
        for card in self._cards:
            shortest = heights.index(min(heights))
            self._columns[shortest].add(card)
            heights[shortest] += max(card.heightForWidth(wide), card.minimumSizeHint().height()) + GAP
        for column in before:
            self._row.removeWidget(column)
            column.deleteLater()
        for column in self._columns:
            self._row.addWidget(column, 1)


class _Column(QWidget):
    """One below the other, from the top; as wide as it is given, whatever stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._cards = QVBoxLayout(self)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(GAP)
        self._cards.setAlignment(Qt.AlignmentFlag.AlignTop)

    def add(self, card: FactCard) -> None:
        self._cards.addWidget(card)


def _words(text: str, quiet: bool = False) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if quiet:
        label.setObjectName("muted")
    return label


def _facts(facts: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(TIGHT)
    grid.setColumnStretch(1, 1)
    for name, value in facts:
        shown = _words(HASH.sub(lambda found: f"{found[0][:16]}…", value))
        if shown.text() != value:
            shown.setToolTip(value)
        at = grid.rowCount()
        grid.addWidget(_words(name, quiet=True), at, 0, Qt.AlignmentFlag.AlignTop)
        if max(map(len, shown.text().split()), default=0) > LONG:
            grid.addWidget(shown, at + 1, 0, 1, 2)
        else:
            grid.addWidget(shown, at, 1)
    return grid
