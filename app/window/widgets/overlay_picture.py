"""A map over a slice as a painted picture, with the outline of its highest values."""

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.window.states.overlay_outline import top_outline
from app.window.states.overlay_style import OverlayStyle
from app.window.states.shading import Overlay, coloured, on_screen
from app.window.states.viewport import ScreenGeometry
from app.window.theme import TOP_OUTLINE
from app.window.widgets.pictures import picture
from core.arrays import Array

DARK_EDGE = QColor(0, 0, 0, 150)
# A map of single pixels has an outline of so many lines that a second one below each would cost the time.
MOST_WITH_EDGE = 4000
# Of the lines of such a map, which would otherwise hide what they surround.
SCATTERED_OPACITY = 0.45


class OverlayPicture:
    """Draws maps in an `OverlayStyle`; what has not changed is not computed again."""

    def __init__(self, style: OverlayStyle) -> None:
        self._style = style
        self._values: tuple[tuple[object, ...], Array | None] = ((), None)
        self._picture: tuple[tuple[object, ...], QImage] = ((), QImage())
        self._outline: tuple[Overlay | None, list[QLineF]] = (None, [])

    def paint(
        self, painter: QPainter, overlay: Overlay, shape: tuple[int, int], view: ScreenGeometry
    ) -> None:
        """Draw it over the whole slice of `shape` (rows, columns)."""
        field = QRectF(view.left, view.top, shape[1] * view.per_column, shape[0] * view.per_row)
        painter.setOpacity(self._style.opacity)
        painter.drawImage(field, self._coloured(overlay))
        painter.setOpacity(1.0)
        if self._style.has_outline:
            self._paint_outline(painter, overlay, view)

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

    def _paint_outline(self, painter: QPainter, overlay: Overlay, view: ScreenGeometry) -> None:
        if self._outline[0] is not overlay:
            edges = top_outline(overlay).tolist()
            self._outline = overlay, [QLineF(x, y, right, down) for (y, x), (down, right) in edges]
        lines = self._outline[1]
        painter.save()
        if len(lines) <= MOST_WITH_EDGE:
            pens = [QPen(DARK_EDGE, 3.0), QPen(QColor(TOP_OUTLINE), 1.4)]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        else:
            painter.setOpacity(SCATTERED_OPACITY)
            pens = [QPen(QColor(TOP_OUTLINE), 1.0)]
        painter.translate(view.left + 0.5 * view.per_column, view.top + 0.5 * view.per_row)
        painter.scale(view.per_column, view.per_row)
        for pen in pens:
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(lines)
        painter.restore()
