"""Distances and angles that a person measured on the shown slice."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import measuring as texts
from app.window.states.shown import ShownState, SliceKey
from core.images.measuring import Point, angle_degrees, distance
from core.images.slice import Slice

MeasuringTool = Literal["", "distance", "angle"]
POINTS: dict[MeasuringTool, int] = {"distance": 2, "angle": 3}
# A drag of fewer pixels is a click.
SHORTEST_DRAG = 2.0


@dataclass(frozen=True, slots=True)
class ImageMeasurement:
    """points: (row, column) of the slice; two for a distance, three for an angle with its apex between them.

    One of `tool` that has fewer points is still being drawn.
    """

    tool: MeasuringTool
    points: tuple[Point, ...]

    def words(self, image: Slice) -> str:
        """The result with its unit; empty while points are missing."""
        if not self.tool or len(self.points) < POINTS[self.tool]:
            return ""
        if self.tool == "angle":
            return texts.angle_words(angle_degrees(image, *self.points))
        length = distance(image, *self.points)
        return texts.distance_words(length, image.spacing_mm is not None, image.spacing_source)


class MeasurementsState(QObject):
    """The measurements of each slice of this session, with an undo for each.

    tool: what a click in the image measures, "" for nothing. points: of the measurement being drawn.
    """

    changed = Signal()
    tool_changed = Signal()

    def __init__(self, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        # Of each slice all states so far, the present one last.
        self._histories: dict[SliceKey, list[tuple[ImageMeasurement, ...]]] = {}
        self.tool: MeasuringTool = ""
        self.points: tuple[Point, ...] = ()
        self._hovered: Point | None = None
        self._pressed: Point | None = None
        shown.changed.connect(self._on_shown_changed)

    @property
    def all(self) -> tuple[ImageMeasurement, ...]:
        """Of the shown slice."""
        history = self._history
        return history[-1] if history else ()

    @property
    def drawn(self) -> tuple[ImageMeasurement, ...]:
        """Those of the shown slice, and the one of which some points are set."""
        if not self.points:
            return self.all
        points = self.points if self._hovered is None else (*self.points, self._hovered)
        return (*self.all, ImageMeasurement(self.tool, points))

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of this slice's measurements to take back."""
        return bool(self.points or self._history)

    @property
    def _history(self) -> list[tuple[ImageMeasurement, ...]]:
        return self._histories.setdefault(self._shown.current.slice_key, [])

    def forget(self, cases: Collection[int]) -> None:
        """Let go of all measurements of closed cases, named by their numbers."""
        self._histories = {key: states for key, states in self._histories.items() if key.case not in cases}

    def use_tool(self, tool: MeasuringTool) -> None:
        """Measure by the next clicks; the same tool again switches measuring off."""
        self.tool = "" if tool == self.tool else tool
        self.points = ()
        self.tool_changed.emit()
        self.changed.emit()

    def begin_point(self, point: Point) -> None:
        """The mouse was pressed: a point is set, the last one of a measurement ends it."""
        if self.tool and self._shown.current.image is not None:
            self._pressed = point
            self._add(point)

    def end_point(self, point: Point) -> None:
        """The mouse was released: after a drag it sets the next point, after a click it sets none."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.points and math.dist(pressed, point) >= SHORTEST_DRAG:
            self._add(point)

    def hover(self, point: Point | None) -> None:
        """Where the cursor is: the next point of the measurement being drawn."""
        if point != self._hovered:
            self._hovered = point
            if self.points:
                self.changed.emit()

    def _add(self, point: Point) -> None:
        self.points = (*self.points, point)
        if self.tool and len(self.points) == POINTS[self.tool]:
            self._history.append((*self.all, ImageMeasurement(self.tool, self.points)))
            self.points = ()
        self.changed.emit()

    def clear(self) -> None:
        """Remove all measurements of this slice."""
        self.points = ()
        if self.all:
            self._history.append(())
        self.changed.emit()

    def undo(self) -> None:
        """Take back the point that was set last, else the last change of this slice's measurements."""
        if self.points:
            self.points = self.points[:-1]
        elif self._history:
            self._history.pop()
        self.changed.emit()

    @Slot()
    def _on_shown_changed(self) -> None:
        self.points = ()
        self.changed.emit()
