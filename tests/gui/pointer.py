"""The mouse pointer of tests: moves are delivered to the widget itself.

A pointer that is moved across the screen also enters and leaves whatever windows lie there, in an order that
depends on the machine and on the tests before.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

NO_BUTTON = Qt.MouseButton.NoButton


def move_pointer(
    widget: QWidget,
    place: QPoint,
    buttons: Qt.MouseButton = NO_BUTTON,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """The move of the pointer to a place of a widget, with the buttons and keys that are held down."""
    at = QPointF(place)
    on_screen = QPointF(widget.mapToGlobal(place))
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, at, on_screen, NO_BUTTON, buttons, keys)
    )
