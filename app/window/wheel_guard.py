"""What the wheel may change: a control only while it has the keyboard focus, which the wheel never gives."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollBar,
    QTabBar,
    QWidget,
)

VALUE_CONTROLS = (QAbstractSlider, QAbstractSpinBox, QComboBox, QTabBar)


class WheelGuard(QObject):
    """An event filter for the whole application, so that controls made later are guarded as well.

    Qt changes a spin box, combo box, slider or tab bar when the wheel turns over it, even while a person
    scrolls past it. With the guard such an event goes on to the area around, which scrolls.
    """

    def install(self) -> None:
        """Guard all controls of the running program that are shown from now on."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Polish and isinstance(watched, QWidget):
            if watched.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                watched.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        elif kind == QEvent.Type.Wheel and is_value_control(watched) and not _has_focus(watched):
            # Qt hands an event that is filtered and not accepted to the parent.
            event.ignore()
            return True
        return False


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
