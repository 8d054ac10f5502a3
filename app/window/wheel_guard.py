"""What the wheel may change: a control only while it has the keyboard focus, which the wheel never gives."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QMainWindow,
    QScrollBar,
    QTabBar,
    QWidget,
)

VALUE_CONTROLS = (QAbstractSlider, QAbstractSpinBox, QComboBox, QTabBar)
Control = TypeVar("Control", bound=QWidget)


class WheelGuard(QObject):
    """The event filter of one control.

    Qt changes a spin box, combo box, slider or tab bar when the wheel turns over it, even while a person
    scrolls past it. With the guard such an event goes on to the area around, which scrolls. Each control has
    its own, since a filter of the whole program would cost every event of every widget some microseconds.
    """

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and not _has_focus(watched):
            # Qt hands an event that is filtered and not accepted to the parent.
            event.ignore()
            return True
        return False


class DockTabGuard(QObject):
    """Guards the tab bars that Qt makes when docks are laid over each other."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The children of the window are looked at, since the event's own child may not be whole yet.
        if event.type() == QEvent.Type.ChildPolished:
            for bar in watched.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
                if not is_guarded(bar):
                    guarded(bar)
        return False


def guarded(control: Control) -> Control:
    """The control, whose value the wheel changes only while it has the focus."""
    if control.focusPolicy() == Qt.FocusPolicy.WheelFocus:
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    WheelGuard(control)
    return control


def is_guarded(control: QWidget) -> bool:
    """Whether the control has a guard."""
    children = control.findChildren(WheelGuard, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return bool(children)


def is_value_control(widget: QObject) -> bool:
    """Whether the wheel changes a value of this widget; a scroll bar only moves what is seen."""
    return isinstance(widget, VALUE_CONTROLS) and not isinstance(widget, QScrollBar)


def _has_focus(widget: QObject) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or _is_inside(focused, widget))


def _is_inside(child: QObject | None, outer: QObject) -> bool:
    while child is not None and child is not outer:
        child = child.parent()
    return child is outer
