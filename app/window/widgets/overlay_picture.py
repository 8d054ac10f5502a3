"""A map over a slice as a painted picture, with contours and the outline of its highest values."""

from collections.abc import Callable

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.window.states.overlay_outline import contours, top_outline
from app.window.states.overlay_style import OverlayStyle
from app.window.states.shading import Overlay, coloured, on_screen
from app.window.states.viewport import ScreenGeometry
from app.window.theme import TOP_OUTLINE
from app.window.widgets.pictures import picture
from core.arrays import Array

DARK_EDGE = QColor(0, 0, 0, 150)
# A map of single pixels has an outline of so many lines that a second one below each would cost the time.
MOST_WITH_EDGE = 4000
# Of thin lines, which would otherwise hide what they surround.
THIN_OPACITY = 0.45


class OverlayPicture:
    """Draws maps in an `OverlayStyle`; what has not changed is not computed again."""

    def __init__(self, style: OverlayStyle) -> None:
        self._style = style
        self._values: tuple[tuple[object, ...], Array | None] = ((), None)
        self._picture: tuple[tuple[object, ...], QImage] = ((), QImage())
        self._outline, self._contours = OverlayLines(top_outline), OverlayLines(contours)

    def paint(
        self, painter: QPainter, overlay: Overlay, shape: tuple[int, int], view: ScreenGeometry
    ) -> None:
        """Draw it over the whole slice of `shape` (rows, columns)."""
        field = QRectF(view.left, view.top, shape[1] * view.per_column, shape[0] * view.per_row)
        painter.setOpacity(self._style.opacity)
        painter.drawImage(field, self._coloured(overlay))
        painter.setOpacity(1.0)
        if self._style.has_contours:
            _paint_lines(painter, self._contours.of(overlay), view, is_thin=True)
        if self._style.has_outline:
            lines = self._outline.of(overlay)
            _paint_lines(painter, lines, view, is_thin=len(lines) > MOST_WITH_EDGE)

    def _coloured(self, overlay: Overlay) -> QImage:
        style = self._style
        key = (overlay, style.native_cells, style.colour_map, style.threshold)
        if key != self._picture[0]:
            values = self._on_screen(overlay)
            colours = coloured(values, overlay.full, overlay.signed, style.colour_map, style.threshold)
            self._picture = key, picture(colours)
        return self._picture[1]

    def _on_screen(self, overlay: Overlay) -> Array:
        key, values = self._values
        wanted = (overlay, self._style.native_cells)
        if values is None or key != wanted:
            values = on_screen(*wanted)
            self._values = wanted, values
        return values


class OverlayLines:
    """Lines of one kind over a map, made once while that map is shown."""

    def __init__(self, lines_of: Callable[[Overlay], Array]) -> None:
        """lines_of: gives (n, 2, 2) lines, start and end as (row, column) of the slice."""
        self._lines_of = lines_of
        self._last: tuple[Overlay | None, list[QLineF]] = (None, [])

    def of(self, overlay: Overlay) -> list[QLineF]:
        """The lines of a map, in the slice's columns and rows."""
        if self._last[0] is not overlay:
            edges = self._lines_of(overlay).tolist()
            self._last = overlay, [QLineF(x, y, right, down) for (y, x), (down, right) in edges]
        return self._last[1]


def _paint_lines(painter: QPainter, lines: list[QLineF], view: ScreenGeometry, is_thin: bool) -> None:
    painter.save()
    if is_thin:
        painter.setOpacity(THIN_OPACITY)
        pens = [QPen(QColor(TOP_OUTLINE), 1.0)]
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pens = [QPen(DARK_EDGE, 3.0), QPen(QColor(TOP_OUTLINE), 1.4)]
    painter.translate(view.left + 0.5 * view.per_column, view.top + 0.5 * view.per_row)
    painter.scale(view.per_column, view.per_row)
    for pen in pens:
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(lines)
    painter.restore()
