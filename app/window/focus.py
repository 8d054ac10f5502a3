"""Where the keyboard focus goes."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)


class FocusKeeper(QObject):
    """Gives the focus to the image when a control that has it is disabled or hidden.

    Qt would give it to the next control instead: pressing Explain disables that button, and what is typed
    next would change a value nobody chose.
    """

    def __init__(self, image: QWidget) -> None:
        super().__init__(image)
        self._image = image
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or now is None or before.window() is not now.window():
            return
        # Without a case the image is hidden, and what was chosen by keyboard or mouse keeps the focus.
        if self._image.isVisible() and not (before.isEnabled() and before.isVisible()):
            self._image.setFocus()
