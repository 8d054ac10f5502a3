"""Where the keyboard focus is, and what keys do there."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSlider,
    QWidget,
)

from app.shortcuts import ACTIONS
from app.texts import window as texts
from app.window.main_window import MainWindow
from app.window.wheel_guard import is_value_control
from core.images.slice import Slice
from core.link import CancelledJob
from tests.gui.recorded import RecordedLink
from tests.gui.test_wheel_guard import turn
from tests.gui.test_window import open_image

RAMP = Slice(np.arange(4096, dtype=np.uint16).reshape(64, 64))
# Keys that a field gets when they are typed into it.
TYPED = sorted({key for action in ACTIONS for key in action.keys if len(key) == 1})


@pytest.fixture
def window(qtbot, open_window, reader, worker) -> MainWindow:
    """A window with an image, with a method in the form that has every kind of editor."""
    window = open_window(size=(1280, 900))
    open_image(window, reader, worker, RAMP)
    window.session.explain.focus("integrated_gradients")
    window.methods_panel.show_methods()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QApplication.processEvents()
    return window


def choices_of(window: MainWindow) -> tuple[object, ...]:
    """What a key or the wheel must not change by accident: everything that is computed from."""
    explain, prediction = window.session.explain, window.session.prediction
    values = {row.name: dict(explain.values(row.name)) for _, rows in explain.families for row in rows}
    selected = [row.name for _, rows in explain.families for row in rows if row.checked]
    return explain.target_at, explain.seed, values, selected, prediction.card.id


def cancel(window: MainWindow, worker: RecordedLink) -> None:
    window.session.cancel()
    while worker.running_job is not None:
        worker.answer(CancelledJob())


def fields_of(window: MainWindow) -> list[QWidget]:
    return [
        field
        for kind in (QLineEdit, QAbstractSpinBox, QComboBox, QCheckBox, QSlider, QPushButton)
        for field in window.findChildren(kind)
        if field.isVisible() and field.isEnabled() and field.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def test_that_explaining_by_button_or_key_gives_the_focus_to_the_image(qtbot, window, worker) -> None:
    explain = next(b for b in window.methods_panel.findChildren(QPushButton) if b.text() == texts.EXPLAIN)
    view = window.image_panel.view
    for start in (
        lambda: qtbot.mouseClick(explain, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(explain, Qt.Key.Key_Space),
        lambda: qtbot.keyClick(window.focusWidget(), Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier),
    ):
        explain.setFocus()
        start()
        assert window.session.explain.running
        assert QApplication.focusWidget() is view
        before = choices_of(window)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
        assert choices_of(window) == before
        assert window.session.image.display.window == window.session.image.display.presets[1]
        window.session.image.display.use_own_window()
        cancel(window, worker)


def test_that_explain_takes_the_focus_from_every_field(qtbot, window, worker) -> None:
    fields = fields_of(window)
    assert len(fields) >= 8
    for field in fields:
        if not (field.isVisible() and field.isEnabled()):
            continue  # a button whose work the last run is
        field.setFocus()
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        assert window.session.explain.running, field
        assert QApplication.focusWidget() is window.image_panel.view
        cancel(window, worker)


def test_that_a_field_does_not_take_the_keys_of_explain_for_itself(qtbot, window) -> None:
    # Every text field selects all by this key, as it goes to the end of the line by Ctrl+E under X11.
    window.window_actions.by_name["explain"].setShortcut("Ctrl+A")
    for field in (*window.findChildren(QLineEdit), *window.findChildren(QAbstractSpinBox)):
        override = QKeyEvent(
            QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier
        )
        if field.isVisible() and field.focusProxy() is None:
            window.image_panel.view.setFocus()
            field.setFocus()
            override.ignore()
            QApplication.sendEvent(QApplication.focusWidget(), override)
            assert not override.isAccepted(), field


def test_that_cancel_gives_the_focus_to_the_image_too(qtbot, window, worker) -> None:
    window.session.start_explaining()
    cancels = [
        b
        for b in window.findChildren(QPushButton)
        if b.text() == texts.CANCEL and b.isVisible() and b.isEnabled()
    ]
    assert cancels
    for button in cancels:
        window.session.start_explaining()
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        while worker.running_job is not None:
            worker.answer(CancelledJob())
        assert not window.session.explain.running
        assert QApplication.focusWidget() is window.image_panel.view


def test_that_keys_typed_into_a_field_stay_there(window) -> None:
    image = window.session.image
    before = image.display.window, image.display.inverted, image.overlay_on, image.viewport.view
    for field in (*window.findChildren(QLineEdit), *window.findChildren(QAbstractSpinBox)):
        if not field.isVisible():
            continue
        field.setFocus()
        for key in TYPED:
            QTest.keyClicks(QApplication.focusWidget(), key)
        QTest.keyPress(QApplication.focusWidget(), Qt.Key.Key_H)
        assert not image.overlay_hidden
        QTest.keyRelease(QApplication.focusWidget(), Qt.Key.Key_H)
        after = image.display.window, image.display.inverted, image.overlay_on, image.viewport.view
        assert after == before, field


def test_that_the_keys_of_windows_change_no_parameter_outside_fields(window) -> None:
    display = window.session.image.display
    for field in fields_of(window):
        if isinstance(field, QLineEdit | QAbstractSpinBox):
            continue
        before = choices_of(window)
        for key in ("2", "0"):
            field.setFocus()
            QTest.keyClicks(QApplication.focusWidget(), key)
            at = max(int(key) - 1, 0)
            assert display.window == display.presets[at], field
        assert choices_of(window) == before, field


def test_that_the_wheel_over_any_control_changes_nothing(window) -> None:
    window.image_panel.view.setFocus()
    panels = [window.docks.results.tabs.tabText(at) for at in range(window.docks.results.tabs.count())]
    guarded = 0
    for at, _ in enumerate(panels):
        window.docks.results.show_tab(at)
        QApplication.processEvents()
        before = choices_of(window), window.docks.results.tabs.currentIndex()
        for control in window.findChildren(QWidget):
            if is_value_control(control) and control.isVisible() and not control.visibleRegion().isEmpty():
                for notches in (1, -1):
                    turn(control, notches)
                    assert (choices_of(window), window.docks.results.tabs.currentIndex()) == before, control
                assert QApplication.focusWidget() is window.image_panel.view
                guarded += 1
    assert guarded > 10
