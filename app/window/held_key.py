"""An action that has effect while its key is held."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication

MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class HeldKey(QObject):
    """released: a key goes up after the action was triggered, or the program is left.

    It listens to the events of the program only while a key is down: a filter in Python costs every event
    of every widget some microseconds.
    """

    released = Signal()

    def __init__(self, action: QAction) -> None:
        super().__init__(action)
        action.setAutoRepeat(False)
        action.triggered.connect(self._on_pressed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            # Which key it is does not matter: the action's key may come with another number when it goes
            # up, as a sign that needs Shift does once Shift is up.
            is_release = event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat()
            is_end = is_release and event.key() not in MODIFIERS
        else:
            is_end = event.type() == QEvent.Type.ApplicationStateChange
        if is_end:
            self._end()
        return False

    @Slot()
    def _on_pressed(self) -> None:
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)

    def _end(self) -> None:
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)
        self.released.emit()
