"""Where the keyboard focus goes, which widgets take typed text, and a key that they do not take."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
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


class KeyInFields(QObject):
    """Lets the keys of an action work in text fields, some of which would take them for themselves.

    Under X11 Ctrl+E goes to the end of the line in every text field.
    """

    def __init__(self, action: QAction) -> None:
        super().__init__(action)
        self._action = action
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        # A filter of the whole program would cost every event of every widget some time.
        if before is not None:
            before.removeEventFilter(self)
        if now is not None and takes_text(now):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return False
        is_of_action = QKeySequence(event.keyCombination()) in self._action.shortcuts()
        if is_of_action:
            event.ignore()
        return is_of_action


def takes_text(widget: QWidget | None) -> bool:
    """Whether letters and digits that are typed into this widget belong to it."""
    if isinstance(widget, QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QLineEdit | QAbstractSpinBox | QPlainTextEdit)
