"""Assistive technology and the keyboard: every control of window and dialogs has a name and is reached."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QTabBar,
    QWidget,
)

from app.window.dialogs import show_about, stop_question
from app.window.keys_dialog import KeysDialog
from app.window.main_window import MainWindow
from app.window.panels.settings import SettingsDialog
from core.errors import Unreadable
from tests.gui.recorded import explained
from tests.gui.test_window import open_image


@pytest.fixture
def window(open_window, reader, worker) -> MainWindow:
    """With an image, two maps, a region and a notice, so that the controls of all of them exist."""
    opened = open_window()
    open_image(opened, reader, worker)
    for method in ("grad_cam", "gradient"):
        opened.session.explain.start([method])
        values = np.ones((4, 4), np.float32)
        worker.answer(explained(values, method), [values])
    opened.session.notices.report("file", Unreadable("The file cannot be read.", "Try another."))
    for panel in (opened.curves_panel, opened.reveal_panel, opened.sanity_panel, opened.agreement_panel):
        opened.show_panel(panel)
        QApplication.processEvents()
    return opened


def keys(window: MainWindow) -> QWidget:
    dialog = KeysDialog(window.keys, window)
    dialog.show()
    return dialog


def settings(window: MainWindow) -> QDialog:
    window.show_settings()
    return window.findChildren(SettingsDialog)[0]


def tags(window: MainWindow) -> QDialog:
    before = set(window.findChildren(QDialog))
    window.show_tags()
    return next(iter(set(window.findChildren(QDialog)) - before))


def help_window(window: MainWindow) -> QDialog:
    window.show_help_page("panels/image")
    assert window._help is not None
    return window._help


DIALOGS: dict[str, Callable[[MainWindow], QDialog]] = {
    "settings": settings,
    "header": tags,
    "help": help_window,
    "keys": keys,
    "about": show_about,
    "stop": stop_question,
}


def controls(root: QWidget) -> Iterator[QWidget]:
    """What can have the focus, in a window and not in its other windows; parts of a control are left out.

    Labels take the focus for the selection of their text by the mouse; that text is read out anyway.
    """
    for widget in root.findChildren(QWidget):
        focusable = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(widget, QLabel)
        if focusable and widget.window() is root.window() and not is_part(widget):
            yield widget


def is_part(widget: QWidget) -> bool:
    """Whether it belongs to a control that stands for it: the editor of a field, a part of Qt's own."""
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if parent.focusProxy() is widget or widget.focusProxy() is parent:
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_") or isinstance(widget.parentWidget(), QTabBar)


def name_of(widget: QWidget) -> str:
    """What a screen reader says: the name, the text, or that of the label whose buddy it is."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def nameless(root: QWidget) -> list[str]:
    return sorted(
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parentWidget()).__name__}"
        for widget in controls(root)
        if not name_of(widget)
    )


def unreachable(root: QWidget) -> list[str]:
    """Visible controls that neither the Tab key nor an arrow key of their group leads to."""
    window, reached = root.window(), set()
    current = window.nextInFocusChain()
    while current is not None and current not in reached:
        reached.add(current)
        current = current.nextInFocusChain()
    return sorted(
        f"{type(widget).__name__} {name_of(widget)}"
        for widget in controls(root)
        if widget.isVisible()
        and widget.isEnabled()
        and (widget not in reached or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    )


def test_that_every_control_of_the_window_has_a_name(window: MainWindow) -> None:
    assert len(list(controls(window))) > 40
    assert nameless(window) == []


def test_that_the_page_of_the_model_has_names(window: MainWindow) -> None:
    window.pages.show_model()
    QApplication.processEvents()
    assert len(list(controls(window.model_panel))) > 10
    assert nameless(window.model_panel) == []


def test_that_the_page_of_pictures_of_the_network_has_names_and_is_reached(window: MainWindow) -> None:
    window.pages.show_network()
    window.session.network_pictures.choice.set_objective(kind="unit")
    QApplication.processEvents()
    assert len(list(controls(window.network_panel))) > 15
    assert nameless(window.network_panel) == []
    assert unreachable(window.network_panel) == []


def test_that_the_tab_key_reaches_every_visible_control(window: MainWindow) -> None:
    for panel in (window.maps_panel, window.curves_panel, window.sanity_panel, window.agreement_panel):
        window.show_panel(panel)
        QApplication.processEvents()
        assert unreachable(window) == []
    window.pages.show_model()
    QApplication.processEvents()
    assert unreachable(window) == []


@pytest.mark.parametrize("name", DIALOGS)
def test_that_every_control_of_a_dialog_has_a_name_and_is_reached(
    window: MainWindow, qtbot, name: str
) -> None:
    dialog = DIALOGS[name](window)
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    assert dialog.windowTitle()
    assert nameless(dialog) == []
    assert unreachable(dialog) == []


def test_that_icons_without_words_have_a_tool_tip(window: MainWindow) -> None:
    silent = [
        name_of(button)
        for button in window.findChildren(QAbstractButton)
        if button.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not button.text()
        and not button.toolTip()
        and not is_part(button)
    ]
    assert silent == []


def test_that_what_is_painted_has_a_name_and_says_what_it_shows(window: MainWindow) -> None:
    """Widgets with a paintEvent of their own: assistive technology sees nothing of what they draw."""
    painted = [
        widget
        for widget in window.findChildren(QWidget)
        if type(widget).__module__.startswith("app.window.widgets") and "paintEvent" in vars(type(widget))
    ]
    assert painted
    assert sorted({type(widget).__name__ for widget in painted if not name_of(widget)}) == []
