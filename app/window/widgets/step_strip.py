"""The steps of a check: the similarity to the map as a curve, and the map of each step below."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.texts import checks as texts
from app.window.fonts import SMALLEST, sized
from app.window.states.finding_details import StepPoint
from app.window.states.shading import Overlay
from app.window.theme import GAP, THEME, TIGHT
from app.window.widgets.pictures import map_picture
from core.checks.figures import CheckFigure
from core.figures.colour_maps import ColourMap
from core.number_text import fixed

STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
# The same in a line of text.
STROKES = ("━", "╌╌", "┈", "╌┈")
LARGEST, SMALLEST_CURVE = 120, 46


PointOf = Callable[[QRectF, float], QPointF]


class StepStrip(QWidget):
    """Paints `StepPoint`s in columns; the first column is the map itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.STEPS)
        self.setMinimumSize(200, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._map: Overlay | None = None
        self._points: tuple[StepPoint, ...] = ()
        self._series: tuple[CheckFigure, ...] = ()
        self._slice: QImage | None = None
        self._colours = ColourMap.INFERNO
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}

    def show_steps(
        self,
        checked_map: Overlay | None,
        points: Sequence[StepPoint],
        series: Sequence[CheckFigure],
        picture: QImage | None,
        colours: ColourMap,
    ) -> None:
        """checked_map: the map itself; series: the figures, the one with printed values first."""
        self._map, self._points, self._series = checked_map, tuple(points), tuple(series)
        if (self._slice, self._colours) != (picture, colours):
            self._pixmaps.clear()
        self._slice, self._colours = picture, colours
        self.setAccessibleDescription("; ".join(self._words(point) for point in self._points))
        self.update()

    @property
    def _has_pictures(self) -> bool:
        return any(point.overlay is not None for point in self._points) and self._slice is not None

    def _columns(self) -> list[QRectF]:
        count = len(self._points) + 1
        width = min(self.width() / count, LARGEST + GAP) if count else 0
        return [QRectF(at * width, 0, width, self.height()) for at in range(count)]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(painter.font(), SMALLEST))
        line, columns = painter.fontMetrics().lineSpacing(), self._columns()
        names = line * label_lines(self._names, painter.fontMetrics(), columns[0].width() - TIGHT)
        room = self.height() - line - names - GAP
        side = min(columns[0].width() - TIGHT, room - SMALLEST_CURVE, LARGEST) if self._has_pictures else 0.0
        self._paint_curves(painter, columns, QRectF(0, line, self.width(), room - side))
        self._paint_pictures(painter, columns, side, names)

    def _paint_curves(self, painter: QPainter, columns: list[QRectF], area: QRectF) -> None:
        colours = THEME.colours
        heights = [value for point in self._points for value in point.figures.values()]
        low, high = min(0.0, *heights, 0.0), max(1.0, *heights, 1.0)

        def at(column: QRectF, value: float) -> QPointF:
            return QPointF(column.center().x(), area.bottom() - (value - low) / (high - low) * area.height())

        painter.setPen(QPen(QColor(colours.line), 1))
        for level in (0.0, 1.0):
            y = at(columns[0], level).y()
            painter.drawLine(QPointF(0, y), QPointF(columns[-1].right(), y))
        for number, figure in reversed(list(enumerate(self._series))):
            name = figure.name
            places = [
                at(column, point.figures[name])
                for column, point in zip(columns[1:], self._points, strict=True)
                if name in point.figures
            ]
            start = [at(columns[0], 1.0)] if name != "sensitivity" else []
            pen = QPen(QColor(colour_of_series(number)), 2.2 if number == 0 else 1.2)
            pen.setStyle(STYLES[number % len(STYLES)])
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([*start, *places]))
        self._paint_numbers(painter, columns, at)

    def _paint_numbers(self, painter: QPainter, columns: list[QRectF], at: PointOf) -> None:
        if not self._series:
            return
        colours, name = THEME.colours, self._series[0].name
        line = painter.fontMetrics().lineSpacing()
        for column, point in zip(columns[1:], self._points, strict=True):
            if name in point.figures:
                place = at(column, point.figures[name])
                painter.setBrush(QColor(colours.curves[0]))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(place, 3, 3)
                painter.setPen(QColor(colours.text))
                box = QRectF(column.left(), place.y() - line - 3, column.width(), line)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, fixed(point.figures[name]))

    @property
    def _names(self) -> list[str]:
        return [texts.THIS_MAP, *(point.label for point in self._points)]

    def _paint_pictures(self, painter: QPainter, columns: list[QRectF], side: float, line: int) -> None:
        """line: the height of the names below the pictures."""
        overlays = [self._map, *(point.overlay for point in self._points)]
        painter.setPen(QColor(THEME.colours.muted))
        for column, name, overlay in zip(columns, self._names, overlays, strict=True):
            inside = QRect(int(column.left()), self.height() - line, int(column.width()) - TIGHT, line)
            lines = wrapped_name(name, painter.fontMetrics(), inside.width())
            painter.drawText(inside, Qt.AlignmentFlag.AlignHCenter, "\n".join(lines))
            if side > 16 and overlay is not None and self._slice is not None:
                pixmap = self._picture(overlay, int(side))
                left = column.center().x() - pixmap.deviceIndependentSize().width() / 2
                painter.drawPixmap(QPointF(left, self.height() - line - side), pixmap)

    def _picture(self, overlay: Overlay, side: int) -> QPixmap:
        key = (id(overlay.values), overlay.full, side)
        if key not in self._pixmaps:
            assert self._slice is not None
            ratio = self.devicePixelRatioF()
            self._pixmaps[key] = map_picture(self._slice, overlay, self._colours, side, ratio)
        return self._pixmaps[key]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            columns = self._columns()[1:]
            for column, point in zip(columns, self._points, strict=False):
                if column.contains(QPointF(event.pos())):
                    QToolTip.showText(
                        event.globalPos(), f"{self._words(point)}\n{texts.SEPARATE_SCALES}", self
                    )
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def _words(self, point: StepPoint) -> str:
        figures = (
            f"{figure.title} {fixed(point.figures[figure.name])}"
            for figure in self._series
            if figure.name in point.figures
        )
        return f"{point.label}: {', '.join(figures)}"


def wrapped_name(name: str, metrics: QFontMetrics, width: int) -> list[str]:
    """A name, such as that of a layer, in one line or two; what is longer has its middle left out.

    It is broken behind an underscore, a space or a slash where that leaves room for both parts.
    """
    if metrics.horizontalAdvance(name) <= width:
        return [name]
    breaks = [at + 1 for at, letter in enumerate(name[:-1]) if letter in "_ /"]
    longest = {at: max(map(metrics.horizontalAdvance, (name[:at], name[at:]))) for at in breaks}
    at = min(longest, key=lambda each: longest[each], default=0)
    if not at or longest[at] > width:
        at = len(name) // 2
    parts = name[:at].strip(), name[at:].strip()
    middle = Qt.TextElideMode.ElideMiddle
    # Qt shortens also what is exactly as wide as there is room.
    return [
        part if metrics.horizontalAdvance(part) <= width else metrics.elidedText(part, middle, width)
        for part in parts
    ]


def label_lines(names: Sequence[str], metrics: QFontMetrics, width: float) -> int:
    """How many lines the longest of these names takes."""
    return max((len(wrapped_name(name, metrics, int(width))) for name in names), default=1)


def colour_of_series(number: int) -> str:
    curves = THEME.colours.curves
    return curves[number % len(curves)]
