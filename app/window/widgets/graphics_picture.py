"""What a file itself draws over its image (DICOM's overlay planes), in one colour."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.window.states.viewport import ScreenGeometry
from app.window.theme import MEASUREMENT
from app.window.widgets.pictures import picture
from core.arrays import Array
from core.images.slice import Slice

# More than the screen shows is not drawn; a line of one pixel is kept.
LARGEST_PICTURE = 1024


class GraphicsPicture:
    """Draws the overlay of a slice, and keeps its picture until another slice is drawn."""

    def __init__(self) -> None:
        self._overlay: Array | None = None
        self._picture = QImage()

    def paint(self, painter: QPainter, image: Slice, view: ScreenGeometry) -> None:
        """Draw it where `view` says; nothing for a slice without one."""
        if image.overlay is None:
            return
        if image.overlay is not self._overlay:
            self._overlay, self._picture = image.overlay, _coloured(image.overlay)
        rows, columns = image.shape
        painter.drawImage(
            QRectF(view.left, view.top, columns * view.per_column, rows * view.per_row), self._picture
        )


def _coloured(overlay: Array) -> QImage:
    step = -(-max(overlay.shape) // LARGEST_PICTURE)
    if step > 1:
        for axis in (0, 1):
            starts = np.arange(0, overlay.shape[axis], step)
            overlay = np.logical_or.reduceat(overlay, starts, axis=axis)
    colour = QColor(MEASUREMENT)
    pixels = np.zeros((*overlay.shape, 4), np.uint8)
    pixels[overlay] = (colour.red(), colour.green(), colour.blue(), 255)
    return picture(pixels)
