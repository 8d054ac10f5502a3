"""Drags and the wheel over a slice: the grey-level window, moving, zooming, and notches for slices."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from app.window.states.display import DisplayState
from app.window.states.tool import Tool, ToolState
from app.window.states.viewport import ZOOM_STEP, ViewportState

WHEEL_NOTCH = 120
# A press that moves no further than this, in points, is a click.
CLICK_REACH = 3.0
# Points of the screen that a drag needs for one step of zoom, and for one slice.
DRAG_PER_ZOOM_STEP = 40.0
DRAG_PER_SLICE = 12.0
_BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)


class ViewMouse:
    """What the mouse does over any plane of a case, by the active tool."""

    def __init__(self, display: DisplayState, viewport: ViewportState, tool: ToolState) -> None:
        self._display, self._viewport, self._tool = display, viewport, tool
        self._button = Qt.MouseButton.NoButton
        self._drag = Tool.WINDOW
        self._is_click = False
        self._start = self._last = QPointF()
        self._start_place = (0.0, 0.0)
        # What is left of a notch of the wheel, and of the way to the next slice.
        self._wheel = self._way = 0.0

    def place(self, position: QPointF) -> tuple[float, float]:
        """(row, column) of the slice at a point of the widget."""
        return self._viewport.view.to_slice(position.x(), position.y())

    def press(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if event.button() not in _BUTTONS or self._button != Qt.MouseButton.NoButton:
            return
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        is_pan = event.button() == Qt.MouseButton.MiddleButton or is_shifted
        self._button, self._drag = event.button(), Tool.PAN if is_pan else self._tool.active
        self._start = self._last = event.position()
        self._start_place, self._way = self.place(event.position()), 0.0
        self._is_click = not is_pan
        self._tool.begin_drag()

    def move(self, event: QMouseEvent) -> int:
        """Go on with the drag. Returns how many slices forward it scrolls."""
        if self._button == Qt.MouseButton.NoButton:
            return 0
        position = event.position()
        if (position - self._start).manhattanLength() > CLICK_REACH:
            self._is_click = False
        moved, self._last = position - self._last, position
        if self._drag is Tool.PAN:
            self._viewport.pan_by(moved.x(), moved.y())
        elif self._is_click:
            return 0
        elif self._drag is Tool.WINDOW:
            self._display.drag_window(moved.x(), -moved.y())
        elif self._drag is Tool.ZOOM:
            self._viewport.zoom_by(ZOOM_STEP ** (-moved.y() / DRAG_PER_ZOOM_STEP), self._start_place)
        elif self._drag is Tool.SCROLL:
            self._way += moved.y()
            steps = int(self._way / DRAG_PER_SLICE)
            self._way -= steps * DRAG_PER_SLICE
            return steps
        return 0

    def release(self, event: QMouseEvent) -> bool:
        """End the drag. Returns whether it was a click with the left button."""
        if event.button() != self._button:
            return False
        self._button = Qt.MouseButton.NoButton
        self._tool.end_drag()
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
