"""Lines over a slice: the crosshair, the region, and what a person measures."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.window.states.measurements import ImageMeasurement
from app.window.states.viewport import ScreenGeometry
from app.window.theme import CROSSHAIR, MEASUREMENT, REGION
from app.window.widgets.plates import write_on_plate
from core.images.slice import Slice

# The crosshair leaves its middle free, in points.
GAP_AT_CROSS = 10.0
POINT_RADIUS = 3.0
# Between a patch and the text beside it.
TEXT_GAP = 8.0
DARK_EDGE = QColor(0, 0, 0, 170)


def paint_crosshair(
    painter: QPainter, view: ScreenGeometry, place: tuple[float, float], field: QRectF
) -> None:
    """Two thin lines through `place` (row, column), across `field` in points of the widget."""
    x, y = view.to_screen(*place)
    painter.setPen(QPen(QColor(CROSSHAIR), 1.0))
    painter.drawLines(
        [
            QLineF(field.left(), y, x - GAP_AT_CROSS, y),
            QLineF(x + GAP_AT_CROSS, y, field.right(), y),
            QLineF(x, field.top(), x, y - GAP_AT_CROSS),
            QLineF(x, y + GAP_AT_CROSS, x, field.bottom()),
        ]
    )


def paint_region(painter: QPainter, view: ScreenGeometry, lines: Sequence[QLineF]) -> None:
    """Lines in the slice's columns and rows, in a colour that no colour map has, with a dark edge."""
    if not lines:
        return
    painter.save()
    painter.translate(view.left + 0.5 * view.per_column, view.top + 0.5 * view.per_row)
    painter.scale(view.per_column, view.per_row)
    for colour, width in ((DARK_EDGE, 3.4), (QColor(REGION), 1.6)):
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(lines)
    painter.restore()


def paint_measurements(
    painter: QPainter, view: ScreenGeometry, image: Slice, measurements: Sequence[ImageMeasurement]
) -> None:
    """Lines, points and results; points of an unfinished measurement have no result yet."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for measurement in measurements:
        points = [QPointF(*view.to_screen(*point)) for point in measurement.points]
        for colour, width in ((DARK_EDGE, 3.4), (QColor(MEASUREMENT), 1.6)):
            painter.setPen(QPen(colour, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for start, end in pairwise(points):
                painter.drawLine(start, end)
            for point in points:
                painter.drawEllipse(point, POINT_RADIUS, POINT_RADIUS)
        words = measurement.words(image)
        if words:
            write_on_plate(painter, points[len(points) // 2] + QPointF(8, -8), words, MEASUREMENT)
    painter.restore()


def paint_patch(
    painter: QPainter,
    view: ScreenGeometry,
    box: tuple[float, float, float, float],
    lines: Sequence[str],
) -> None:
    """The outline of a patch, (top, left, bottom, right) in slice pixels, and lines of text beside it."""
    left, top = view.to_screen(box[0], box[1])
    right, bottom = view.to_screen(box[2], box[3])
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    field = QRectF(left, top, right - left, bottom - top)
    for colour, width in ((DARK_EDGE, 3.4), (QColor(MEASUREMENT), 1.6)):
        painter.setPen(QPen(colour, width))
        painter.drawRect(field)
    metrics, port = painter.fontMetrics(), painter.viewport()
    widest = max((metrics.horizontalAdvance(line) for line in lines), default=0)
    # On the other side of the patch where there is no room on the right.
    x = right + TEXT_GAP if right + TEXT_GAP + widest <= port.width() else left - TEXT_GAP - widest
    for number, line in enumerate(lines):
        place = QPointF(max(x, TEXT_GAP), top + metrics.ascent() + number * metrics.height())
        write_on_plate(painter, place, line, MEASUREMENT)
    painter.restore()
