"""Drags and the wheel over a slice: the grey-level window, moving, zooming, and notches for slices."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from app.window.states.display import DisplayState
from app.window.states.viewport import ZOOM_STEP, ViewportState

WHEEL_NOTCH = 120
# A press that moves no further than this, in points, is a click.
CLICK_REACH = 3.0
_BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)


class ViewMouse:
    """What the mouse does over any plane of a case."""

    def __init__(self, display: DisplayState, viewport: ViewportState) -> None:
        self._display, self._viewport = display, viewport
        self._button = Qt.MouseButton.NoButton
        self._is_pan = self._is_click = False
        self._start = self._last = QPointF()
        self._wheel = 0

    def place(self, position: QPointF) -> tuple[float, float]:
        """(row, column) of the slice at a point of the widget."""
        return self._viewport.view.to_slice(position.x(), position.y())

    def press(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if event.button() in _BUTTONS:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._button, self._start = event.button(), event.position()
            self._last = self._start
            self._is_pan = event.button() == Qt.MouseButton.MiddleButton or shifted
            self._is_click = event.button() == Qt.MouseButton.LeftButton and not shifted

    def move(self, event: QMouseEvent) -> None:
        """Go on with the drag: window or move the slice."""
        if self._button == Qt.MouseButton.NoButton:
            return
        position = event.position()
        if (position - self._start).manhattanLength() > CLICK_REACH:
            self._is_click = False
        moved, self._last = position - self._last, position
        if self._is_pan:
            self._viewport.pan_by(moved.x(), moved.y())
        elif not self._is_click:
            self._display.drag_window(moved.x(), -moved.y())

    def release(self, event: QMouseEvent) -> bool:
        """End the drag. Returns whether it was a click with the left button."""
        if event.button() != self._button:
            return False
        self._button = Qt.MouseButton.NoButton
        return self._is_click

    def zoom(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        self._viewport.zoom_by(
            ZOOM_STEP ** (event.angleDelta().y() / WHEEL_NOTCH), self.place(event.position())
        )

    def steps(self, event: QWheelEvent) -> int:
        """How many slices forward; touch pads send parts of a notch."""
        self._wheel -= event.angleDelta().y()
        steps = int(self._wheel / WHEEL_NOTCH)
        self._wheel -= steps * WHEEL_NOTCH
        return steps
