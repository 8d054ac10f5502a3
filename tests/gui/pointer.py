"""The mouse pointer of tests, which stays where the test before left it."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


def move_pointer(qtbot: QtBot, widget: QWidget, place: QPoint) -> None:
    """Move the pointer to a place of a widget on the screen, with an event also if it lies there already."""
    with qtbot.waitExposed(widget):
        widget.show()
    qtbot.mouseMove(widget, place + QPoint(1, 1))
    qtbot.mouseMove(widget, place)
