"""How maps are laid over an image: opacity, threshold, colours, cells, the outline of their top."""

from PySide6.QtCore import QObject, Signal

from core.figures.colour_maps import DEFAULT_OPACITY, DEFAULT_THRESHOLD, ColourMap

OPACITY_STEP, THRESHOLD_STEP = 0.1, 0.05


class OverlayStyle(QObject):
    """One style for all maps over the image.

    opacity: of full evidence, 0 to 1. threshold: the share of full colour below which nothing is drawn.
    has_outline: whether a line surrounds the highest values of a map. has_contours: whether lines join equal
    values.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.opacity = DEFAULT_OPACITY
        self.threshold = DEFAULT_THRESHOLD
        self.colour_map = ColourMap.INFERNO
        self.native_cells = False
        self.has_outline = self.has_contours = False

    def set_opacity(self, opacity: float) -> None:
        self._set("opacity", _share(opacity))

    def set_threshold(self, threshold: float) -> None:
        self._set("threshold", _share(threshold))

    def set_colour_map(self, name: ColourMap) -> None:
        self._set("colour_map", name)

    def set_native_cells(self, native: bool) -> None:
        self._set("native_cells", native)

    def set_outline(self, on: bool) -> None:
        self._set("has_outline", on)

    def set_contours(self, on: bool) -> None:
        self._set("has_contours", on)

    def _set(self, name: str, value: float | ColourMap | bool) -> None:
        if value != getattr(self, name):
            setattr(self, name, value)
            self.changed.emit()


def _share(value: float) -> float:
    return min(max(round(value, 3), 0.0), 1.0)
