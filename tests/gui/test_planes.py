"""The window with three planes, measuring and graphics of the file, driven by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.window.states.position import SlicePosition
from core.images.slice import Slice
from core.readers.messages import Indexed
from tests.app.window.states.test_planes import VIEWS, VOLUME, answer_all, entry
from tests.gui.pointer import move_pointer
from tests.gui.recorded import frame_read, indexed

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(open_window, reader):
    window = open_window()
    window.session.cases.thumbnails.ask_for_all = lambda: None
    while reader.running_job is not None:
        reader.answer(indexed("sample.png")) if reader.last.kind == "index" else reader.answer(
            *frame_read(Slice(np.eye(8)))
        )
    window.session.cases.open_paths(["folder/a.nii"])
    reader.answer(Indexed(entries=(entry(),)))
    answer_all(reader)
    return window


def three(window, reader) -> None:
    window.window_actions.by_name["three_planes"].trigger()
    answer_all(reader)
    QApplication.processEvents()
    window.grab()  # a view takes its size when it is drawn


def canvas_of(window, axis: int):
    for pane in window.image_panel.panes:
        if pane.plane.axis == axis:
            return pane.canvases[axis]
    raise AssertionError(f"axis {axis} is the active one")


def point(viewport, row: float, column: float) -> QPoint:
    x, y = viewport.view.to_screen(row, column)
    return QPoint(round(x), round(y))


def test_that_a_click_in_a_side_plane_moves_the_active_one(window, reader, qtbot) -> None:
    three(window, reader)
    coronal = canvas_of(window, 1)
    assert (coronal.isVisible(), window.image_panel.panes[0].isVisible()) == (True, True)
    qtbot.mouseClick(coronal, LEFT, pos=point(coronal.plane.viewport, 1, 2))  # row 1 from the head: slice 4
    answer_all(reader)
    assert [round(part) for part in window.session.planes.voxel] == [4, 4, 2]
    assert window.session.shown.current.position == SlicePosition(0, 4)


def test_that_shift_and_move_over_the_active_plane_moves_the_crosshair(window, reader, qtbot) -> None:
    three(window, reader)
    view = window.image_panel.view
    move_pointer(view, point(window.session.image.viewport, 6, 3), keys=Qt.KeyboardModifier.ShiftModifier)
    answer_all(reader)
    assert [round(part) for part in window.session.planes.voxel] == [3, 6, 3]


def test_that_a_drag_windows_all_planes_and_moves_no_crosshair(window, reader, qtbot) -> None:
    three(window, reader)
    before, voxel = window.session.image.display.window, window.session.planes.voxel
    canvas = canvas_of(window, 2)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    move_pointer(canvas, QPoint(60, 20), LEFT)
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(60, 20))
    assert window.session.image.display.window.width > before.width
    assert window.session.planes.voxel == voxel


def test_that_the_wheel_over_a_side_plane_scrolls_it(window, reader) -> None:
    three(window, reader)
    canvas = canvas_of(window, 2)
    event = QWheelEvent(
        QPointF(20, 20),
        canvas.mapToGlobal(QPointF(20, 20)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    answer_all(reader)
    assert canvas.plane.position == SlicePosition(2, 5)
    assert window.session.shown.current.position == SlicePosition(0, 3)


def test_that_a_double_click_on_a_side_plane_shows_it_alone_and_back(window, reader, qtbot) -> None:
    three(window, reader)
    qtbot.mouseDClick(canvas_of(window, 1), LEFT)
    answer_all(reader)
    assert (window.session.planes.is_three, window.session.image.position.axis) == (False, 1)
    assert not window.image_panel.panes[0].isVisible()
    qtbot.mouseDClick(window.image_panel.view, LEFT)
    assert window.image_panel.panes[0].isVisible()


def test_that_a_series_without_planes_offers_one_and_says_why(window, reader) -> None:
    window.session.cases.open_paths(["folder/b.nii"])
    reader.answer(Indexed(entries=(entry(no_volume="Its slices have unequal distances."),)))
    answer_all(reader)
    action = window.window_actions.by_name["three_planes"]
    assert (action.isEnabled(), action.toolTip()) == (False, "Its slices have unequal distances.")


def test_that_two_clicks_after_m_measure_a_distance_and_ctrl_z_takes_it_back(window, reader, qtbot) -> None:
    window.window_actions.by_name["measure_distance"].trigger()
    view, viewport = window.image_panel.view, window.session.image.viewport
    for place in ((1, 1), (1, 9)):
        qtbot.mouseClick(view, LEFT, pos=point(viewport, *place))
    (measurement,) = window.session.measurements.all
    image = window.session.image.image
    assert float(measurement.words(image).split()[0]) == pytest.approx(8.0, abs=0.1)
    window.window_actions.by_name["undo"].trigger()
    assert window.session.measurements.all == ()


def test_that_graphics_of_the_file_are_drawn_and_can_be_hidden(window, reader) -> None:
    overlay = np.zeros((8, 8), bool)
    overlay[4, 4] = True
    window.session.cases.open_paths(["folder/c.dcm"])
    reader.answer(indexed("c.dcm"))
    reader.answer(*frame_read(Slice(np.zeros((8, 8), np.uint8), overlay=overlay)))
    view, place = window.image_panel.view, point(window.session.image.viewport, 4, 4)

    def colour() -> QColor:
        return view.grab().toImage().pixelColor(place)

    assert colour().red() > 200
    window.window_actions.by_name["graphics"].trigger()
    assert colour().red() < 30


def test_that_each_plane_draws_its_own_slice(window, reader) -> None:
    three(window, reader)
    for axis in (1, 2):
        expected = VOLUME.slice(VIEWS[axis], round(window.session.planes.voxel[axis]))
        np.testing.assert_array_equal(canvas_of(window, axis).plane.image.values, expected.values)
