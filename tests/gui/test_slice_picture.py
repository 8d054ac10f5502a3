"""The picture made for the screen's pixels: the right pixel at the right place, at every zoom."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from app.window.states.display import DisplayState
from app.window.states.viewport import ViewportState
from app.window.widgets.plates import _broken
from app.window.widgets.slice_picture import SlicePicture
from core.images.slice import Slice, Window

WINDOW = Window(500, 1000, function="linear_exact")


def drawn(image: Slice, viewport: ViewportState, display: DisplayState, picture: SlicePicture) -> QImage:
    canvas = QImage(400, 300, QImage.Format.Format_RGB32)
    canvas.fill(QColor("blue"))
    painter = QPainter(canvas)
    picture.paint(painter, image, viewport.view, canvas.size(), 1.0)
    painter.end()
    return canvas


@pytest.mark.parametrize("shape", [(300, 200), (2500, 2000)])  # windowed as a whole, and where visible
@pytest.mark.parametrize("zoom", [0.1, 0.24, 1.0, 5.0])
@pytest.mark.parametrize("aspect", [1.0, 2.0])
def test_that_a_marked_block_lies_where_the_view_says(qapp, shape, zoom, aspect) -> None:
    values = np.zeros(shape, np.uint16)
    row, column = shape[0] // 3, shape[1] // 4
    size = round(8 / zoom) if zoom < 1 else 8
    values[max(0, row - size) : row + size + 1, max(0, column - size) : column + size + 1] = 1000
    image = Slice(values, windows=(WINDOW,), stated_aspect=aspect)
    display, viewport = DisplayState(), ViewportState()
    viewport.set_view_size(400, 300)
    display.show(image, True)
    viewport.show(image, True)
    viewport.zoom_by(zoom / viewport.zoom, (row, column))
    x, y = viewport.view.to_screen(row, column)
    viewport.pan_by(200 - x, 150 - y)
    canvas = drawn(image, viewport, display, SlicePicture(display))
    x, y = (round(part) for part in viewport.view.to_screen(row, column))
    assert canvas.pixelColor(x, y).red() == 255
    # Beside the block, more than the width of a reduced pixel away.
    right, _ = viewport.view.to_screen(row, column + size + 2 + 2 / min(zoom, 1))
    if right < 400:
        assert canvas.pixelColor(round(right), y).red() < 100


def test_that_a_changed_window_or_slice_is_drawn_again(qapp) -> None:
    display, viewport = DisplayState(), ViewportState()
    viewport.set_view_size(400, 300)
    picture = SlicePicture(display)
    grey = []
    for value in (200, 800):
        image = Slice(np.full((30, 40), value, np.uint16), windows=(WINDOW,))
        display.show(image, True)
        viewport.show(image, True)
        grey.append(drawn(image, viewport, display, picture).pixelColor(200, 150).red())
    display.invert()
    grey.append(drawn(image, viewport, display, picture).pixelColor(200, 150).red())
    assert grey == [51, 204, 51]


def test_that_a_line_that_is_too_wide_is_broken_at_its_commas_and_brackets(qapp) -> None:
    class Metrics:
        def horizontalAdvance(self, text: str) -> int:
            return len(text)

    line = "129 × 162, 1 × 1 mm (NIfTI header)"
    assert _broken(line, Metrics(), 99) == [line]
    assert _broken(line, Metrics(), 20) == ["129 × 162, 1 × 1 mm", "(NIfTI header)"]
    assert _broken(line, Metrics(), 12) == ["129 × 162", "1 × 1 mm", "(NIfTI header)"]
