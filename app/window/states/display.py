"""How values become grey: the window and the inversion that a person has set for the shown case."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.arrays import Array
from core.images.slice import Slice, Window
from core.images.windowing import default_window, displayed, presets

# A drag over this many points of the screen covers the whole range of values.
DRAG_RANGE = 500.0


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """All that a person has set of how values become grey."""

    window: Window
    is_inverted: bool
    has_graphics: bool


class DisplayState(QObject):
    """The window of the shown slice; a prediction or a map never changes it.

    own_window: the one with which the case opened.
    """

    window_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image: Slice | None = None
        self.window = self.own_window = Window(0.5, 1.0)
        self.inverted = False
        self.graphics_on = True

    def show(self, image: Slice, is_other_case: bool) -> None:
        """Take another slice; of another case with the window of its file, else with the present one."""
        self.image = image
        if is_other_case:
            self.window = self.own_window = default_window(image)
            self.inverted = False

    def open_anew(self, image: Slice) -> None:
        """The case opens with another slice by now: with its window, unless a person has set one."""
        if self.window == self.own_window:
            self.window = self.own_window = default_window(image)

    def grey(self, image: Slice) -> Array:
        """Display values of a slice of the case, or of part of it: (rows, columns) or (..., 3) uint8."""
        return displayed(image, self.window, self.inverted)

    @property
    def settings(self) -> DisplaySettings:
        """As they are now."""
        return DisplaySettings(self.window, self.inverted, self.graphics_on)

    def restore(self, settings: DisplaySettings) -> None:
        """As they were."""
        self.window, self.inverted = settings.window, settings.is_inverted
        self.graphics_on = settings.has_graphics
        self.window_changed.emit()

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
            self.set_window(self.own_window)

    def use_preset(self, number: int) -> None:
        """The preset of this number, counted from 1; nothing if there are fewer."""
        if 1 <= number <= len(self.presets):
            self.set_window(self.presets[number - 1])

    def invert(self) -> None:
        self.inverted = not self.inverted
        self.window_changed.emit()

    def toggle_graphics(self) -> None:
        """Show or hide what the file itself draws over the image (DICOM's overlay planes)."""
        self.graphics_on = not self.graphics_on
        self.window_changed.emit()

    def reset(self) -> None:
        """Window and inversion as when the case was opened."""
        self.inverted = False
        self.use_own_window()
        self.window_changed.emit()

    def _span(self) -> float:
        return max(self.own_window.width, self.window.width / 4)
