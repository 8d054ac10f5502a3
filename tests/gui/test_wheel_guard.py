"""The wheel scrolls; a control changes by it only while it has the keyboard focus."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDial,
    QDialog,
    QDoubleSpinBox,
    QListWidget,
    QScrollArea,
    QSlider,
    QSpinBox,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.window.wheel_guard import guarded, is_guarded, is_value_control
from core.methods import METHODS


def turn(widget: QWidget, notches: int = -1) -> None:
    """Turn the wheel over the middle of a widget, as the windowing system reports it."""
    window = widget.window()
    place = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), place, QPoint(0, 120 * notches))
    QApplication.processEvents()


def combo_box() -> QComboBox:
    combo = guarded(QComboBox())
    combo.addItems([f"choice {number}" for number in range(40)])
    combo.setCurrentIndex(4)
    return combo


def editable_combo_box() -> QComboBox:
    combo = combo_box()
    combo.setEditable(True)
    return combo


def spin_box() -> QSpinBox:
    spin = guarded(QSpinBox())
    spin.setValue(4)
    return spin


def decimal_box() -> QDoubleSpinBox:
    spin = guarded(QDoubleSpinBox())
    spin.setValue(4)
    return spin


def slider() -> QSlider:
    slider = guarded(QSlider(Qt.Orientation.Horizontal))
    slider.setValue(4)
    return slider


def dial() -> QDial:
    dial = guarded(QDial())
    dial.setValue(4)
    return dial


def tab_bar() -> QTabBar:
    tabs = guarded(QTabBar())
    for number in range(9):
        tabs.addTab(str(number))
    tabs.setCurrentIndex(4)
    return tabs


def value_of(control: QWidget) -> float:
    return control.currentIndex() if isinstance(control, QComboBox | QTabBar) else control.value()


CONTROLS = (combo_box, editable_combo_box, spin_box, decimal_box, slider, dial, tab_bar)


@dataclass
class Scene:
    """A control in the upper part of an area that can be scrolled and has the focus."""

    area: QScrollArea
    control: QWidget

    @property
    def scrolled(self) -> bool:
        return self.area.verticalScrollBar().value() > 0


def scene_of(qtbot, make: Callable[[], QWidget]) -> Scene:
    area, inside = QScrollArea(), QWidget()
    column = QVBoxLayout(inside)
    control = make()
    column.addWidget(control)
    column.addSpacing(2000)
    area.setWidget(inside)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.resize(300, 200)
    with qtbot.waitActive(area):
        area.show()
        area.activateWindow()
    area.setFocus()
    return Scene(area, control)


@pytest.fixture(params=CONTROLS, ids=lambda make: make.__name__)
def scene(request, qtbot) -> Scene:
    return scene_of(qtbot, request.param)


def test_that_a_control_without_the_focus_keeps_its_value_and_the_area_scrolls(scene) -> None:
    turn(scene.control)
    assert value_of(scene.control) == 4
    assert scene.scrolled


def test_that_the_wheel_gives_no_focus(scene) -> None:
    for _ in range(2):
        turn(scene.control)
    assert QApplication.focusWidget() is scene.area
    assert value_of(scene.control) == 4


def test_that_a_control_with_the_focus_follows_the_wheel(scene) -> None:
    scene.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a tab bar has none on some systems
    scene.control.setFocus()
    turn(scene.control)
    assert value_of(scene.control) != 4
    assert not scene.scrolled


# Of the off-screen plug-in, about every popup.
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_that_the_list_of_a_combo_box_scrolls(qtbot) -> None:
    scene = scene_of(qtbot, combo_box)
    combo = scene.control
    combo.setMaxVisibleItems(5)
    combo.showPopup()
    QApplication.processEvents()
    turn(combo.view().viewport(), -5)
    assert combo.view().verticalScrollBar().value() > 0
    assert combo.currentIndex() == 4
    combo.hidePopup()


def test_that_a_list_scrolls_without_taking_the_focus(qtbot) -> None:
    def long_list() -> QListWidget:
        rows = QListWidget()
        rows.setFixedHeight(100)
        rows.addItems([str(number) for number in range(100)])
        return rows

    scene = scene_of(qtbot, long_list)
    turn(scene.control.viewport())
    assert scene.control.verticalScrollBar().value() > 0
    assert QApplication.focusWidget() is scene.area


def unguarded(root: QWidget) -> list[QWidget]:
    return [
        child for child in root.findChildren(QWidget) if is_value_control(child) and not is_guarded(child)
    ]


def test_that_every_control_of_the_window_and_of_all_forms_is_guarded(open_window) -> None:
    window = open_window()
    for method in METHODS:
        window.session.explain.focus(method.name)
        assert not unguarded(window), method.name
    assert [child for child in window.findChildren(QWidget) if is_value_control(child)]


def test_that_the_tabs_of_docks_laid_over_each_other_are_guarded(qtbot, open_window) -> None:
    window = open_window()
    window.tabifyDockWidget(*window.docks.all[:2])
    qtbot.waitUntil(
        lambda: bool(window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly))
    )
    QApplication.processEvents()
    assert not unguarded(window)


def test_that_the_controls_of_dialogs_are_guarded(open_window) -> None:
    window = open_window()
    window.show_settings()
    dialogs = window.findChildren(QDialog)
    assert dialogs
    assert not unguarded(window)
    dialogs[0].reject()
