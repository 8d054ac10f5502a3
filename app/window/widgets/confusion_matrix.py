"""The confusion matrix: counts of test images by true and predicted class."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.texts import model as words
from app.window.fonts import BODY, SMALLEST, sized
from app.window.theme import GAP, THEME, shade

CELL = 44


class ConfusionMatrix(QWidget):
    """Rows: true class, columns: predicted class; the shade is the share of the images of the true class.

    classes: in words.
    """

    def __init__(self, classes: Sequence[str], counts: Sequence[Sequence[int]], description: str) -> None:
        super().__init__()
        self._classes = list(classes)
        self._counts = [list(row) for row in counts]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words.CONFUSION)
        self.setAccessibleDescription(description)

    def sizeHint(self) -> QSize:
        return QSize(260, self._head + CELL * len(self._counts))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    @property
    def _head(self) -> int:
        """What the heading of the columns takes: a line for what they are, and as many as a name needs."""
        lines = 1 + max(1 + name.count(" ") for name in self._classes)
        return lines * self.fontMetrics().height() + GAP

    @property
    def _small(self) -> QFont:
        """For the names, so that three fit side by side into a narrow card."""
        return sized(self.font(), SMALLEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small)
        colours, metrics = THEME.colours, painter.fontMetrics()
        left = max(metrics.horizontalAdvance(name) for name in (*self._classes, words.TRUE_CLASS)) + GAP
        across = min((self.width() - left) / len(self._classes), 2.2 * CELL)
        line = metrics.height()
        painter.setPen(QColor(colours.muted))
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(
            QRectF(left, 0, across * len(self._classes), line),
            Qt.AlignmentFlag.AlignHCenter,
            words.PREDICTED_CLASS,
        )
        painter.drawText(QRectF(0, line, left, line), Qt.AlignmentFlag.AlignLeft | bottom, words.TRUE_CLASS)
        for at, name in enumerate(self._classes):
            painter.setPen(QColor(colours.text))
            head = QRectF(left + at * across, line, across, self._head - line - GAP)
            wrap = Qt.TextFlag.TextWordWrap
            painter.drawText(head, Qt.AlignmentFlag.AlignHCenter | bottom | wrap, name)
            side = QRectF(0, self._head + at * CELL, left - GAP, CELL)
            painter.drawText(side, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(self.font())
        for at in range(len(self._counts)):
            for to, count in enumerate(self._counts[at]):
                corner = QPointF(left + to * across, self._head + at * CELL)
                self._paint_cell(painter, corner, across, count / max(sum(self._counts[at]), 1), count)

    def _paint_cell(
        self, painter: QPainter, corner: QPointF, across: float, share: float, count: int
    ) -> None:
        colours = THEME.colours
        cell = QRectF(corner.x() + 1, corner.y() + 1, across - 2, CELL - 2)
        painter.fillRect(cell, QColor(colours.panel))
        painter.fillRect(cell, shade(share))
        painter.setFont(sized(self.font(), BODY, count > 0))
        painter.setPen(QColor(colours.text))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(count))
