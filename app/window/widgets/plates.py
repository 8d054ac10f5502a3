"""Texts over the image, on a translucent plate so that they can be read over bright tissue."""

import re

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from core.figures.scheme_colours import IMAGE_FIELD

PADDING_ACROSS, PADDING_DOWN = 5, 2
RADIUS = 3
# Over white the quietest text still has a contrast of 4.5 : 1.
PLATE_OPACITY = 0.88
_BREAK = re.compile(r"(?<=,) | (?=\()")


def write(painter: QPainter, area: QRect, place: Qt.AlignmentFlag, lines: list[str], colour: str) -> None:
    """Lines at a place of `area`, elided where they are too wide; nothing without lines."""
    if not lines:
        return
    widest = int(area.width() * _share_of_width(place))
    metrics = painter.fontMetrics()
    parts = [part for line in lines for part in _broken(line, metrics, widest)]
    text = "\n".join(metrics.elidedText(part, Qt.TextElideMode.ElideMiddle, widest) for part in parts)
    field = painter.boundingRect(QRectF(area), int(place), text)
    _paint_plate(painter, field)
    painter.setPen(QColor(colour))
    painter.drawText(area, int(place), text)


def _share_of_width(place: Qt.AlignmentFlag) -> float:
    """In corners there is a letter between two texts above, and the scale bar below."""
    if not place & (Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignRight):
        return 0.9
    if place & Qt.AlignmentFlag.AlignTop:
        return 0.45
    return 0.36 if place & Qt.AlignmentFlag.AlignBottom else 0.9


def write_on_plate(painter: QPainter, start: QPointF, text: str, colour: str) -> None:
    """One line that begins at `start`, the left end of its base line."""
    metrics = painter.fontMetrics()
    field = QRectF(metrics.boundingRect(text)).translated(start)
    _paint_plate(painter, field)
    painter.setPen(QColor(colour))
    painter.drawText(start, text)


def _broken(line: str, metrics: QFontMetrics, widest: int) -> list[str]:
    """A line that is too wide, in parts that end after its commas and before its brackets."""
    parts = [""]
    for piece in _BREAK.split(line):
        longer = f"{parts[-1]} {piece}" if parts[-1] else piece
        if parts[-1] and metrics.horizontalAdvance(longer) > widest:
            parts.append(piece)
        else:
            parts[-1] = longer
    return [part.removesuffix(",") for part in parts]


def _paint_plate(painter: QPainter, field: QRectF) -> None:
    plate = QColor(IMAGE_FIELD)
    plate.setAlphaF(PLATE_OPACITY)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate)
    painter.drawRoundedRect(
        field.adjusted(-PADDING_ACROSS, -PADDING_DOWN, PADDING_ACROSS, PADDING_DOWN), RADIUS, RADIUS
    )
    painter.restore()
