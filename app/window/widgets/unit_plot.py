"""A small plot of lines or points on a square from 0 to 1, without interaction."""

from collections.abc import Sequence
from math import sqrt

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.window.states.model import FactLine, ScatterPoints
from app.window.theme import GAP, THEME

SIDE, SWATCH = 190, 22
RING = 6.0
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)


class UnitPlot(QWidget):
    """Lines with a diagonal for comparison, or points without axes; the legend is above the plot."""

    def __init__(
        self, name: str, parts: Sequence[FactLine] | Sequence[ScatterPoints], axes: tuple[str, str] | None
    ) -> None:
        """axes: labels of the horizontal and vertical axis; None: coordinates without meaning."""
        super().__init__()
        self._parts: tuple[FactLine | ScatterPoints, ...] = tuple(parts)
        self._axes = axes
        self._marked: tuple[str, float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._describe()

    def show_parts(self, parts: Sequence[FactLine] | Sequence[ScatterPoints]) -> None:
        """Others of the same kind."""
        self._parts = tuple(parts)
        self._refresh()

    def mark(self, name: str, place: tuple[float, float] | None) -> None:
        """Draw a ring at place (x, y), at the edge if it lies outside `reach`; None: draw no ring."""
        marked = None
        if place is not None:
            x, y = (min(max(value, 0.0), most) for value, most in zip(place, self.reach, strict=True))
            marked = (name, x, y)
        if marked != self._marked:
            self._marked = marked
            self._refresh()

    @property
    def reach(self) -> tuple[float, float]:
        """How far x and y go: as far as there are points, or to 1 with axes."""
        clouds = [part for part in self._parts if isinstance(part, ScatterPoints) and part.x]
        if self._axes or not clouds:
            return (1.0, 1.0)
        return max(max(part.x) for part in clouds) or 1.0, max(max(part.y) for part in clouds) or 1.0

    def _refresh(self) -> None:
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        names = dict.fromkeys(part.name for part in self._parts)
        self.setAccessibleDescription(", ".join([*names, *([self._marked[0]] if self._marked else [])]))

    def sizeHint(self) -> QSize:
        below = 2 * self.fontMetrics().height() + 4 if self._axes else 0
        return QSize(SIDE + 100, SIDE + below + self._legend_height)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE + 20, self.sizeHint().height())

    @property
    def _named(self) -> list[tuple[str, int]]:
        """Each name once, with its series number."""
        return list({part.name: (part.name, part.number) for part in self._parts}.values())

    @property
    def _legend_height(self) -> int:
        return self.fontMetrics().height() * (len(self._named) + (self._marked is not None)) + GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Space for the ring around a point at the edge.
        edge = 4 if self._axes else RING + 3
        left = self.fontMetrics().horizontalAdvance("0.5") + GAP if self._axes else edge
        field = self._field(left, self.width() - left - edge, SIDE - edge)
        self._paint_legend(painter, left)
        if self._axes:
            self._paint_axes(painter, field, self._axes)
        for part in self._parts:
            if isinstance(part, FactLine):
                _paint_line(painter, field, part)
            else:
                _paint_points(painter, field, part)
        if self._marked is not None:
            self._paint_ring(painter, field, left, *self._marked)

    def _field(self, left: float, wide: float, tall: float) -> QRectF:
        """The rectangle of 0 to 1 on both axes; points have the same scale on both, to preserve distances."""
        if self._axes:
            return QRectF(left, self._legend_height, min(wide, 1.5 * SIDE), tall)
        across, up = self.reach
        unit = min(wide / across, tall / up)
        return QRectF(left, self._legend_height + unit * (up - 1), unit, unit)

    def _paint_axes(self, painter: QPainter, field: QRectF, axes: tuple[str, str]) -> None:
        colours, line = THEME.colours, self.fontMetrics().height()
        for share in (0.0, 0.5, 1.0):
            at = _place(field, share, share)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(field.left(), at.y()), QPointF(field.right(), at.y()))
            painter.drawLine(QPointF(at.x(), field.top()), QPointF(at.x(), field.bottom()))
            painter.setPen(QColor(colours.muted))
            beside = QRectF(0, at.y() - line / 2, field.left() - 4, line)
            painter.drawText(
                beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{share:g}"
            )
            below = QRectF(at.x() - 20, field.bottom() + 2, 40, line)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"{share:g}")
        painter.setPen(QPen(QColor(colours.control_map), 1, Qt.PenStyle.DotLine))
        painter.drawLine(_place(field, 0, 0), _place(field, 1, 1))
        painter.setPen(QColor(colours.muted))
        words = QRectF(field.left(), field.bottom() + 2 + line, self.width() - field.left(), line)
        text = self.fontMetrics().elidedText(
            f"→ {axes[0]}   ↑ {axes[1]}", Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, text)

    def _paint_legend(self, painter: QPainter, left: float) -> None:
        line = self.fontMetrics().height()
        for at, (name, number) in enumerate(self._named):
            level = line * (at + 0.5)
            if self._axes:
                painter.setPen(_pen(number))
                painter.drawLine(QPointF(left, level), QPointF(left + SWATCH, level))
            else:
                _paint_mark(painter, QPointF(left + SWATCH / 2, level), 4.0, number)
            painter.setPen(QColor(THEME.colours.text))
            words = QRectF(left + SWATCH + GAP, line * at, self.width() - left - SWATCH - GAP, line)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_ring(
        self, painter: QPainter, field: QRectF, left: float, name: str, x: float, y: float
    ) -> None:
        """In the plot and in the last line of the legend."""
        line = self.fontMetrics().height()
        row = line * len(self._named)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for at in (_place(field, x, y), QPointF(left + SWATCH / 2, row + line / 2)):
            # A dark and a light line: one of them is visible on any background.
            for colour, width in ((THEME.colours.raised, 5.0), (THEME.colours.text, 2.0)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawEllipse(at, RING, RING)
        painter.setPen(QColor(THEME.colours.text))
        words = QRectF(left + SWATCH + GAP, row, self.width() - left - SWATCH - GAP, line)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


def _place(field: QRectF, x: float, y: float) -> QPointF:
    return QPointF(field.left() + x * field.width(), field.bottom() - y * field.height())


def _pen(number: int) -> QPen:
    curves = THEME.colours.curves
    return QPen(QColor(curves[number % len(curves)]), 1.8, STYLES[number % len(STYLES)])


def _paint_mark(painter: QPainter, at: QPointF, radius: float, number: int) -> None:
    """A disc, triangle or square by number, so that classes differ not only in colour."""
    curves = THEME.colours.curves
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(curves[number % len(curves)]))
    if number % 3 == 0:
        painter.drawEllipse(at, radius, radius)
    elif number % 3 == 1:
        corners = ((0, -1.3), (1.15, 0.9), (-1.15, 0.9))
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) * radius for x, y in corners]))
    else:
        painter.drawRect(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))


def _paint_line(painter: QPainter, field: QRectF, part: FactLine) -> None:
    places = [_place(field, x, y) for x, y in zip(part.x, part.y, strict=True)]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(part.number))
    painter.drawPolyline(QPolygonF(places))
    for place, weight in zip(places, part.marks, strict=False):
        _paint_mark(painter, place, 2.0 + 4.0 * sqrt(weight), part.number)


def _paint_points(painter: QPainter, field: QRectF, part: ScatterPoints) -> None:
    painter.setOpacity(0.3 if part.faint else 0.95)
    for x, y in zip(part.x, part.y, strict=True):
        _paint_mark(painter, _place(field, x, y), 1.6 if part.faint else 2.4, part.number)
    painter.setOpacity(1.0)
