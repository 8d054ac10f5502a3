"""The one active mouse tool: what a drag with the left button does in the image."""

from enum import StrEnum

from PySide6.QtCore import QObject, Signal


class Tool(StrEnum):
    """What a drag or click with the left button does."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SCROLL = "scroll"
    DISTANCE = "distance"
    ANGLE = "angle"
    REGION = "region"
    OCCLUDE = "occlude"


MEASURING = (Tool.DISTANCE, Tool.ANGLE)
# Tools whose clicks set something in the active plane.
DRAWING = (*MEASURING, Tool.REGION, Tool.OCCLUDE)


class ToolState(QObject):
    """Exactly one tool is active, at first the grey-level window.

    is_dragging: the view is being changed by a drag, whose end `drag_ended` tells.
    """

    changed = Signal()
    drag_ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.active = Tool.WINDOW
        self.is_dragging = False

    def choose(self, tool: Tool) -> None:
        """Make this tool the active one."""
        if tool is not self.active:
            self.active = tool
            self.changed.emit()

    def toggle(self, tool: Tool) -> None:
        """Make this tool the active one; if it is active, go back to the grey-level window."""
        self.choose(Tool.WINDOW if tool is self.active else tool)

    def begin_drag(self) -> None:
        """A drag over a plane begins; all that it changes in the view belongs together."""
        self.is_dragging = True

    def end_drag(self) -> None:
        """The drag is over."""
        self.is_dragging = False
        self.drag_ended.emit()
