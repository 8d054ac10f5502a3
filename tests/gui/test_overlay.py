"""The overlay in the window: its controls, its colour bar, and what lies under corner texts."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from app.texts import image as texts
from app.window.states.overlay_style import OverlayStyle
from app.window.states.shading import Overlay, on_screen
from app.window.widgets.colour_bar import ColourBar
from app.window.widgets.plates import write
from core.figures.scheme_colours import IMAGE_QUIET, IMAGE_TEXT
from core.images.grid_map import GridMap
from core.images.slice import Slice
from tests.gui.recorded import explained
from tests.gui.test_window import middle, open_image, painted

GRID = GridMap((4, 4), (8, 8), (-0.5, -0.5, 7.5, 7.5))
LONG = Overlay(
    np.ones((4, 4), np.float32),
    True,
    (4, 4),
    GRID,
    0.0209,
    "Integrated Gradients",
    "steps 24, rule trapezoid, baseline mean of the training images",
    "Logit of meningioma minus logit of pituitary",
    "layer top_activation",
    "change of the score per unit of intensity",
    "same scale for 12 maps of this method",
)


def explain(window, worker, values: np.ndarray, signed: bool = False) -> None:
    window.session.explain.start(["grad_cam"])
    window.session.image.set_overlay_on(True)
    worker.answer(explained(values, signed=signed), [values])


def test_that_weak_evidence_leaves_the_picture_untouched_until_the_threshold_is_lowered(
    open_window, reader, worker
) -> None:
    window = open_window()
    open_image(window, reader, worker)
    values = np.full((225, 225), 0.3, np.float32)
    values[:3] = 1.0  # what gets full colour
    style = window.session.image.style
    style.set_threshold(0.31)
    explain(window, worker, values)
    assert middle(window).getRgb()[:3] == (200, 200, 200)
    style.set_threshold(0.29)
    assert middle(window).getRgb()[:3] != (200, 200, 200)


def test_that_the_list_of_colours_says_what_a_signed_map_has(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    controls = window.image_panel.overlay_controls
    values = np.linspace(-1, 1, 225 * 225, dtype=np.float32).reshape(225, 225)
    explain(window, worker, values, signed=True)
    assert controls.colours.currentText() == texts.SIGNED_COLOURS
    assert [controls.colours.itemText(at) for at in range(controls.colours.count())] == [texts.SIGNED_COLOURS]
    window.session.remove_map(window.session.maps.selected.number)
    explain(window, worker, np.abs(values))
    assert controls.colours.currentText() == texts.COLOUR_MAPS["inferno"]


@pytest.mark.parametrize("has_heading", [False, True])
@pytest.mark.parametrize("size", [(240, 200), (420, 260), (700, 520)])
def test_that_no_text_of_the_colour_bar_is_cut_or_lies_over_another(
    qtbot, size: tuple[int, int], has_heading: bool
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    bar = ColourBar(OverlayStyle(), parent)
    bar.has_heading = has_heading
    bar.show_overlay(LONG, (size[0] // 2, size[1] - 96))
    fields = [line.field for line in bar.lines]
    for line in bar.lines:
        metrics = QFontMetrics(bar.line_font(line.is_head, line.strong))
        needed = metrics.boundingRect(
            QRect(0, 0, line.field.width(), 9999), Qt.TextFlag.TextWordWrap, line.text
        )
        assert needed.width() <= line.field.width()
        assert needed.height() <= line.field.height()
        assert bar.rect().contains(line.field)
    fields += [bar.tick_field(text, share) for text, share in bar.texts.ticks]
    assert all(bar.rect().contains(field) for field in fields)
    assert not any(first.intersects(second) for first, second in combinations(fields, 2))


@pytest.mark.parametrize("signed", [False, True])
def test_that_the_threshold_is_marked_in_the_colour_bar(open_window, reader, worker, signed: bool) -> None:
    window = open_window()
    open_image(window, reader, worker)
    values = np.linspace(-1 if signed else 0, 1, 225 * 225, dtype=np.float32).reshape(225, 225)
    explain(window, worker, values, signed=signed)
    bar = window.image_panel.view.findChild(ColourBar)
    before = bar.grab().toImage()
    window.session.image.style.set_threshold(0.5)
    assert bar.texts.thresholds == ((0.25, 0.75) if signed else (0.5,))
    assert bar.grab().toImage() != before


@pytest.mark.parametrize("colour", [IMAGE_TEXT, IMAGE_QUIET])
def test_that_texts_over_a_white_image_have_enough_contrast(colour: str) -> None:
    area = QImage(120, 60, QImage.Format.Format_RGB32)
    area.fill(Qt.GlobalColor.white)
    painter = QPainter(area)
    write(painter, area.rect(), Qt.AlignmentFlag.AlignCenter, ["M"], colour)
    painter.end()
    # The plate reaches a little beyond the letter.
    row = [area.pixelColor(x, area.height() // 2).lightness() for x in range(area.width())]
    plate = row[next(at for at, level in enumerate(row) if level < 200) + 2]
    assert contrast(QColor(colour).lightness(), plate) >= 4.5


def contrast(light: float, dark: float) -> float:
    """WCAG contrast of two grey levels."""

    def luminance(level: float) -> float:
        part = level / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return (luminance(light) + 0.05) / (luminance(dark) + 0.05)


def test_that_opacity_and_threshold_on_a_large_film_resample_nothing(
    qtbot, open_window, reader, worker, monkeypatch
) -> None:
    resampled = []

    def counted(overlay: Overlay, native_cells: bool) -> np.ndarray:
        values = on_screen(overlay, native_cells)
        resampled.append(values.size)
        return values

    monkeypatch.setattr("app.window.widgets.overlay_picture.on_screen", counted)
    window = open_window()
    open_image(window, reader, worker, Slice(np.full((3000, 2500), 200, np.uint8)))
    explain(window, worker, np.linspace(0, 1, 225 * 225, dtype=np.float32).reshape(225, 225))
    painted(window)
    for place in range(10):
        window.session.image.style.set_threshold(place / 20)
        window.session.image.style.set_opacity(place / 10)
        painted(window)
    assert len(resampled) == 1
    assert resampled[0] <= 1024 * 1024


@pytest.mark.parametrize("width", [1280, 1100, 900])
def test_that_the_native_cells_can_be_ticked_at_every_width_of_the_window(
    open_window, reader, worker, width
) -> None:
    window = open_window(size=(width, 720))
    open_image(window, reader, worker)
    controls = window.image_panel.overlay_controls
    QApplication.processEvents()
    cells = controls.cells
    assert cells.isVisible()
    assert cells.width() >= cells.sizeHint().width()
    assert controls.rect().contains(cells.geometry())
    beside = [control for control in (controls.colours, controls.outline) if control.y() <= cells.y()]
    assert all(not control.geometry().intersects(cells.geometry()) for control in beside)


def test_that_a_bar_without_any_text_beside_its_scale_has_room(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    bar = ColourBar(OverlayStyle(), parent)
    bar.has_heading = True
    bar.show_overlay(Overlay(np.ones((4, 4), np.float32), False, (4, 4), GRID, 1.0), (200, 300))
    assert bar.lines == ()
    assert bar.scale.height() > 0
