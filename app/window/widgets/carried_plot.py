"""How much of the sum of magnitudes the largest contributions hold, as a small curve."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.texts import layers as texts
from app.window.fonts import SMALLEST, sized
from app.window.theme import GAP, THEME, TIGHT
from core.methods.activation.unit_ranking import CARRIED_SHARE, UnitRanking
from core.number_text import exact_percent

# More points than pixels across are not drawn.
MOST_POINTS = 200


class CarriedPlot(QWidget):
    """Units across, the largest first, their share upwards; a dashed line marks where 90 % is reached."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranking: UnitRanking | None = None
        self.setAccessibleName(texts.CARRIED)
        self.setFont(sized(self.font(), SMALLEST))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_ranking(self, ranking: UnitRanking | None) -> None:
        """None: draw nothing."""
        if ranking is not self._ranking:
            self._ranking = ranking
            words = texts.carried(ranking) if ranking is not None else ""
            self.setAccessibleDescription(words)
            self.setToolTip(words)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 76)

    def paintEvent(self, event: QPaintEvent) -> None:
        ranking = self._ranking
        if ranking is None:
            return
        painter, colours = QPainter(self), THEME.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        left = metrics.horizontalAdvance(exact_percent(1.0)) + TIGHT
        line = metrics.lineSpacing()
        field = QRectF(left, line / 2, self.width() - left - GAP, self.height() - 1.5 * line - TIGHT)
        carried, count = ranking.carried, len(ranking.contributions)

        def place(units: float, share: float) -> QPointF:
            across, up = field.width() * units / count, field.height() * share
            return QPointF(field.left() + across, field.bottom() - up)

        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawRect(field)
        at = np.unique(np.linspace(0, count, min(count + 1, MOST_POINTS)).astype(int))
        painter.setPen(QPen(QColor(colours.curves[0]), 1.8))
        painter.drawPolyline(QPolygonF([place(units, float(carried[units])) for units in at.tolist()]))
        reached = ranking.count_for()
        painter.setPen(QPen(QColor(colours.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(place(0, CARRIED_SHARE), place(reached, CARRIED_SHARE))
        painter.drawLine(place(reached, CARRIED_SHARE), place(reached, 0))
        painter.setPen(QColor(colours.muted))
        beside = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for share in (0.0, CARRIED_SHARE):
            level = place(0, share).y()
            painter.drawText(QRectF(0, level - line / 2, left - TIGHT, line), beside, exact_percent(share))
        below = QRectF(field.left(), field.bottom() + 2, field.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, texts.carrying(reached, count))
