"""AIC and SIC side by side. pyqtgraph takes a while to load, so this file is imported when it is needed."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.texts import curves as texts_curves
from app.texts import evidence as texts_evidence
from app.window.states.curve_table import PlotLine
from app.window.theme import THEME
from core.curves.protocol import CurveKind

# Solid, dash-dotted and dotted lines in turn, so that maps differ without colour too.
MAP_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
BASELINE_STYLES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
KEY_STEP = 0.02
TICKS = [(share / 4, f"{share / 4:g}") for share in range(5)]


class CurvePlot(pg.PlotWidget):
    """One plot from 0 to 1 on both axes, with the values at the cursor; a click pins the cursor there."""

    pinned = Signal(float)  # a place on the axis

    def __init__(self, kind: CurveKind, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[PlotLine, ...] = ()
        self._axis = axis
        self.setAccessibleName(texts_curves.PLOT_TITLES[kind])
        self._title = texts_curves.PLOT_TITLES[kind]
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setAntialiasing(True)
        plot = self.getPlotItem()
        plot.setContentsMargins(2, 2, 10, 2)
        self._level = pg.InfiniteLine(angle=90, movable=False)
        self._level.hide()
        self._pin = pg.InfiniteLine(angle=90, movable=False)
        self._pin.hide()
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        # A little more than 0 to 1, so that lines and labels at the ends are whole.
        self.setRange(xRange=(-0.005, 1.02), yRange=(-0.1, 1.12), padding=0.0)

    def show_lines(self, lines: Sequence[PlotLine], axis: str) -> None:
        """Draw these lines; the colours are those of the scheme in use."""
        self._lines, self._axis = tuple(lines), axis
        colours, plot = THEME.colours, self.getPlotItem()
        plot.clear()
        self.setBackground(colours.panel)
        plot.setTitle(self._title, color=colours.text, size="9pt", bold=True)
        for name, words in (("bottom", axis), ("left", "")):
            shown = plot.getAxis(name)
            shown.setPen(pg.mkPen(colours.line))
            shown.setTextPen(pg.mkPen(colours.muted))
            shown.setStyle(tickLength=-4, hideOverlappingLabels=False)
            shown.setTicks([TICKS])
            if words:
                plot.setLabel(name, words, color=colours.muted)
        plot.showGrid(x=False, y=True, alpha=0.12)
        for line in self._lines:
            plot.plot(line.x, line.y, pen=pen_of(line.number, line.baseline), antialias=True)
        self._level.setPen(pg.mkPen(colours.muted, width=1))
        self._pin.setPen(pg.mkPen(colours.accent, width=1.6))
        plot.addItem(self._level)
        plot.addItem(self._pin)

    def show_pin(self, x: float | None) -> None:
        """Mark the place that Reveal shows too."""
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
        self._level.hide()
        self.setToolTip("")
        super().leaveEvent(event)

    @Slot(QPointF)
    def _on_mouse_moved(self, point: QPointF) -> None:
        x = self.getPlotItem().vb.mapSceneToView(point).x()
        inside = 0 <= x <= 1 and bool(self._lines)
        self._level.setVisible(inside)
        if inside:
            self._level.setPos(x)
            values = (f"{line.title}: {height(line, x):.2f}" for line in reversed(self._lines))
            lines = (f"{self._axis} {100 * x:.0f} %", *values, texts_evidence.PIN_TIP)
            self.setToolTip("\n".join(lines))


def height(line: PlotLine, x: float) -> float:
    """The line's value at x, straight between its points."""
    for (x0, y0), (x1, y1) in zip(
        zip(line.x, line.y, strict=True), zip(line.x[1:], line.y[1:], strict=True), strict=False
    ):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * ((x - x0) / (x1 - x0)) if x1 > x0 else y1
    return line.y[-1] if line.x and x > line.x[-1] else line.y[0]


def colour_of(number: int, baseline: bool) -> str:
    """The colour of a map in plots and table."""
    colours = THEME.colours
    return colours.baseline if baseline else colours.curves[number % len(colours.curves)]


def pen_of(number: int, baseline: bool) -> QPen:
    """Baselines are thin, dashed and grey."""
    colour = QColor(colour_of(number, baseline))
    if baseline:
        return pg.mkPen(colour, width=1.4, style=BASELINE_STYLES[number % len(BASELINE_STYLES)])
    return pg.mkPen(colour, width=2.2, style=MAP_STYLES[number % len(MAP_STYLES)])


def swatch(number: int, baseline: bool) -> QPixmap:
    """A piece of the line as it is plotted, for the table."""
    made = QPixmap(28, 12)  # the icon size of the table
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen_of(number, baseline))
    painter.drawLine(1, 6, 27, 6)
    painter.end()
    return made
