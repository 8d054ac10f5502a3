"""The image as it is shown: slice, window, zoom, the overlay on it, and what lies under the cursor.

What is computed anew (a prediction, a map) never changes how a person has set the view.
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.texts import image as texts
from app.window.states.shading import Overlay, shaded
from core.arrays import Array
from core.figures.colour_maps import ColourMap
from core.images.geometry import edge_letters
from core.images.slice import Slice, Window
from core.images.windowing import default_window, displayed, presets

# A drag over this many points of the screen covers the whole range of values.
DRAG_RANGE = 500.0
ZOOM_STEP = 1.25
ZOOM_LIMITS = (0.02, 64.0)
OPACITY_STEP = 0.1


@dataclass(frozen=True, slots=True)
class View:
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


class ImageState(QObject):
    """What the image view draws. Positions are (row, column) of the slice, pixel centres at integers."""

    image_changed = Signal()
    window_changed = Signal()
    view_changed = Signal()
    overlay_changed = Signal()
    cursor_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image: Slice | None = None
        self.case_title = ""
        self.case: int | None = None
        self.frame, self.frames = 0, 1
        self.window = self._own_window = Window(0.5, 1.0)
        self.inverted = False
        self.overlay: Overlay | None = None
        self.overlay_on = False
        self.overlay_hidden = False
        self.opacity = 0.6
        self.colour_map = ColourMap.INFERNO
        self.native_cells = False
        self._zoom: float | None = None
        self._centre = (0.0, 0.0)
        self._size = (1.0, 1.0)
        self._cursor: tuple[float, float] | None = None

    # The slice

    def show(self, image: Slice, case: int, title: str, frame: int = 0, frames: int = 1) -> None:
        """Show a slice. Another slice of the same case keeps window, inversion and zoom."""
        same = case == self.case and self.image is not None and image.shape == self.image.shape
        self.image, self.case, self.case_title = image, case, title
        self.frame, self.frames = frame, frames
        if not same:
            self._own_window = default_window(image)
            self.window, self.inverted = self._own_window, False
            self._zoom = None
            self.overlay_on = False
        self._cursor = None
        self.set_overlay(None)
        self.image_changed.emit()
        self.cursor_changed.emit()

    def grey(self) -> Array | None:
        """Display values of the slice: (rows, columns) or (rows, columns, 3) uint8."""
        return None if self.image is None else displayed(self.image, self.window, self.inverted)

    # Window

    @property
    def presets(self) -> tuple[Window, ...]:
        """All windows to offer; the first nine have a key each."""
        return presets(self.image) if self.image is not None else ()

    def set_window(self, window: Window) -> None:
        if window != self.window:
            self.window = window
            self.window_changed.emit()

    def drag_window(self, right: float, up: float) -> None:
        """Change the window by a drag over points of the screen: right is wider, up is brighter."""
        if self.image is None:
            return
        span = self._span()
        brighter = 1.0 if self.inverted != self.image.inverted else -1.0
        width = max(self.window.width + right * span / DRAG_RANGE, span / 1000)
        centre = self.window.centre + brighter * up * span / DRAG_RANGE
        # A table has no width of its own: from it on, the window is a line over the same values.
        is_sigmoid = self.window.function == "sigmoid" and self.window.table is None
        self.set_window(Window(centre, width, function="sigmoid" if is_sigmoid else "linear_exact"))

    def use_own_window(self) -> None:
        """Back to the window with which the case opened: the file's proposal, or the default one."""
        if self.image is not None:
            self.set_window(self._own_window)

    def use_preset(self, number: int) -> None:
        """The preset of this number, counted from 1; nothing if there are fewer."""
        if 1 <= number <= len(self.presets):
            self.set_window(self.presets[number - 1])

    def invert(self) -> None:
        self.inverted = not self.inverted
        self.window_changed.emit()

    def _span(self) -> float:
        return max(self._own_window.width, self.window.width / 4)

    # Zoom and position

    def set_view_size(self, width: float, height: float) -> None:
        """The size of the view in points of the screen."""
        self._size = (max(width, 1.0), max(height, 1.0))

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
        return min(self._size[0] / columns, self._size[1] / (rows * self.pixel_aspect))

    @property
    def fits(self) -> bool:
        """The whole slice is shown, and goes on being so when the view changes its size."""
        return self._zoom is None

    @property
    def view(self) -> View:
        if self.image is None:
            return View(1.0, 1.0, 0.0, 0.0)
        rows, columns = self.image.shape
        row, column = self._centre if self._zoom is not None else ((rows - 1) / 2, (columns - 1) / 2)
        across, down = self.zoom, self.zoom * self.pixel_aspect
        left = self._size[0] / 2 - (column + 0.5) * across
        top = self._size[1] / 2 - (row + 0.5) * down
        return View(across, down, left, top)

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

    def fit(self) -> None:
        self._zoom = None
        self.view_changed.emit()

    def reset(self) -> None:
        """Window, inversion, zoom and position as when the case was opened."""
        self.inverted = False
        self.use_own_window()
        self.fit()
        self.window_changed.emit()

    # Overlay

    def set_overlay(self, overlay: Overlay | None) -> None:
        if overlay is not self.overlay:
            self.overlay = overlay
            self.overlay_changed.emit()
            self.cursor_changed.emit()

    def set_overlay_on(self, on: bool) -> None:
        if on != self.overlay_on:
            self.overlay_on = on
            self.overlay_changed.emit()

    def hide_overlay(self, hidden: bool) -> None:
        """Hide it for as long as a key is held."""
        if hidden != self.overlay_hidden:
            self.overlay_hidden = hidden
            self.overlay_changed.emit()

    def set_opacity(self, opacity: float) -> None:
        opacity = min(max(round(opacity, 3), 0.0), 1.0)
        if opacity != self.opacity:
            self.opacity = opacity
            self.overlay_changed.emit()

    def set_colour_map(self, name: ColourMap) -> None:
        if name != self.colour_map:
            self.colour_map = name
            self.overlay_changed.emit()

    def set_native_cells(self, native: bool) -> None:
        if native != self.native_cells:
            self.native_cells = native
            self.overlay_changed.emit()

    @property
    def overlay_visible(self) -> bool:
        return self.overlay is not None and self.overlay_on and not self.overlay_hidden

    def overlay_picture(self) -> Array | None:
        """RGBA uint8 (rows, columns, 4) over the whole slice, at most about a million pixels."""
        if self.overlay is None:
            return None
        return shaded(self.overlay, self.colour_map, self.native_cells)

    # What is read off

    def set_cursor(self, position: tuple[float, float] | None) -> None:
        """Where the cursor is, (row, column), or None when it left."""
        if position != self._cursor:
            self._cursor = position
            self.cursor_changed.emit()

    @property
    def readout(self) -> str:
        """What lies under the cursor: position, intensity with unit, map value and its rank."""
        if self.image is None or self._cursor is None:
            return ""
        row, column = (math.floor(part + 0.5) for part in self._cursor)
        rows, columns = self.image.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return ""
        padding = self.image.padding
        parts = [
            texts.position(row, column),
            texts.intensity(
                self.image.values[row, column],
                self.image.unit,
                padding is not None and bool(padding[row, column]),
            ),
        ]
        if self.image.affine_lps_mm is not None:
            parts.insert(1, texts.patient_position((self.image.affine_lps_mm @ (0, row, column, 1)).tolist()))
        reading = self.overlay.at(row, column) if self.overlay is not None and self.overlay_on else None
        if reading is not None and self.overlay is not None:
            parts.append(texts.map_reading(self.overlay.title, *reading))
        return "   ".join(parts)

    @property
    def letters(self) -> tuple[str, str] | None:
        """What the top and the left edge show (R L A P H F), or None where the file does not say."""
        affine = self.image.affine_lps_mm if self.image is not None else None
        return edge_letters(affine) if affine is not None else None

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
