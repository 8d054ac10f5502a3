"""Distances and angles that a person measured on the shown slice."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import measuring as texts
from app.texts import undo as texts_undo
from app.window.states.shown import ShownState, SliceKey
from app.window.states.tool import MEASURING, Tool, ToolState
from app.window.states.undo import UndoStack
from core.images.measuring import Point, angle_degrees, distance
from core.images.slice import Slice

POINTS = {Tool.DISTANCE: 2, Tool.ANGLE: 3}
# A drag of fewer pixels is a click.
SHORTEST_DRAG = 2.0


@dataclass(frozen=True, slots=True)
class ImageMeasurement:
    """points: (row, column) of the slice; two for a distance, three for an angle with its apex between them.

    One of `tool` that has fewer points is still being drawn.
    """

    tool: Tool
    points: tuple[Point, ...]

    def words(self, image: Slice) -> str:
        """The result with its unit; empty while points are missing."""
        if len(self.points) < POINTS[self.tool]:
            return ""
        if self.tool is Tool.ANGLE:
            return texts.angle_words(angle_degrees(image, *self.points))
        length = distance(image, *self.points)
        return texts.distance_words(length, image.spacing_mm is not None, image.spacing_source)


class MeasurementsState(QObject):
    """The measurements of each slice of this session; every change is a step of `undo`.

    points: of the measurement being drawn, by the active tool if that measures.
    """

    changed = Signal()

    def __init__(
        self, shown: ShownState, tool: ToolState, undo: UndoStack, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown, self._tool, self._undo = shown, tool, undo
        self._measurements: dict[SliceKey, tuple[ImageMeasurement, ...]] = {}
        self.points: tuple[Point, ...] = ()
        self._hovered: Point | None = None
        self._pressed: Point | None = None
        shown.changed.connect(self._drop_points)
        tool.changed.connect(self._drop_points)

    @property
    def all(self) -> tuple[ImageMeasurement, ...]:
        """Of the shown slice."""
        return self._measurements.get(self._shown.current.slice_key, ())

    @property
    def drawn(self) -> tuple[ImageMeasurement, ...]:
        """Those of the shown slice, and the one of which some points are set."""
        if not self.points:
            return self.all
        points = self.points if self._hovered is None else (*self.points, self._hovered)
        return (*self.all, ImageMeasurement(self._tool.active, points))

    def forget(self, cases: Collection[int]) -> None:
        """Let go of all measurements of closed cases, named by their numbers."""
        self._measurements = {key: each for key, each in self._measurements.items() if key.case not in cases}

    def restore(self, measurements: tuple[ImageMeasurement, ...]) -> None:
        """Take those of a workspace for the shown slice; they are no step that could be undone."""
        self._set(self._shown.current.slice_key, measurements)

    def begin_point(self, point: Point) -> None:
        """The mouse was pressed: a point is set, the last one of a measurement ends it."""
        if self._tool.active in MEASURING and self._shown.current.image is not None:
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

    def clear(self) -> None:
        """Remove all measurements of this slice."""
        self.points = ()
        if self.all:
            self._replace((), texts_undo.MEASUREMENTS_REMOVED)
        self.changed.emit()

    def take_back_point(self) -> None:
        """Remove the point that was set last of the measurement being drawn."""
        self.points = self.points[:-1]
        self.changed.emit()

    def _add(self, point: Point) -> None:
        tool = self._tool.active
        self.points = (*self.points, point)
        if len(self.points) == POINTS[tool]:
            measurement, self.points = ImageMeasurement(tool, self.points), ()
            self._replace((*self.all, measurement), texts_undo.MEASUREMENT)
        self.changed.emit()

    def _replace(self, measurements: tuple[ImageMeasurement, ...], label: str) -> None:
        key, before = self._shown.current.slice_key, self.all
        self._set(key, measurements)
        undo, redo = partial(self._set, key, before), partial(self._set, key, measurements)
        self._undo.push(label, undo, redo, slice_key=key)

    def _set(self, key: SliceKey, measurements: tuple[ImageMeasurement, ...]) -> None:
        self._measurements[key] = measurements
        self.changed.emit()

    @Slot()
    def _drop_points(self) -> None:
        self.points, self._pressed = (), None
        self.changed.emit()
