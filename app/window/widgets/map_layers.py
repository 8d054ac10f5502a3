"""The maps over the image with their colour bars: one map, or two with a divider between them."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.window.states.image import ImageState
from app.window.states.second_view import SecondViewState, ViewLayout
from app.window.states.viewport import ScreenGeometry
from app.window.theme import GAP, MARGIN
from app.window.widgets.colour_bar import ColourBar
from app.window.widgets.cursor_mark import CursorMark
from app.window.widgets.curtain import Curtain
from app.window.widgets.overlay_picture import OverlayPicture

# What the texts in the corners take at the upper and at the lower edge.
CORNER_HEIGHT = 48
# The lower corner has three lines in a narrow view.
FOOT_HEIGHT = 60


def top_of_bar(height: int, bar_height: int) -> int:
    """Where a colour bar begins in a view: in its middle, or above the texts of the lower corner."""
    return max(min((height - bar_height) // 2, height - FOOT_HEIGHT - bar_height), GAP)


class MapLayers:
    """Draws into `view`, and keeps the colour bars and the divider at their places on it.

    bars: of the map over the image, at the right, and of the second one under the curtain; then the first
    bar is at the left, on the side of its map.
    """

    def __init__(self, state: ImageState, second: SecondViewState, view: QWidget) -> None:
        self._state, self._second, self._view = state, second, view
        self._pictures = OverlayPicture(state.style), OverlayPicture(state.style)
        self.bars = ColourBar(state.style, view), ColourBar(state.style, view)
        self.curtain = Curtain(second, view)
        self._mark = CursorMark(state, view)

    @property
    def is_curtain(self) -> bool:
        """Whether two maps share the view."""
        return self._second.layout is ViewLayout.CURTAIN and self._state.compared is not None

    @property
    def margins(self) -> tuple[int, int]:
        """What the colour bars cover at the left and at the right of the view."""
        first, second = (bar.width() + GAP if bar.isVisible() else 0 for bar in self.bars)
        return (first, second) if self.is_curtain else (0, first)

    def place(self) -> None:
        """Show the bars of the maps that are drawn, as large as the view allows."""
        state, width, height = self._state, self._view.width(), self._view.height()
        for bar in self.bars:
            bar.has_heading = self._second.layout is not ViewLayout.ONE
        most = width // (3 if self.is_curtain else 2), height - 2 * CORNER_HEIGHT
        is_on = state.overlay_on
        self.bars[0].show_overlay(state.overlay if is_on else None, most)
        self.bars[1].show_overlay(state.compared if is_on and self.is_curtain else None, most)
        for bar, is_left in zip(self.bars, (self.is_curtain, False), strict=True):
            left = MARGIN if is_left else width - bar.width() - MARGIN
            bar.move(left, top_of_bar(height, bar.height()))
        self._reserve()
        self.curtain.place()
        self._mark.is_wanted = self._second.layout in (ViewLayout.TWO_MAPS, ViewLayout.NETWORK_INPUT)

    def _reserve(self) -> None:
        """Beside another view there is little room: the whole slice then ends before the colour bar."""
        is_beside = self._second.layout is ViewLayout.TWO_MAPS
        if not is_beside:
            self._state.viewport.reserve_right("first", 0)
        elif self.bars[0].isVisibleTo(self._view):
            self._state.viewport.reserve_right("first", self.bars[0].width() + MARGIN + GAP)

    def paint(self, painter: QPainter, shape: tuple[int, int], view: ScreenGeometry) -> None:
        """Draw the maps over a slice of `shape` (rows, columns) that lies as `view` says."""
        overlay, compared = self._state.overlay, self._state.compared
        if overlay is None or not self._state.overlay_visible:
            return
        if not self.is_curtain or compared is None:
            self._pictures[0].paint(painter, overlay, shape, view)
            return
        divider = round(self._second.curtain * self._view.width())
        left = QRect(0, 0, divider, self._view.height())
        right = QRect(divider, 0, self._view.width() - divider, self._view.height())
        for field, layer, each in zip((left, right), self._pictures, (overlay, compared), strict=True):
            painter.save()
            painter.setClipRect(field)
            layer.paint(painter, each, shape, view)
            painter.restore()
