"""Two maps side by side over the same slice, each with its name above."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.texts import agreement as texts
from app.window.states.shading import Overlay
from app.window.theme import GAP, THEME
from app.window.widgets.pictures import map_picture
from core.figures.colour_maps import ColourMap

SMALLEST = 72
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


class MapPair(QWidget):
    """Paints two pictures as large as the space allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.PAIR)
        self.setMinimumSize(2 * SMALLEST + GAP, SMALLEST + 20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._slice: QImage | None = None
        self._maps: tuple[tuple[str, Overlay | None], ...] = ()
        self._colours = ColourMap.INFERNO

    def show_maps(
        self, picture: QImage | None, maps: tuple[tuple[str, Overlay | None], ...], colours: ColourMap
    ) -> None:
        """maps: names with their overlays, the left one first."""
        self._slice, self._maps, self._colours = picture, maps, colours
        self.setAccessibleDescription(", ".join(name for name, _ in maps))
        self.update()

    def title_height(self, width: int) -> int:
        """What the longer of the two names takes, in as many lines as it needs."""
        field, metrics = QRect(0, 0, width, 10_000), self.fontMetrics()
        return max(metrics.boundingRect(field, WRAPPED, name).height() for name, _ in self._maps)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._slice is None or not self._maps:
            return
        painter = QPainter(self)
        each = (self.width() - GAP) // 2
        line = self.title_height(each)
        side = max(1, min(each, self.height() - line - 2))
        for at, (name, overlay) in enumerate(self._maps):
            left = at * (each + GAP)
            painter.setPen(QColor(THEME.colours.text))
            painter.drawText(QRect(left, 0, each, line), WRAPPED, name)
            pixmap = map_picture(self._slice, overlay, self._colours, side, self.devicePixelRatioF())
            painter.drawPixmap(left, line + 2, pixmap)
