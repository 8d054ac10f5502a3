"""Arrays as Qt images."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.window.states.shading import Overlay, coloured
from app.window.states.thumbnail import thumbnail
from core.arrays import Array
from core.figures.colour_maps import ColourMap
from core.images.slice import Slice


def picture(values: Array) -> QImage:
    """A QImage with its own memory from (rows, columns), (…, 3) or (…, 4) uint8."""
    values = np.ascontiguousarray(values)
    rows, columns = values.shape[:2]
    form = {
        2: QImage.Format.Format_Grayscale8,
        3: QImage.Format.Format_RGB888 if values.shape[-1] == 3 else QImage.Format.Format_RGBA8888,
    }[values.ndim]
    return QImage(values.data, columns, rows, values.strides[0], form).copy()


class SliceThumbnail:
    """The thumbnail of one slice, made once while that slice is shown. side: the longest, in pixels."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._last: tuple[Slice, QImage] | None = None

    def of(self, image: Slice) -> QImage:
        """The thumbnail of a slice."""
        if self._last is None or self._last[0] is not image:
            self._last = image, picture(thumbnail(image, side=self._side))
        return self._last[1]


def map_picture(
    slice_picture: QImage, overlay: Overlay | None, name: ColourMap, side: int, ratio: float
) -> QPixmap:
    """A thumbnail of the slice with a map over it, its sides at most `side` points."""
    size = slice_picture.size().scaled(QSize(side, side) * ratio, Qt.AspectRatioMode.KeepAspectRatio)
    pixmap = QPixmap(size)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    field = QRectF(0, 0, size.width(), size.height())
    painter.drawImage(field, slice_picture)
    if overlay is not None:
        top, left, bottom, right = overlay.grid_map.box
        rows, columns = overlay.grid_map.slice_shape
        across, down = size.width() / columns, size.height() / rows
        map_field = QRectF(
            (left + 0.5) * across, (top + 0.5) * down, (right - left) * across, (bottom - top) * down
        )
        values = overlay.grid_map.turn.turned_back(overlay.values)
        colours = coloured(values, overlay.full, overlay.signed, name)
        painter.setOpacity(0.8)
        painter.drawImage(map_field, picture(colours))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
