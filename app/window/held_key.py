"""A key that has effect while it is held."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget


class HeldKey(QObject):
    """held_changed: True when the key goes down in the window, False when it is released or the window left.

    It listens to the events of the program only while the key is down: a filter in Python costs every event
    of every widget some microseconds.
    """

    held_changed = Signal(bool)

    def __init__(self, key: str, window: QWidget) -> None:
        super().__init__(window)
        self._key = Qt.Key[f"Key_{key}"]
        shortcut = QShortcut(QKeySequence(key), window)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self._on_pressed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            is_of_key = event.key() == self._key and not event.isAutoRepeat()
            is_end = is_of_key and event.type() == QEvent.Type.KeyRelease
        else:
            is_end = event.type() == QEvent.Type.ApplicationStateChange
        if is_end:
            self._end()
        return False

    @Slot()
    def _on_pressed(self) -> None:
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)
            self.held_changed.emit(True)

    def _end(self) -> None:
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)
        self.held_changed.emit(False)
