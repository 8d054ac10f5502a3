"""The occluder by keyboard: Enter places the patch in the middle of the image, arrow keys move it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.window.states.image import ImageState
from app.window.states.occluder import OccluderState
from app.window.states.occluder_steps import move_to_middle, step

PLACING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
# Rows down and columns to the right, in steps.
MOVES = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class OccluderKeys(QObject):
    """Takes these keys while the tool is active; with other tools the arrow keys change the slice."""

    def __init__(self, view: QWidget, occluder: OccluderState, image: ImageState) -> None:
        super().__init__(view)
        self._occluder, self._image = occluder, image
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_press = event.type() == QEvent.Type.KeyPress
        if not is_press and event.type() != QEvent.Type.ShortcutOverride:
            return False
        assert isinstance(event, QKeyEvent)
        is_plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        image = self._image.image
        if image is None or not self._occluder.is_active or not is_plain:
            return False
        if event.key() not in (*PLACING, *MOVES):
            return False
        # An accepted override keeps the key from the actions that have it.
        event.accept()
        if is_press and event.key() in PLACING:
            move_to_middle(self._occluder, image.shape)
        elif is_press:
            step(self._occluder, *MOVES[Qt.Key(event.key())])
        return True
