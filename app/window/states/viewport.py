"""Where the slice lies on the screen: zoom and position."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.images.planes import Axis
from core.images.slice import Slice

ZOOM_STEP = 1.25
ZOOM_LIMITS = (0.02, 64.0)


@dataclass(frozen=True, slots=True)
class ScreenGeometry:
    """How the slice lies on the screen: points per column, points per row, and the slice's origin."""

    per_column: float
    per_row: float
    left: float
    top: float

    def to_screen(self, row: float, column: float) -> tuple[float, float]:
        """(x, y) of a slice position; pixel centres are at integers."""
        return self.left + (column + 0.5) * self.per_column, self.top + (row + 0.5) * self.per_row

    def to_slice(self, x: float, y: float) -> tuple[float, float]:
        """(row, column) of a point of the screen."""
        return (y - self.top) / self.per_row - 0.5, (x - self.left) / self.per_column - 0.5


@dataclass(frozen=True, slots=True)
class ViewPlace:
    """zoom: points of the screen per column, None while the whole slice is fitted; centre: (row, column)."""

    zoom: float | None
    centre: tuple[float, float]


class ViewportState(QObject):
    """Positions are (row, column) of the slice, pixel centres at integers."""

    view_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image: Slice | None = None
        self._zoom: float | None = None
        self._centre = (0.0, 0.0)
        self._size = (1.0, 1.0)
        self._reserved: dict[str, float] = {}
        self._axis: Axis = 0
        self._shape = (0, 0)
        # Of the planes that were shown before: size of the slice, zoom and centre.
        self._places: dict[Axis, tuple[tuple[int, int], float | None, tuple[float, float]]] = {}

    def show(self, image: Slice, is_other_case: bool, axis: Axis = 0) -> None:
        """Take another slice; the first one of a case or of another size is shown as a whole.

        axis: of its plane; each has its zoom and place, which come back with it.
        """
        if is_other_case:
            self._places = {}
        elif axis != self._axis:
            self._places[self._axis] = (self._shape, self._zoom, self._centre)
        shape, zoom, centre = self._places.get(axis, (image.shape, None, (0.0, 0.0)))
        if is_other_case or axis != self._axis:
            self._zoom, self._centre = (zoom, centre) if shape == image.shape else (None, (0.0, 0.0))
        elif image.shape != self._shape:
            self._zoom = None
        self.image, self._axis, self._shape = image, axis, image.shape

    def set_view_size(self, width: float, height: float) -> None:
        """The size of the view in points of the screen."""
        self._size = (max(width, 1.0), max(height, 1.0))

    def reserve_right(self, name: str, width: float) -> None:
        """Leave so many points at the right of the view to what lies there, if a whole slice has room beside.

        name: of the view that asks, as linked views have one zoom.
        """
        if self._reserved.get(name, 0.0) != width:
            self._reserved[name] = width
            self.view_changed.emit()

    @property
    def pixel_aspect(self) -> float:
        """Height of a pixel by its width."""
        return self.image.pixel_aspect if self.image is not None else 1.0

    @property
    def zoom(self) -> float:
        """Points of the screen per column."""
        if self._zoom is not None or self.image is None:
            return self._zoom or 1.0
        rows, columns = self.image.shape
        across = max(self._size[0] - max(self._reserved.values(), default=0.0), self._size[0] / 2)
        return min(across / columns, self._size[1] / (rows * self.pixel_aspect))

    @property
    def fits(self) -> bool:
        """The whole slice is shown, and goes on being so when the view changes its size."""
        return self._zoom is None

    @property
    def view(self) -> ScreenGeometry:
        if self.image is None:
            return ScreenGeometry(1.0, 1.0, 0.0, 0.0)
        rows, columns = self.image.shape
        row, column = self._centre if self._zoom is not None else ((rows - 1) / 2, (columns - 1) / 2)
        across, down = self.zoom, self.zoom * self.pixel_aspect
        left = self._size[0] / 2 - (column + 0.5) * across
        if self._zoom is None:
            left = min(left, self._size[0] - max(self._reserved.values(), default=0.0) - columns * across)
            left = max(left, 0.0)
        top = self._size[1] / 2 - (row + 0.5) * down
        return ScreenGeometry(across, down, left, top)

    def zoom_by(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Zoom so that the slice position `at` (the middle of the view if None) stays where it is."""
        if self.image is None:
            return
        before, middle = self.zoom, self.view.to_slice(self._size[0] / 2, self._size[1] / 2)
        zoom = min(max(before * factor, ZOOM_LIMITS[0]), ZOOM_LIMITS[1])
        row, column = at or middle
        share = before / zoom
        self._centre = (row + (middle[0] - row) * share, column + (middle[1] - column) * share)
        self._zoom = zoom
        self.view_changed.emit()

    def pan_by(self, right: float, down: float) -> None:
        """Move the slice by points of the screen."""
        if self.image is None:
            return
        row, column = self.view.to_slice(self._size[0] / 2 - right, self._size[1] / 2 - down)
        self._zoom, self._centre = self.zoom, (row, column)
        self.view_changed.emit()

    @property
    def place(self) -> ViewPlace:
        """Zoom and position as they are now."""
        return ViewPlace(self._zoom, self._centre if self._zoom is not None else (0.0, 0.0))

    def restore(self, place: ViewPlace) -> None:
        """Zoom and position as they were."""
        self._zoom, self._centre = place.zoom, place.centre
        self.view_changed.emit()

    def fit(self) -> None:
        self._zoom = None
        self.view_changed.emit()

    @property
    def scale_bar(self) -> tuple[float, float] | None:
        """(length in mm, points of the screen) of a bar of a round length, where spacing is known."""
        spacing = self.image.spacing_mm if self.image is not None else None
        if spacing is None:
            return None
        per_mm = self.zoom / spacing[1]
        longest = 0.25 * self._size[0] / per_mm
        if longest <= 0:
            return None
        power = 10.0 ** math.floor(math.log10(longest))
        length = next(power * step for step in (5, 2, 1) if power * step <= longest)
        return length, length * per_mm
