"""The plot of AIC or SIC, from 0 to 1 on both axes."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.texts import curves as texts_curves
from app.texts import reveal as texts_reveal
from app.window.states.curve_table import PlotLine
from app.window.theme import GAP, THEME, TIGHT
from core.curves.protocol import CurveKind
from core.number_text import exact_percent, fixed

# Solid, dash-dotted and dotted lines in turn, so that maps differ not only in colour.
MAP_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
CONTROL_STYLES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
KEY_STEP = 0.02
LOWEST, WIDE = 160, 280
TICKS = tuple(share / 4 for share in range(5))
# How opaque the lines of the grid are.
GRID_SHARE = 0.5


class CurvePlot(QWidget):
    """A plot with values in the tooltip; a click or the arrow keys set the cursor.

    lines: those that are drawn.
    """

    pinned = Signal(float)  # a position on the horizontal axis

    def __init__(self, kind: CurveKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[PlotLine, ...] = ()
        self._axis = ""
        self._title = texts_curves.PLOT_TITLES[kind]
        self._hover: float | None = None
        self._pin: float | None = None
        self.setAccessibleName(self._title)
        self.setMinimumHeight(LOWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(WIDE, LOWEST)

    def show_lines(self, lines: Sequence[PlotLine], axis: str) -> None:
        """Draw these lines, in the colours of the scheme in use; axis: what the horizontal axis is."""
        self.lines, self._axis = tuple(lines), axis
        self.setAccessibleDescription(", ".join(line.title for line in self.lines))
        self.update()

    def show_pin(self, x: float | None) -> None:
        """Mark the position that Reveal shows."""
        self._pin = x
        self.update()

    @property
    def field(self) -> QRectF:
        """The rectangle of 0 to 1 on both axes, in the widget's pixels."""
        metrics = self.fontMetrics()
        left, line = metrics.horizontalAdvance("0.75") + GAP, metrics.height()
        # Half a label stands above 1 and to the right of it.
        right = metrics.horizontalAdvance("1") / 2 + TIGHT
        top, below = line * 1.5 + TIGHT, 2 * line + GAP
        return QRectF(left, top, max(self.width() - left - right, 1.0), max(self.height() - top - below, 1.0))

    def _share_at(self, x: float) -> float | None:
        """The position on the axis under a pixel, None beside the axis or without lines."""
        share = (x - self.field.left()) / self.field.width()
        return share if self.lines and 0 <= share <= 1 else None

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        share = self._share_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and share is not None:
            self.pinned.emit(share)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = share = self._share_at(event.position().x())
        self.setToolTip(self._tip(share) if share is not None else "")
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self.setToolTip("")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -KEY_STEP, Qt.Key.Key_Right: KEY_STEP}
        if event.key() in steps and self.lines:
            self.pinned.emit(min(max((self._pin or 0.0) + steps[Qt.Key(event.key())], 0.0), 1.0))
        else:
            super().keyPressEvent(event)

    def _tip(self, x: float) -> str:
        values = (f"{line.title}: {fixed(height(line, x))}" for line in reversed(self.lines))
        return "\n".join((f"{self._axis} {exact_percent(round(x, 2))}", *values, texts_reveal.PIN_TIP))

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = self.field
        self._paint_title(painter, field)
        self._paint_axes(painter, field)
        for line in self.lines:
            painter.setPen(pen_of(line.number, line.is_control_map))
            painter.drawPolyline(
                QPolygonF([_place(field, x, y) for x, y in zip(line.x, line.y, strict=True)])
            )
        for x, colour, width in (
            (self._hover, THEME.colours.muted, 1.0),
            (self._pin, THEME.colours.text, 1.6),
        ):
            if x is not None:
                painter.setPen(QPen(QColor(colour), width))
                painter.drawLine(_place(field, x, 0.0), _place(field, x, 1.0))

    def _paint_title(self, painter: QPainter, field: QRectF) -> None:
        painter.save()
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(THEME.colours.text))
        above = QRectF(field.left(), 0, field.width(), self.fontMetrics().height())
        painter.drawText(above, Qt.AlignmentFlag.AlignHCenter, self._title)
        painter.restore()

    def _paint_axes(self, painter: QPainter, field: QRectF) -> None:
        colours, line = THEME.colours, self.fontMetrics().height()
        grid = QColor(colours.line)
        for share in TICKS:
            grid.setAlphaF(1.0 if share == 0 else GRID_SHARE)
            painter.setPen(QPen(grid, 1))
            painter.drawLine(_place(field, 0, share), _place(field, 1, share))
            painter.setPen(QColor(colours.muted))
            at = _place(field, share, share)
            beside = QRectF(0, at.y() - line / 2, field.left() - TIGHT, line)
            painter.drawText(
                beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{share:g}"
            )
            below = QRectF(at.x() - 20, field.bottom() + TIGHT, 40, line)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"{share:g}")
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(_place(field, 0, 0), _place(field, 0, 1))
        painter.setPen(QColor(colours.muted))
        words = QRectF(0, field.bottom() + TIGHT + line, self.width(), line)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, self._axis)


def _place(field: QRectF, x: float, y: float) -> QPointF:
    return QPointF(field.left() + x * field.width(), field.bottom() - y * field.height())


def height(line: PlotLine, x: float) -> float:
    """The value of the line at x, by linear interpolation."""
    for (x0, y0), (x1, y1) in zip(
        zip(line.x, line.y, strict=True), zip(line.x[1:], line.y[1:], strict=True), strict=False
    ):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * ((x - x0) / (x1 - x0)) if x1 > x0 else y1
    return line.y[-1] if line.x and x > line.x[-1] else line.y[0]


def colour_of(number: int, is_control: bool) -> str:
    """The colour of a map in plots and table."""
    colours = THEME.colours
    return colours.control_map if is_control else colours.curves[number % len(colours.curves)]


def pen_of(number: int, is_control: bool) -> QPen:
    """Control maps are thin, dashed and grey."""
    colour = QColor(colour_of(number, is_control))
    if is_control:
        return QPen(colour, 1.4, CONTROL_STYLES[number % len(CONTROL_STYLES)])
    return QPen(colour, 2.2, MAP_STYLES[number % len(MAP_STYLES)])


def swatch(number: int, is_control: bool) -> QPixmap:
    """A sample of the line as plotted, for the table."""
    pixmap = QPixmap(28, 12)  # the icon size of the table
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen_of(number, is_control))
    painter.drawLine(1, 6, 27, 6)
    painter.end()
    return pixmap
