"""Annotations over the image: corner texts, orientation letters, the scale bar."""

from textwrap import wrap

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from app.texts import image as texts
from app.window.states.image import ImageState
from app.window.theme import GAP, IMAGE_QUIET, IMAGE_TEXT

TOP, BOTTOM = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
MIDDLE = Qt.AlignmentFlag.AlignHCenter
SHADOW = QColor(0, 0, 0, 200)
# Characters in a line of a sentence over the image.
LONGEST_LINE = 60


def paint_annotations(painter: QPainter, state: ImageState, area: QRect) -> None:
    """Write the annotations of the displayed slice into `area`."""
    image = state.image
    if image is None:
        return
    window = state.display.window
    size = texts.size_and_spacing(*image.shape, image.spacing_mm, image.spacing_source)
    corners = (
        (TOP | LEFT, [state.case_title]),
        (TOP | RIGHT, [image.modality]),
        (BOTTOM | LEFT, [texts.slice_words(state.position.index, state.slices), size]),
        (
            BOTTOM | RIGHT,
            [
                texts.window_words(
                    window.centre, window.width, window.name, state.display.inverted, window.description
                ),
                texts.zoom_words(state.viewport.zoom, state.viewport.fits),
            ],
        ),
    )
    for place, lines in corners:
        _write(painter, area, place, [line for line in lines if line], IMAGE_TEXT)
    _paint_letters(painter, state, area)
    _paint_scale_bar(painter, state, area)
    overlay = state.overlay
    if state.overlay_visible and overlay is not None and not overlay.has_positive_evidence:
        below = area.adjusted(0, area.height() // 2, 0, -area.height() // 4)
        lines = wrap(overlay.no_share or texts.NO_POSITIVE_EVIDENCE, LONGEST_LINE)
        _write(painter, below, Qt.AlignmentFlag.AlignCenter, lines, "#ffffff")


def write_below_letters(painter: QPainter, area: QRect, text: str) -> None:
    """A sentence in the middle of the upper edge, below the letter there and above the colour bar."""
    lines = 3 * painter.fontMetrics().lineSpacing() // 2
    _write(painter, area.adjusted(0, lines, 0, 0), TOP | MIDDLE, [text], IMAGE_TEXT)


def _paint_letters(painter: QPainter, state: ImageState, area: QRect) -> None:
    if state.letters is None:
        _write(painter, area, TOP | MIDDLE, [texts.ORIENTATION_UNKNOWN], IMAGE_QUIET)
        return
    plain = painter.font()
    letters = QFont(plain)
    letters.setBold(True)
    letters.setPointSizeF(plain.pointSizeF() * 1.25)
    painter.setFont(letters)
    top, left = state.letters
    _write(painter, area, TOP | MIDDLE, [top], IMAGE_TEXT)
    _write(painter, area, LEFT | Qt.AlignmentFlag.AlignVCenter, [left], IMAGE_TEXT)
    painter.setFont(plain)


def _paint_scale_bar(painter: QPainter, state: ImageState, area: QRect) -> None:
    if state.viewport.scale_bar is None:
        return
    length, points = state.viewport.scale_bar
    middle, base = area.center().x(), area.bottom() - 4
    start, end = QPointF(middle - points / 2, base), QPointF(middle + points / 2, base)
    for colour, width in ((SHADOW, 3.0), (QColor(IMAGE_TEXT), 1.4)):
        painter.setPen(QPen(colour, width))
        painter.drawLine(start, end)
        for point in (start, end):
            painter.drawLine(point - QPointF(0, 4), point + QPointF(0, 4))
    above = area.adjusted(0, 0, 0, -GAP - 4)
    _write(painter, above, BOTTOM | MIDDLE, [texts.scale_bar_words(length)], IMAGE_TEXT)


def _write(painter: QPainter, area: QRect, place: Qt.AlignmentFlag, lines: list[str], colour: str) -> None:
    """Lines with a dark edge, so that they can be read over bright tissue too."""
    corner = bool(place & (LEFT | RIGHT)) and bool(place & (TOP | BOTTOM))
    widest = int(area.width() * (0.36 if corner else 0.9))
    metrics = painter.fontMetrics()
    text = "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, widest) for line in lines)
    painter.setPen(SHADOW)
    for right, down in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(area.translated(right, down), place, text)
    painter.setPen(QColor(colour))
    painter.drawText(area, place, text)
