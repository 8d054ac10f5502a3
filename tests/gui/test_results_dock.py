"""The dock of the results: away until there is a map, and collapsed to its tabs."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from app.texts import window as texts
from app.window.main_window import MainWindow
from tests.gui.recorded import explained
from tests.gui.test_window import open_image


def collapse_button(window: MainWindow) -> QToolButton:
    names = (texts.COLLAPSE_RESULTS, texts.EXPAND_RESULTS)
    buttons = window.docks.results.findChildren(QToolButton)
    return next(button for button in buttons if button.accessibleName() in names)


@pytest.fixture
def window(open_window, reader, worker) -> MainWindow:
    opened = open_window()
    open_image(opened, reader, worker)
    return opened


def add_map(window: MainWindow, worker) -> None:
    window.session.explain.start(["grad_cam"])
    values = np.ones((4, 4), np.float32)
    worker.answer(explained(values), [values])


def test_that_the_results_appear_with_the_first_map_and_leave_the_room_to_the_image_before(
    window: MainWindow, worker
) -> None:
    before = window.image_panel.view.height()
    assert not window.docks.results.isVisible()
    add_map(window, worker)
    QApplication.processEvents()
    assert window.docks.results.isVisible()
    assert window.maps_panel.isVisible()
    assert window.image_panel.view.height() < before


def test_that_results_that_were_closed_stay_closed_with_the_next_map(window: MainWindow, worker) -> None:
    add_map(window, worker)
    window.docks.results.hide()
    add_map(window, worker)
    assert not window.docks.results.isVisible()


def test_that_collapsed_results_are_their_tabs_over_the_whole_width(
    qtbot, window: MainWindow, worker
) -> None:
    add_map(window, worker)
    dock = window.docks.results
    width = dock.width()
    QTest.mouseClick(collapse_button(window), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dock.height() == dock.titleBarWidget().height())
    assert (dock.width(), dock.titleBarWidget().width()) == (width, width)
    assert not window.maps_panel.isVisible()
    assert collapse_button(window).accessibleName() == texts.EXPAND_RESULTS


@pytest.mark.parametrize("number", [0, 2])
def test_that_a_click_on_a_tab_opens_collapsed_results_at_that_panel(
    window: MainWindow, worker, number: int
) -> None:
    add_map(window, worker)
    dock = window.docks.results
    dock.set_collapsed(True)
    QApplication.processEvents()
    QTest.mouseClick(dock.tabs, Qt.MouseButton.LeftButton, pos=dock.tabs.tabRect(number).center())
    QApplication.processEvents()
    panel = (window.maps_panel, window.curves_panel, window.reveal_panel)[number]
    assert panel.isVisible()
    assert dock.height() >= 160


def test_that_collapsed_results_are_collapsed_at_the_next_start(window: MainWindow, open_window) -> None:
    window.docks.results.set_collapsed(True)
    window.close()
    again = open_window()
    assert again.docks.results.is_collapsed
    again.docks.reset()
    assert not again.docks.results.is_collapsed
    assert again.docks.results.isVisible()


def test_that_drawing_curves_shows_the_results_wherever_they_were(window: MainWindow, worker) -> None:
    add_map(window, worker)
    window.docks.results.set_collapsed(True)
    window.docks.results.hide()
    window.draw_curves()
    QApplication.processEvents()
    assert window.curves_panel.isVisible()


def test_that_the_model_page_covers_the_image_and_escape_goes_back(window: MainWindow, qtbot) -> None:
    window.pages.show_model()
    QApplication.processEvents()
    assert (window.model_panel.isVisible(), window.image_panel.isVisible()) == (True, False)
    assert window.prediction_panel.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert (window.model_panel.isVisible(), window.image_panel.isVisible()) == (False, True)
    assert QApplication.focusWidget() is window.image_panel.view
