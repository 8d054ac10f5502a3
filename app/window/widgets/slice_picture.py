"""The grey picture of a slice, computed for the pixels of the screen alone.

A large picture is halved until its pixels are nearly those of the screen, once, and only the visible part
is windowed, so that a mammogram follows the mouse as fast as a small slice.
"""

import math
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from app.window.states.display import DisplayState
from app.window.states.viewport import ScreenGeometry
from app.window.widgets.pictures import picture
from core.images.halved import halved
from core.images.slice import Slice

# From this zoom on pixels are drawn as squares, without smoothing.
PIXELS_FROM_ZOOM = 4.0
# A slice of more pixels than this is windowed where it is visible alone, in steps of so many pixels.
WHOLE_UP_TO = 2_000_000
PART_STEP = 128
Part = tuple[int, int, int, int]


class SlicePicture:
    """Draws slices in the window of a `DisplayState`; what has not changed is not computed again."""

    def __init__(self, display: DisplayState) -> None:
        self._display = display
        self._image: Slice | None = None
        self._halved: dict[int, Slice] = {}
        self._key: tuple[object, ...] = ()
        self._picture = QImage()

    def paint(self, painter: QPainter, image: Slice, view: ScreenGeometry, size: QSize, ratio: float) -> None:
        """Draw `image` where `view` says, on a widget of `size` points with `ratio` pixels a point."""
        zoom = ratio * max(view.per_column, view.per_row)
        small, factor = image, 1
        while 2 * factor * zoom <= 1 and min(small.shape) > 1:
            factor *= 2
            small = self._halved_image(image, small, factor)
        by_row, by_column = factor * view.per_row, factor * view.per_column
        top, left, bottom, right = part = _visible_part(
            small, view.left / by_column, view.top / by_row, size.width() / by_column, size.height() / by_row
        )
        if bottom <= top or right <= left:
            return
        field = QRectF(
            view.left + left * by_column,
            view.top + top * by_row,
            (right - left) * by_column,
            (bottom - top) * by_row,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < PIXELS_FROM_ZOOM)
        painter.drawImage(field, self._grey(small, part))

    def _halved_image(self, image: Slice, larger: Slice, factor: int) -> Slice:
        """`image` with one pixel for `factor` x `factor`; larger: with half of that."""
        if image is not self._image:
            self._image, self._halved = image, {}
        if factor not in self._halved:
            self._halved[factor] = halved(larger)
        return self._halved[factor]

    def _grey(self, image: Slice, part: Part) -> QImage:
        key = (image, part, self._display.window, self._display.inverted)
        if len(self._key) != len(key) or self._key[0] is not image or self._key[1:] != key[1:]:
            self._picture = picture(self._display.grey(_cut(image, part)))
            self._key = key
        return self._picture


def _visible_part(image: Slice, left: float, top: float, width: float, height: float) -> Part:
    """(top, left, bottom, right): all of a small slice, of a large one what the widget shows.

    left, top: of the slice on the widget, in its pixels; width, height: of the widget.
    """
    rows, columns = image.shape
    if rows * columns <= WHOLE_UP_TO:
        return 0, 0, rows, columns
    return (
        max(0, math.floor(-top / PART_STEP) * PART_STEP),
        max(0, math.floor(-left / PART_STEP) * PART_STEP),
        min(rows, math.ceil((height - top) / PART_STEP) * PART_STEP),
        min(columns, math.ceil((width - left) / PART_STEP) * PART_STEP),
    )


def _cut(image: Slice, part: Part) -> Slice:
    top, left, bottom, right = part
    if (top, left, bottom, right) == (0, 0, *image.shape):
        return image
    return replace(
        image,
        values=image.values[top:bottom, left:right],
        overlay=None,
        padding=None if image.padding is None else image.padding[top:bottom, left:right],
    )
