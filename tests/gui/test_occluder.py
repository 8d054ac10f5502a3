"""The patch in the window: dragged with the mouse, drawn with its score, its controls beside it."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.window.widgets.occluder_controls import OccluderControls
from core.worker.messages import OccludeDone
from tests.gui.pointer import move_pointer
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
    move_pointer(view, middle + QPoint(40, 0), Qt.MouseButton.LeftButton)
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


def test_that_enter_places_the_patch_and_arrow_keys_move_it_only_with_the_tool(qtbot, window) -> None:
    occluder, view = window.session.occluder, window.image_panel.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert occluder.box is None
    window.window_actions.by_name["occlude_tool"].trigger()
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert occluder.box is None
    qtbot.keyClick(view, Qt.Key.Key_Return)
    middle = occluder.box
    rows, columns = window.session.shown.current.grid_map.grid
    assert abs(middle[0] + middle[2] - rows) <= 1
    assert abs(middle[1] + middle[3] - columns) <= 1
    places = {}
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(view, Qt.Key.Key_Return)
        qtbot.keyClick(view, key)
        places[key] = occluder.box[0] - middle[0], occluder.box[1] - middle[1]
    up, down, left, right = places.values()
    assert up[0] < 0 < down[0]
    assert left[1] < 0 < right[1]
    assert (up[1], down[1], left[0], right[0]) == (0, 0, 0, 0)
    for _ in range(200):
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert occluder.box[1] == 0
