"""Probabilities as bars with class and value; the logit is in the tooltip."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.texts import prediction as texts_prediction
from app.texts import window as texts
from app.window.fonts import BODY, LARGE, sized
from app.window.states.prediction import ClassProbability
from app.window.theme import THEME
from core.number_text import percent

ROW, BAR = 38, 7


class ProbabilityBars(QWidget):
    """One row a class, in the order of the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ClassProbability, ...] = ()
        self._is_grey = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(texts.PREDICTION)

    def show_rows(self, rows: Sequence[ClassProbability], is_grey: bool = False) -> None:
        """Draw these rows; is_grey: without emphasis, for an image that does not fit."""
        self._rows, self._is_grey = tuple(rows), is_grey
        self.setAccessibleDescription(", ".join(f"{row.name} {percent(row.probability)}" for row in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = THEME.colours
        for at, row in enumerate(self._rows):
            is_emphasised = row.top and not self._is_grey
            painter.setFont(sized(self.font(), LARGE if is_emphasised else BODY, is_emphasised))
            painter.setPen(QColor(colours.text if is_emphasised else colours.muted))
            line = QRect(0, at * ROW, self.width(), ROW - BAR - 9)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, row.name)
            figure = percent(row.probability)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, figure)
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(0, line.bottom() + 5, self.width(), BAR)
            painter.setBrush(QColor(colours.line))
            painter.drawRoundedRect(track, BAR / 2, BAR / 2)
            painter.setBrush(QColor(colours.text if is_emphasised else colours.muted))
            width = max(row.probability * self.width(), BAR if row.probability > 0 else 0)
            painter.drawRoundedRect(QRectF(0, track.top(), width, BAR), BAR / 2, BAR / 2)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = event.pos().y() // ROW
            if 0 <= at < len(self._rows):
                QToolTip.showText(event.globalPos(), texts_prediction.logit(self._rows[at].logit), self)
            return True
        return super().event(event)
