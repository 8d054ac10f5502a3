"""Where the window stands on the screen: inside the available rectangle, its frame included."""

from PySide6.QtCore import QByteArray, QMargins, QObject, QRect, QSize
from PySide6.QtWidgets import QWidget

SMALLEST_SIZE, USUAL_SIZE = QSize(960, 600), QSize(1440, 900)
# What the frame of a window takes where that is not known yet, which is before it is first shown.
USUAL_FRAME = QMargins(8, 32, 8, 8)


def first_geometry(available: QRect, frame: QMargins) -> QRect:
    """The rectangle of the window without its frame, in the middle of the available one.

    available: of the screen, without bars of the system, in logical pixels. On a small screen the window
    fills it together with its frame.
    """
    room = available.marginsRemoved(frame)
    inside = QRect(room.topLeft(), room.size().boundedTo(USUAL_SIZE))
    inside.moveCenter(room.center())
    return inside


def fitted(geometry: QRect, available: QRect, frame: QMargins) -> QRect:
    """The rectangle moved and made smaller until it lies inside the available one with its frame."""
    room = available.marginsRemoved(frame)
    inside = QRect(geometry.topLeft(), geometry.size().boundedTo(room.size()))
    inside.moveLeft(min(max(inside.left(), room.left()), room.right() + 1 - inside.width()))
    inside.moveTop(min(max(inside.top(), room.top()), room.bottom() + 1 - inside.height()))
    return inside


def frame_of(window: QWidget) -> QMargins:
    """What the frame adds on each side; what it usually adds while the window has none yet."""
    inner, outer = window.geometry(), window.frameGeometry()
    if not window.isVisible() or inner == outer:
        return USUAL_FRAME
    return QMargins(
        inner.left() - outer.left(),
        inner.top() - outer.top(),
        outer.right() - inner.right(),
        outer.bottom() - inner.bottom(),
    )


class WindowPlace(QObject):
    """Places a window: where it stood last, or in the middle of the screen; always wholly on a screen."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        available = window.screen().availableGeometry()
        window.setMinimumSize(SMALLEST_SIZE.boundedTo(available.marginsRemoved(USUAL_FRAME).size()))
        window.setGeometry(first_geometry(available, USUAL_FRAME))
        self._size = window.size()

    @property
    def saved(self) -> str:
        """The place as text, for `restore`."""
        return bytes(self._window.saveGeometry().toBase64().data()).decode("ascii")

    def restore(self, saved: str) -> None:
        """Go back to a saved place, which may be that of a screen that is no longer there."""
        self._window.restoreGeometry(QByteArray.fromBase64(saved.encode()))
        self._fit()

    def check_frame(self) -> None:
        """Make room for the frame once it is known, unless the window has another size by now."""
        if self._window.size() == self._size:
            self._fit()

    def _fit(self) -> None:
        window = self._window
        if not window.isMaximized() and not window.isFullScreen():
            available = window.screen().availableGeometry()
            window.setGeometry(fitted(window.geometry(), available, frame_of(window)))
        self._size = window.size()
