"""Probabilities as bars with class and value; the logit is in the tooltip."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.texts import prediction as texts_prediction
from app.texts import window as texts
from app.window.states.prediction_summary import ClassProbability
from app.window.theme import GAP, THEME, TIGHT
from core.number_text import no_break, percent

BAR = 7
# Between the figures of two networks.
FIGURE_GAP = 12


class ProbabilityBars(QWidget):
    """One row a class, in the order of the rows; a second network's bars lie below those of the first.

    The predicted class is told by its weight and never by a colour: colours are those of verdicts.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ClassProbability, ...] = ()
        self._seconds: dict[str, ClassProbability] = {}
        self._is_grey = self._is_second_grey = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(texts.PREDICTION)

    def show_rows(self, rows: Sequence[ClassProbability], is_grey: bool = False) -> None:
        """Draw these rows; is_grey: without emphasis, for an image that does not fit."""
        self._rows, self._is_grey = tuple(rows), is_grey
        self._seconds = {}
        self._refresh()

    def show_second(self, rows: Sequence[ClassProbability], is_grey: bool = False) -> None:
        """Draw a second network's bars of the same classes below the first; none if rows is empty."""
        self._seconds, self._is_second_grey = {row.name: row for row in rows}, is_grey
        self._refresh()

    @property
    def row_height(self) -> int:
        """Of one class, in points."""
        bars = 2 if self._seconds else 1
        return QFontMetrics(self.font()).height() + TIGHT + bars * BAR + (bars - 1) * 2 + GAP

    def sizeHint(self) -> QSize:
        return QSize(220, self.row_height * len(self._rows))

    def _refresh(self) -> None:
        self.setAccessibleDescription(", ".join(f"{row.words} {self._figures(row)}" for row in self._rows))
        self.updateGeometry()
        self.update()

    def _figures(self, row: ClassProbability) -> str:
        second = self._seconds.get(row.name)
        shares = [row.probability] + ([second.probability] if second is not None else [])
        return " and ".join(percent(share) for share in shares)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line_height = QFontMetrics(self.font()).height()
        for at, row in enumerate(self._rows):
            line = QRect(0, at * self.row_height, self.width(), line_height)
            second = self._seconds.get(row.name)
            right = line.right() + 1
            if second is not None:
                right -= self._write_figure(painter, line, right, second, self._is_second_grey) + FIGURE_GAP
            taken = self._write_figure(painter, line, right, row, self._is_grey)
            names = QRect(0, line.top(), right - taken - GAP, line_height)
            words = QFontMetrics(painter.font()).elidedText(
                row.words, Qt.TextElideMode.ElideRight, names.width()
            )
            painter.drawText(names, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            top = line.bottom() + TIGHT
            self._draw_bar(painter, top, row, self._is_grey)
            if second is not None:
                self._draw_bar(painter, top + BAR + 2, second, self._is_second_grey, is_outlined=True)

    def _write_figure(
        self, painter: QPainter, line: QRect, right: int, row: ClassProbability, is_grey: bool
    ) -> int:
        """Write a probability that ends at `right`, and leave its pen. Returns its width in points."""
        is_emphasised, font = row.top and not is_grey, QFont(self.font())
        font.setBold(is_emphasised)
        painter.setFont(font)
        painter.setPen(_ink(is_emphasised))
        figure = no_break(percent(row.probability))
        field = QRect(line.left(), line.top(), right, line.height())
        painter.drawText(field, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
        return QFontMetrics(font).horizontalAdvance(figure)

    def _draw_bar(
        self, painter: QPainter, top: int, row: ClassProbability, is_grey: bool, is_outlined: bool = False
    ) -> None:
        ink = _ink(row.top and not is_grey)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(THEME.colours.line))
        painter.drawRoundedRect(QRectF(0, top, self.width(), BAR), BAR / 2, BAR / 2)
        width = max(row.probability * self.width(), BAR if row.probability > 0 else 0)
        field = QRectF(0, top, width, BAR)
        if is_outlined:
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(QColor(THEME.colours.panel))
            field.adjust(0.75, 0.75, -0.75, -0.75)
        else:
            painter.setBrush(ink)
        painter.drawRoundedRect(field, BAR / 2, BAR / 2)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = event.pos().y() // self.row_height
            if 0 <= at < len(self._rows):
                row = self._rows[at]
                words = f"{row.words}: {texts_prediction.logit(row.logit)}"
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)


def _ink(is_emphasised: bool) -> QColor:
    return QColor(THEME.colours.text if is_emphasised else THEME.colours.muted)
