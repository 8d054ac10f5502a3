"""The tools that draw in the active plane: distances, angles, the region, and the occluder."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QObject, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent

from app.window.states.measurements import MeasurementsState
from app.window.states.region import RegionState
from app.window.states.tool import MEASURING, Tool, ToolState

Place = tuple[float, float]
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Stroke:
    """A region being drawn with the mouse: its points (row, column); the corners if is_box."""

    is_box: bool
    points: list[Place]

    def lines(self) -> list[QLineF]:
        """In the slice's columns and rows."""
        points = [(column, row) for row, column in self.points]
        if self.is_box:
            (left, top), (right, bottom) = points[0], points[-1]
            points = [(left, top), (right, top), (right, bottom), (left, bottom)]
        ends = [*points[1:], points[0]]
        return [QLineF(*start, *end) for start, end in zip(points, ends, strict=True)]

    def hand_over(self, region: RegionState) -> None:
        """Set the region; a click without a drag draws none."""
        if self.is_box and len(self.points) > 1:
            region.draw_rectangle(self.points[0], self.points[-1])
        elif not self.is_box and len(self.points) > 2:
            region.draw_outline(self.points)


class DrawingMouse(QObject):
    """What the left button does with a tool that draws. Places are (row, column) of the slice."""

    changed = Signal()
    occluder_moved = Signal(float, float)
    occluder_left = Signal()

    def __init__(
        self,
        tool: ToolState,
        region: RegionState,
        measurements: MeasurementsState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tool, self._region, self._measurements = tool, region, measurements
        self._stroke: Stroke | None = None
        self._is_occluding = False
        tool.changed.connect(self._on_tool_changed)

    @property
    def lines(self) -> list[QLineF]:
        """Of the region being drawn, in the slice's columns and rows."""
        return self._stroke.lines() if self._stroke is not None else []

    def press(self, event: QMouseEvent, place: Place) -> bool:
        """Begin to draw. Returns whether a tool does something with this press."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        is_box = event.modifiers() & (SHIFT | CONTROL) == SHIFT | CONTROL
        is_shifted = bool(event.modifiers() & SHIFT)
        active = self._tool.active
        if is_box or (active is Tool.REGION and not is_shifted):
            self._stroke = Stroke(is_box, [place])
        elif is_shifted:
            return False
        elif active in MEASURING:
            self._measurements.begin_point(place)
        elif active is Tool.OCCLUDE:
            self._is_occluding = True
            self.occluder_moved.emit(*place)
        else:
            return False
        return True

    def move(self, event: QMouseEvent, place: Place) -> None:
        """Go on with the drawing."""
        self._measurements.hover(place)
        if self._stroke is not None:
            self._stroke.points.append(place)
            self.changed.emit()
        elif self._is_occluding and event.buttons() & Qt.MouseButton.LeftButton:
            self.occluder_moved.emit(*place)

    def release(self, event: QMouseEvent, place: Place) -> None:
        """End the drawing."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            stroke.hand_over(self._region)
            self.changed.emit()
        elif self._tool.active in MEASURING:
            self._measurements.end_point(place)

    def leave(self) -> None:
        """The cursor left the image."""
        self._measurements.hover(None)
        self._leave_occluder()

    @Slot()
    def _on_tool_changed(self) -> None:
        self._stroke = None
        self._leave_occluder()
        self.changed.emit()

    def _leave_occluder(self) -> None:
        if self._is_occluding:
            self._is_occluding = False
            self.occluder_left.emit()
