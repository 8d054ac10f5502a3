"""The plot of AIC or SIC. pyqtgraph is slow to load, so this module is imported late."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.texts import curves as texts_curves
from app.texts import reveal as texts_reveal
from app.window.fonts import SECONDARY
from app.window.states.curve_table import PlotLine
from app.window.theme import THEME
from core.curves.protocol import CurveKind
from core.number_text import exact_percent, fixed

# Solid, dash-dotted and dotted lines in turn, so that maps differ not only in colour.
MAP_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
CONTROL_STYLES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
KEY_STEP = 0.02
LOWEST = 160
TICKS = [(share / 4, f"{share / 4:g}") for share in range(5)]


class CurvePlot(pg.PlotWidget):
    """A plot from 0 to 1 on both axes, with values in the tooltip; a click sets the cursor."""

    pinned = Signal(float)  # a position on the horizontal axis

    def __init__(self, kind: CurveKind, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[PlotLine, ...] = ()
        self._axis = axis
        self.setAccessibleName(texts_curves.PLOT_TITLES[kind])
        self._title = texts_curves.PLOT_TITLES[kind]
        self.setMinimumHeight(LOWEST)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setAntialiasing(True)
        plot = self.getPlotItem()
        plot.setContentsMargins(2, 2, 10, 2)
        self._hover = pg.InfiniteLine(angle=90, movable=False)
        self._hover.hide()
        self._pin = pg.InfiniteLine(angle=90, movable=False)
        self._pin.hide()
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        # A little more than 0 to 1, so that lines and labels at the ends are not cut off.
        self.setRange(xRange=(-0.005, 1.02), yRange=(-0.1, 1.12), padding=0.0)

    def show_lines(self, lines: Sequence[PlotLine], axis: str) -> None:
        """Draw these lines in the colours of the current scheme."""
        self._lines, self._axis = tuple(lines), axis
        colours, plot = THEME.colours, self.getPlotItem()
        plot.clear()
        self.setBackground(colours.panel)
        plot.setTitle(self._title, color=colours.text, size=f"{SECONDARY}px", bold=True)
        for name, label in (("bottom", axis), ("left", "")):
            axis_item = plot.getAxis(name)
            axis_item.setPen(pg.mkPen(colours.line))
            axis_item.setTextPen(pg.mkPen(colours.muted))
            axis_item.setStyle(tickLength=-4, hideOverlappingLabels=False)
            axis_item.setTicks([TICKS])
            if label:
                plot.setLabel(name, label, color=colours.muted)
        plot.showGrid(x=False, y=True, alpha=0.12)
        for line in self._lines:
            plot.plot(line.x, line.y, pen=pen_of(line.number, line.is_control_map), antialias=True)
        self._hover.setPen(pg.mkPen(colours.muted, width=1))
        self._pin.setPen(pg.mkPen(colours.text, width=1.6))
        plot.addItem(self._hover)
        plot.addItem(self._pin)

    def show_pin(self, x: float | None) -> None:
        """Mark the position that Reveal shows."""
        self._pin.setVisible(x is not None)
        if x is not None:
            self._pin.setPos(x)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            x = self.getPlotItem().vb.mapSceneToView(self.mapToScene(event.position().toPoint())).x()
            if 0 <= x <= 1 and self._lines:
                self.pinned.emit(x)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -KEY_STEP, Qt.Key.Key_Right: KEY_STEP}
        if event.key() in steps and self._lines:
            start = self._pin.value() if self._pin.isVisible() else 0.0
            self.pinned.emit(min(max(start + steps[Qt.Key(event.key())], 0.0), 1.0))
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hover.hide()
        self.setToolTip("")
        super().leaveEvent(event)

    @Slot(QPointF)
    def _on_mouse_moved(self, point: QPointF) -> None:
        x = self.getPlotItem().vb.mapSceneToView(point).x()
        inside = 0 <= x <= 1 and bool(self._lines)
        self._hover.setVisible(inside)
        if inside:
            self._hover.setPos(x)
            values = (f"{line.title}: {fixed(height(line, x))}" for line in reversed(self._lines))
            lines = (f"{self._axis} {exact_percent(round(x, 2))}", *values, texts_reveal.PIN_TIP)
            self.setToolTip("\n".join(lines))


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
        return pg.mkPen(colour, width=1.4, style=CONTROL_STYLES[number % len(CONTROL_STYLES)])
    return pg.mkPen(colour, width=2.2, style=MAP_STYLES[number % len(MAP_STYLES)])


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
