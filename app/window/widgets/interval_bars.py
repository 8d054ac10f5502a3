"""Figures from 0 to 1 as bars with their intervals and values."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.texts.model import Bar, bar_figure, bars_description
from app.window.fonts import BODY, sized
from app.window.theme import THEME

ROW, THICK, LINE = 32, 8, 18


class IntervalBars(QWidget):
    """One row a bar; a dotted mark shows the figure of guessing, where it is known.

    stacked: the figure is below its name, which may then be as long as the bar.
    """

    def __init__(
        self, name: str, bars: Sequence[Bar], guess: float | None = None, stacked: bool = False
    ) -> None:
        super().__init__()
        self._bars, self._guess, self._stacked = tuple(bars), guess, stacked
        self._row = ROW + (LINE if stacked else 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setAccessibleDescription(bars_description(self._bars))

    def sizeHint(self) -> QSize:
        return QSize(260, self._row * len(self._bars) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, bar in enumerate(self._bars):
            self._paint_words(painter, at, bar)
            self._paint_bar(painter, at, bar)

    def _paint_words(self, painter: QPainter, at: int, bar: Bar) -> None:
        painter.setFont(sized(self.font(), BODY, bar.strong))
        painter.setPen(QColor(THEME.colours.text))
        line = QRect(0, (at + 1) * self._row - ROW, self.width(), ROW - THICK - 4)
        below = Qt.AlignmentFlag.AlignBottom
        name = painter.fontMetrics().elidedText(bar.name, Qt.TextElideMode.ElideMiddle, self.width())
        above = line.translated(0, -LINE) if self._stacked else line
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft | below, name)
        beside = Qt.AlignmentFlag.AlignLeft if self._stacked else Qt.AlignmentFlag.AlignRight
        painter.drawText(line, beside | below, bar_figure(bar))

    def _paint_bar(self, painter: QPainter, at: int, bar: Bar) -> None:
        colours = THEME.colours
        track = QRectF(0, (at + 1) * self._row - THICK - 1, self.width(), THICK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.line))
        painter.drawRect(track)
        painter.setBrush(QColor(colours.curves[0] if bar.strong else colours.muted))
        painter.drawRect(QRectF(0, track.top(), bar.value * track.width(), THICK))
        painter.setPen(QPen(QColor(colours.text), 1.4))
        low, high = (1 + share * (track.width() - 2) for share in (bar.low, bar.high))
        level = track.center().y()
        painter.drawLine(QPointF(low, level), QPointF(high, level))
        for x in (low, high):
            painter.drawLine(QPointF(x, track.top()), QPointF(x, track.bottom()))
        if self._guess is not None:
            x = self._guess * track.width()
            painter.setPen(QPen(QColor(colours.warning), 2, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, track.top() - 3), QPointF(x, track.bottom() + 2))
