"""The patch in the window: dragged with the mouse, drawn with its score, its controls beside it."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.window.widgets.occluder_controls import OccluderControls
from core.worker.messages import OccludeDone
from tests.gui.recorded import predicted
from tests.gui.test_window import open_image


@pytest.fixture
def window(open_window, reader, worker):
    window = open_window()
    open_image(window, reader, worker)
    return window


def test_that_a_drag_moves_the_patch_and_shows_the_change(qtbot, window, worker) -> None:
    view, controls = window.image_panel.view, window.findChild(OccluderControls)
    assert not controls.isVisible()
    window.window_actions.by_name["occlude_tool"].trigger()
    assert controls.isVisible()
    assert controls.words.text().startswith("Drag over the image")
    middle = view.rect().center()
    plain = view.grab().toImage()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    first = window.session.occluder.box
    qtbot.mouseMove(view, middle + QPoint(40, 0))
    assert window.session.occluder.box is not None
    assert first is not None
    worker.answer(OccludeDone(prediction=predicted(0.6, 0.3, 0.1).prediction))
    assert "meningioma 0.700 → 0.300 (−0.400)" in controls.words.text()
    assert view.grab().toImage() != plain
    before = window.session.image.display.window
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    assert window.session.image.display.window == before


def test_that_size_and_filling_are_chosen_beside_the_image(window) -> None:
    window.window_actions.by_name["occlude_tool"].trigger()
    controls = window.findChild(OccluderControls)
    sizes = [controls.parts.itemText(at) for at in range(controls.parts.count())]
    assert len(set(sizes)) == len(sizes) == 5
    assert controls.parts.currentText().startswith("1/8 of the side (")
    controls.parts.activated.emit(sizes.index(next(text for text in sizes if text.startswith("1/4"))))
    assert window.session.occluder.part == 4
    controls.fills.activated.emit(1)
    assert window.session.occluder.fill == "mean"
    window.window_actions.by_name["window_tool"].trigger()
    assert not controls.isVisible()
