"""The window with recorded links: actions of the user, and what is painted."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton

from app.texts import image as texts_image
from app.texts import window as texts
from app.texts.explain import MEASURING_SPEED
from app.window.dialogs import ask_to_stop, stop_question
from app.window.main_window import MainWindow
from app.window.theme import DARK, LIGHT, THEME, apply_scheme
from core.errors import Truncated
from core.images.slice import Slice, Window
from core.link import JobProgress
from core.models.device import ComputingDevice
from core.worker.messages import CurvesDone
from tests.app.window.states.test_curves import curve_set
from tests.gui.pointer import move_pointer
from tests.gui.recorded import explained, frame_read, indexed, predicted

# As large as the model likes it, and not all alike, so that nothing is warned of.
BRIGHT = Slice(
    np.pad(np.full((255, 255), 200, np.uint8), ((1, 0), (1, 0))),
    windows=(Window(127.5, 255, function="linear_exact"),),
)


def settle(reader) -> None:
    """Let the small pictures of the samples fail, so that the reader is free."""
    while reader.running_job is not None:
        reader.fail(Truncated("No small picture."))


def open_image(window: MainWindow, reader, worker, image: Slice = BRIGHT, frames: int = 1) -> None:
    settle(reader)
    window.session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png", frames=frames))
    reader.answer(*frame_read(image))
    settle(reader)
    worker.answer(predicted())


def painted(window: MainWindow) -> QImage:
    return window.image_panel.view.grab().toImage()


def middle(window: MainWindow) -> QColor:
    pixels = painted(window)
    return pixels.pixelColor(pixels.width() // 2, pixels.height() // 2)


def drag(qtbot, window: MainWindow, button, by: QPoint, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    view = window.image_panel.view
    start = view.rect().center()
    qtbot.mousePress(view, button, modifier, start)
    move_pointer(view, start + by, button, modifier)
    qtbot.mouseRelease(view, button, modifier, start + by)


def turn_wheel(window: MainWindow, notches: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    view = window.image_panel.view
    centre = QPointF(view.rect().center())
    event = QWheelEvent(
        centre,
        view.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_that_an_empty_window_offers_a_sample_and_opens_it(qtbot, open_window, reader) -> None:
    window = open_window()
    settle(reader)
    button = next(b for b in window.findChildren(QPushButton) if b.text() == texts_image.OPEN_SAMPLE)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert reader.last.path == window.session.cases.list.samples[0].path


def test_that_an_opened_image_is_painted_in_its_grey(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    assert middle(window).getRgb()[:3] == (200, 200, 200)


def test_that_a_map_with_full_evidence_is_painted_in_its_colour_and_hidden_while_held(
    qtbot, open_window, reader, worker
) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.image.style.set_opacity(1.0)
    window.session.explain.start(["grad_cam"])
    window.session.image.set_overlay_on(True)
    values = np.ones((225, 225), np.float32)
    worker.answer(explained(values), [values])
    assert middle(window).getRgb()[:3] == (252, 255, 164)
    qtbot.keyPress(window, Qt.Key.Key_H)
    assert middle(window).getRgb()[:3] == (200, 200, 200)
    qtbot.keyRelease(window, Qt.Key.Key_H)
    assert middle(window).getRgb()[:3] == (252, 255, 164)
    field = QLineEdit(window)
    field.show()
    qtbot.keyClick(field, Qt.Key.Key_H)
    assert (field.text(), window.session.image.overlay_hidden) == ("h", False)


def test_that_left_drag_windows_and_shift_drag_moves(qtbot, open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    image = window.session.image
    before = image.display.window
    drag(qtbot, window, Qt.MouseButton.LeftButton, QPoint(50, -30))
    assert image.display.window.width > before.width
    assert image.display.window.centre < before.centre
    before_move = image.display.window, image.viewport.view
    drag(qtbot, window, Qt.MouseButton.LeftButton, QPoint(40, 20), Qt.KeyboardModifier.ShiftModifier)
    assert image.display.window == before_move[0]
    assert (
        image.viewport.view.left - before_move[1].left,
        image.viewport.view.top - before_move[1].top,
    ) == pytest.approx((40, 20))
    drag(qtbot, window, Qt.MouseButton.MiddleButton, QPoint(-40, -20))
    assert (image.viewport.view.left, image.viewport.view.top) == pytest.approx(
        (before_move[1].left, before_move[1].top)
    )
    qtbot.mouseDClick(window.image_panel.view, Qt.MouseButton.LeftButton)
    assert image.viewport.fits


def test_that_the_wheel_zooms_one_slice_and_turns_several(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    before = window.session.image.viewport.zoom
    turn_wheel(window, 1)
    assert window.session.image.viewport.zoom == pytest.approx(1.25 * before)
    open_image(window, reader, worker, frames=5)
    turn_wheel(window, -1)
    assert window.session.cases.slices.position.index == 3
    before = window.session.image.viewport.zoom
    turn_wheel(window, 1, Qt.KeyboardModifier.ControlModifier)
    assert (window.session.cases.slices.position.index, window.session.image.viewport.zoom) == (
        3,
        pytest.approx(1.25 * before),
    )


@pytest.mark.parametrize(
    ("key", "state"),
    [
        (Qt.Key.Key_I, lambda s: s.image.display.inverted),
        (Qt.Key.Key_G, lambda s: s.image.overlay_on),
        (Qt.Key.Key_BraceLeft, lambda s: s.image.style.threshold < 0.1),
        (Qt.Key.Key_BraceRight, lambda s: s.image.style.threshold > 0.1),
        (Qt.Key.Key_BracketLeft, lambda s: s.image.style.opacity < 0.55),
        (Qt.Key.Key_BracketRight, lambda s: s.image.style.opacity > 0.65),
        (Qt.Key.Key_2, lambda s: s.image.display.window == s.image.display.presets[1]),
        (Qt.Key.Key_Minus, lambda s: not s.image.viewport.fits),
    ],
)
def test_that_keys_of_the_table_do_what_is_documented(qtbot, open_window, reader, worker, key, state) -> None:
    window = open_window()
    ramp = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    open_image(window, reader, worker, Slice(ramp))
    assert not state(window.session)
    qtbot.keyClick(window, key)
    assert state(window.session)


def test_that_digits_typed_into_a_field_stay_there(qtbot, open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    before = window.session.image.display.window
    window.session.explain.focus("integrated_gradients")
    window.methods_panel.show_methods()
    window.methods_panel.list.show_form()
    editor = window.methods_panel.list.method_form.form.field("steps").editor
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, "32")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert window.session.explain.values("integrated_gradients") == {"steps": 32}
    assert window.session.image.display.window == before


def test_that_the_cursor_is_read_off_in_the_status_bar(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    view = window.image_panel.view
    move_pointer(view, view.rect().center())
    assert window.statusBar().readout.text().startswith("row 127, column 127")
    assert "200" in window.statusBar().readout.text()


def test_that_dropped_files_are_opened(open_window, reader, tmp_path) -> None:
    window = open_window()
    settle(reader)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "Größe 大.png"))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(QDropEvent(QPointF(5, 5), *how))
    assert reader.last.path == tmp_path / "Größe 大.png"


def test_that_the_status_bar_says_when_the_speed_is_measured(open_window, reader, worker) -> None:
    worker.device = ComputingDevice(kind="cpu", name="a processor")
    window = open_window()
    open_image(window, reader, worker)
    window.session.background.run_next()
    assert worker.last.kind == "calibrate"
    assert window.statusBar().activity.text() == MEASURING_SPEED


def test_that_progress_and_cancel_stand_in_the_status_bar_while_methods_run(
    open_window, reader, worker
) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.start(["integrated_gradients", "grad_cam"])
    worker.answer(JobProgress(done=32, total=64))
    assert window.statusBar().activity.text() == "Integrated Gradients, 32 of 64"
    cancel = next(b for b in window.statusBar().findChildren(QPushButton) if b.text() == texts.CANCEL)
    assert cancel.isVisible()
    cancel.click()
    assert worker.last.kind == "cancel"


def test_that_a_failed_method_is_reported_on_its_card(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.start(["grad_cam"])
    worker.fail(Truncated("The map holds 5 values that are not finite numbers.", "Try another."))
    (card,) = window.maps_panel.gallery.cards.values()
    labels = [label for label in card.findChildren(QLabel) if "5 values" in label.text()]
    assert [label.objectName() for label in labels] == ["error"]


def test_that_a_damaged_file_is_reported_above_the_image_and_can_be_dismissed(
    qtbot, open_window, reader
) -> None:
    window = open_window()
    settle(reader)
    window.session.cases.open_paths(["folder/bad.dcm"])
    reader.fail(Truncated("bad.dcm ends before its image does.", "Copy it again."))
    bar = window.image_panel.notices
    assert bar.isVisible()
    assert {"bad.dcm ends before its image does.", "Copy it again."} <= {
        label.text() for label in bar.findChildren(QLabel)
    }
    window.session.notices.dismiss(window.session.notices.notices[0])
    assert not bar.isVisible()


def test_that_a_dead_worker_offers_to_start_again(qtbot, open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    worker.die()
    bar = window.image_panel.notices
    again = next(b for b in bar.findChildren(QPushButton) if b.text() == texts.START_AGAIN)
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert worker.restarts == 1
    assert not bar.isVisible()


def test_that_both_curves_and_their_table_are_drawn(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    session = window.session
    session.explain.start(["grad_cam"])
    values = np.ones((225, 225), np.float32)
    worker.answer(explained(values), [values])
    window.show_panel(window.curves_panel)
    session.curves.start()
    worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    panel = window.curves_panel
    assert {kind: len(plot.lines) for kind, plot in panel.plots.items()} == {
        "aic": 4,
        "sic": 4,
    }
    assert [panel.table.item(row, 0).text() for row in range(4)] == [
        "Gradient",
        "Grad-CAM",
        "Edges (control)",
        "Random (control)",
    ]
    assert panel.table.item(0, 3).text() == "yes"
    assert panel.table.horizontalHeaderItem(3).text() == "Better than\nrandom? (SIC)"
    tooltips = [panel.table.item(0, column).toolTip() for column in range(4)]
    assert ["AIC" in tooltip for tooltip in tooltips] == [False, True, False, False]
    assert ["SIC" in tooltip for tooltip in tooltips] == [True, False, True, True]


def test_that_the_layout_opacity_and_scheme_come_back_at_the_next_start(open_window, settings) -> None:
    window = open_window()
    window.session.image.style.set_opacity(0.3)
    window.session.image.style.set_threshold(0.45)
    window.session.image.style.set_outline(True)
    window.docks.all[0].hide()
    window.session.preferences.change(scheme="light")
    window.close()
    again = open_window()
    scheme = again.session.preferences.values.scheme
    assert (again.session.image.style.opacity, again.docks.all[0].isVisible(), scheme) == (
        0.3,
        False,
        "light",
    )
    assert (again.session.image.style.threshold, again.session.image.style.has_outline) == (0.45, True)
    again.docks.reset()
    assert again.docks.all[0].isVisible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_both_schemes_are_legible_and_leave_the_image_field_dark(open_window, scheme) -> None:
    window = open_window()
    apply_scheme(scheme)
    assert THEME.colours is {"dark": DARK, "light": LIGHT}[scheme]
    text, ground = (QColor(c).lightnessF() for c in (THEME.colours.text, THEME.colours.panel))
    muted = QColor(THEME.colours.muted).lightnessF()
    assert abs(text - ground) > 0.6
    assert abs(muted - ground) > 0.3
    corner = window.image_panel.grab().toImage().pixelColor(5, 5)
    assert corner.lightnessF() < 0.1


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_that_nothing_reaches_beyond_the_window(open_window, reader, worker, size) -> None:
    window = open_window(size=size)
    open_image(window, reader, worker)
    assert (window.width(), window.height()) == size
    assert window.image_panel.view.width() >= 500
    assert window.image_panel.view.height() >= 300


def test_that_three_whole_cards_stand_in_a_small_window(open_window, reader, worker) -> None:
    window = open_window(size=(1280, 720))
    open_image(window, reader, worker)
    window.session.explain.start(["gradient", "grad_cam", "rise", "xrai"])
    QApplication.processEvents()
    viewport = window.maps_panel.gallery.viewport()
    spans = [card.mapTo(viewport, QPoint(0, 0)).x() for card in window.maps_panel.gallery.cards.values()]
    width = next(iter(window.maps_panel.gallery.cards.values())).width()
    assert sum(left >= 0 and left + width <= viewport.width() for left in spans) == 3


def test_that_the_tabs_keep_their_room_beside_the_scale_of_the_maps(open_window, reader, worker) -> None:
    window = open_window(size=(1024, 640))
    assert not window.maps_panel.controls.isVisible()
    open_image(window, reader, worker)
    window.session.explain.start(["gradient"])
    QApplication.processEvents()
    assert window.maps_panel.controls.isVisible()
    assert window.docks.results.tabs.width() >= window.docks.results.tabs.sizeHint().width()
    height = window.docks.results.tabs.height()
    window.show_panel(window.curves_panel)
    QApplication.processEvents()
    assert not window.maps_panel.controls.isVisible()
    assert window.docks.results.tabs.height() == height


def test_that_the_window_states_what_it_is_not_for(open_window) -> None:
    window = open_window()
    assert texts.NOT_FOR_DIAGNOSIS in {label.text() for label in window.menuBar().findChildren(QLabel)}


def test_that_closing_during_running_work_asks_once_and_may_be_cancelled(open_window, reader, worker) -> None:
    questions = []

    def answer(_: object) -> bool:
        questions.append(len(questions))
        return len(questions) > 1

    window = open_window(may_stop=answer)
    open_image(window, reader, worker)
    window.session.start_explaining()
    assert not window.close()
    assert (window.isVisible(), len(questions), worker.open_jobs != []) == (True, 1, True)
    assert window.close()
    assert len(questions) == 2


def test_that_closing_an_idle_window_asks_nothing(open_window, reader, worker) -> None:
    questions = []
    window = open_window(may_stop=questions.append)
    open_image(window, reader, worker)
    assert window.close()
    assert questions == []


def test_that_the_question_keeps_the_work_unless_stopping_is_chosen(qtbot, open_window) -> None:
    window = open_window()
    box = stop_question(window)
    qtbot.addWidget(box)
    assert box.defaultButton().text() == texts.KEEP_WORKING
    assert box.escapeButton() is box.defaultButton()
    assert box.testOption(QMessageBox.Option.DontUseNativeDialog)


@pytest.mark.parametrize(("button", "stops"), [(texts.KEEP_WORKING, False), (texts.STOP_AND_CLOSE, True)])
def test_that_the_pressed_button_decides(open_window, button, stops) -> None:
    window = open_window()

    def press() -> None:
        box = QApplication.activeModalWidget()
        next(each for each in box.buttons() if each.text() == button).click()

    QTimer.singleShot(0, press)
    assert ask_to_stop(window) is stops


def test_that_a_file_being_read_can_be_cancelled_from_the_status_bar(open_window, reader) -> None:
    window = open_window()
    settle(reader)
    window.session.cases.open_paths(["folder/a.png"])
    cancel = next(b for b in window.statusBar().findChildren(QPushButton) if b.text() == texts.CANCEL)
    assert cancel.isVisible()
    assert window.window_actions.by_name["cancel"].isEnabled()
    cancel.click()
    assert reader.last.kind == "cancel"


def test_that_the_close_mark_of_a_running_card_cancels_its_job(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.start(["grad_cam"])
    (number,) = window.maps_panel.gallery.cards
    window.maps_panel.gallery.remove_asked.emit(number)
    assert worker.last.kind == "cancel"
    assert window.session.maps.entries == ()
