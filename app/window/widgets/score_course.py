"""The course of a score over the steps of a search: one line, with its lowest and highest value beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.window.theme import GAP, THEME, TIGHT
from core.number_text import significant

HEIGHT, WIDTH = 96, 200
LINE_WIDTH = 2.0


class ScoreCourse(QWidget):
    """Draws scores from the first step on the left to the last on the right."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: tuple[float, ...] = ()
        self._name = name
        self.setAccessibleName(name)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def show_scores(self, scores: Sequence[float]) -> None:
        """Draw other scores."""
        self._scores = tuple(scores)
        ends = (scores[0], scores[-1]) if scores else ()
        self.setAccessibleDescription(", ".join(map(significant, ends)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, colours = self.fontMetrics().height(), THEME.colours
        painter.setPen(QColor(colours.muted))
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, self._name)
        if len(self._scores) < 2:
            return
        low, high = min(self._scores), max(self._scores)
        words = significant(low), significant(high)
        left = max(self.fontMetrics().horizontalAdvance(text) for text in words) + GAP
        top, bottom = 1.5 * line + TIGHT, self.height() - 0.5 * line - TIGHT
        for text, at in zip(words, (bottom, top), strict=True):
            beside = QRectF(0, at - line / 2, left - TIGHT, line)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QPointF(left, bottom), QPointF(self.width() - TIGHT, bottom))
        painter.setPen(QPen(QColor(colours.accent), LINE_WIDTH))
        across = (self.width() - TIGHT - left) / (len(self._scores) - 1)
        upward = (bottom - top) / ((high - low) or 1.0)
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(left + number * across, bottom - (score - low) * upward)
                    for number, score in enumerate(self._scores)
                ]
            )
        )
