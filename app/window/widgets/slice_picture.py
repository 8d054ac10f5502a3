"""The grey picture of a slice, computed for the pixels of the screen alone.

Large pictures are reduced once for a zoom, and only the visible part is windowed, so that a mammogram
follows the mouse as fast as a small slice.
"""

import math
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from app.window.states.display import DisplayState
from app.window.states.viewport import ScreenGeometry
from app.window.widgets.pictures import picture
from core.images.reduced import reduced
from core.images.slice import Slice

# From this zoom on pixels are drawn as squares, without smoothing.
PIXELS_FROM_ZOOM = 4.0
# Below this zoom Qt's scaling would skip pixels, so the picture is averaged first.
AVERAGE_BELOW_ZOOM = 0.6
# A slice of more pixels than this is windowed where it is visible alone, in steps of so many pixels.
WHOLE_UP_TO = 2_000_000
PART_STEP = 128
# How many reductions of one slice are kept.
KEPT_REDUCTIONS = 4
Part = tuple[int, int, int, int]


class SlicePicture:
    """Draws slices in the window of a `DisplayState`; what has not changed is not computed again."""

    def __init__(self, display: DisplayState) -> None:
        self._display = display
        self._image: Slice | None = None
        self._reduced: dict[int, Slice] = {}
        self._key: tuple[object, ...] = ()
        self._picture = QImage()

    def paint(self, painter: QPainter, image: Slice, view: ScreenGeometry, size: QSize, ratio: float) -> None:
        """Draw `image` where `view` says, on a widget of `size` points with `ratio` pixels a point."""
        zoom = ratio * max(view.per_column, view.per_row)
        factor = max(1, math.floor(1 / zoom)) if zoom > 0 else 1
        small = self._reduced_image(image, factor)
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
        grey = self._grey(small, part)
        if factor * zoom < AVERAGE_BELOW_ZOOM:
            ignore_ratio, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode
            grey = grey.scaled((field.size() * ratio).toSize(), ignore_ratio, smooth.SmoothTransformation)
        painter.drawImage(field, grey)

    def _reduced_image(self, image: Slice, factor: int) -> Slice:
        if image is not self._image:
            self._image, self._reduced = image, {}
        if factor not in self._reduced:
            while len(self._reduced) >= KEPT_REDUCTIONS:
                del self._reduced[next(iter(self._reduced))]
            self._reduced[factor] = reduced(image, factor)
        return self._reduced[factor]

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
        padding=None if image.padding is None else image.padding[top:bottom, left:right],
    )
