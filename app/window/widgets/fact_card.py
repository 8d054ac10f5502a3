"""The parts of the model card: framed cards, arranged in columns."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
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

# Below this width lines of a card break too often to be readable.
NARROWEST = 270
# A value with a longer word gets the whole width of its card.
LONG = 24
# Shortened in the card, because it cannot be wrapped; complete in the tooltip.
HASH = re.compile(r"\b[0-9a-f]{64}\b")


class FactCard(QFrame):
    """A title, a drawing, sentences, and facts by name. The Tab key moves from card to card."""

    def __init__(self, section: CardSection, drawn: QWidget | None = None, is_warning: bool = False) -> None:
        super().__init__()
        self.setObjectName("factWarning" if is_warning else "factCard")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(section.title)
        self.setAccessibleDescription(" ".join(section.sentences))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(TIGHT)
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
            # Of a card taller than the view its beginning.
            if (content := area.widget()) is not None:
                top = self.mapTo(content, QPoint(0, 0))
                area.ensureVisible(top.x(), top.y(), 0, GAP)


class CardColumns(Panel):
    """Cards in as many columns of equal width as fit; each card is added to the shortest column."""

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
        old_columns, self._columns = self._columns, [_Column() for _ in range(count)]
        heights = [0] * count
        width = max((self.width() - 2 * MARGIN + GAP) // count - GAP, NARROWEST)
        for card in self._cards:
            shortest = heights.index(min(heights))
            self._columns[shortest].add(card)
            heights[shortest] += max(card.heightForWidth(width), card.minimumSizeHint().height()) + GAP
        for column in old_columns:
            self._row.removeWidget(column)
            column.deleteLater()
        for column in self._columns:
            self._row.addWidget(column, 1)


class _Column(QWidget):
    """Cards one below the other, from the top; its width does not depend on its contents."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._cards = QVBoxLayout(self)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(GAP)
        self._cards.setAlignment(Qt.AlignmentFlag.AlignTop)

    def add(self, card: FactCard) -> None:
        self._cards.addWidget(card)


def _words(text: str, muted: bool = False) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if muted:
        label.setObjectName("muted")
    return label


def _facts(facts: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(TIGHT)
    grid.setColumnStretch(1, 1)
    for name, value in facts:
        label = _words(HASH.sub(lambda match: f"{match[0][:16]}…", value))
        if label.text() != value:
            label.setToolTip(value)
        at = grid.rowCount()
        grid.addWidget(_words(name, muted=True), at, 0, Qt.AlignmentFlag.AlignTop)
        if max(map(len, label.text().split()), default=0) > LONG:
            grid.addWidget(label, at + 1, 0, 1, 2)
        else:
            grid.addWidget(label, at, 1)
    return grid
