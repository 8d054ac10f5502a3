"""Small maps over the slice, with a line or two below each, in a row or in as many rows as needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QImage, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from app.window.fonts import SMALLEST, sized
from app.window.states.shading import Overlay
from app.window.theme import GAP, THEME, TIGHT
from app.window.widgets.pictures import map_picture
from core.figures.colour_maps import ColourMap

SIDE, WIDTH = 72, 104
CHOOSING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """overlay: None until it is there. lines: below it. sentence: for tool tip and assistive technology."""

    overlay: Overlay | None
    lines: tuple[str, ...]
    sentence: str


class ThumbnailList(QListWidget):
    """A click, Space or Enter chooses a thumbnail. It is as high as what it shows; it never scrolls down."""

    chosen = Signal(int)

    def __init__(self, name: str, lines: int, parent: QWidget | None = None) -> None:
        """lines: of text below each thumbnail."""
        super().__init__(parent)
        self._lines = lines
        self._thumbnails: tuple[Thumbnail, ...] = ()
        self._drawn: list[tuple[object, ...]] = []
        self._slice: QImage | None = None
        self._colours = ColourMap.INFERNO
        self.setObjectName("strip")
        self.setAccessibleName(name)
        self.setFont(sized(self.font(), SMALLEST))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.itemClicked.connect(self._on_clicked)
        THEME.changed.connect(self._redraw)

    def show_thumbnails(
        self, thumbnails: Sequence[Thumbnail], picture: QImage | None, colours: ColourMap
    ) -> None:
        """picture: of the slice, below the maps."""
        self._thumbnails, self._slice, self._colours = tuple(thumbnails), picture, colours
        with QSignalBlocker(self):
            while self.count() > len(self._thumbnails):
                self.takeItem(self.count() - 1)
            while self.count() < len(self._thumbnails):
                self.addItem(QListWidgetItem())
        self._draw()
        self._fit()

    def mark(self, at: int | None) -> None:
        """Show which one was chosen, without a signal; None marks none."""
        with QSignalBlocker(self):
            self.setCurrentRow(-1 if at is None else at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in CHOOSING_KEYS and self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())
            return
        super().keyPressEvent(event)

    @property
    def _cell(self) -> QSize:
        return QSize(WIDTH, SIDE + self._lines * self.fontMetrics().lineSpacing() + GAP + TIGHT)

    def _fit(self) -> None:
        """Take the height of the rows that the width leaves room for."""
        across = max(1, self.width() // WIDTH)
        rows = -(-max(len(self._thumbnails), 1) // across)
        self.setFixedHeight(rows * self._cell.height() + TIGHT)

    @Slot()
    def _redraw(self) -> None:
        self._drawn = []
        self._draw()

    def _draw(self) -> None:
        """Only what has changed: each picture takes a millisecond."""
        self.setIconSize(QSize(SIDE, SIDE))
        self.setGridSize(self._cell)
        ratio = self.devicePixelRatioF()
        drawn: list[tuple[object, ...]] = []
        for at, each in enumerate(self._thumbnails):
            key = (each.overlay, each.lines, self._slice, self._colours, ratio)
            drawn.append(key)
            if at < len(self._drawn) and self._drawn[at] == key:
                continue
            item = self.item(at)
            item.setText("\n".join(map(self._fitted, each.lines)))
            item.setToolTip(each.sentence)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, each.sentence)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            item.setSizeHint(self._cell)
            icon, pixmap = QIcon(), self._square(each.overlay, ratio)
            # Qt would tint the selected picture, which would misrepresent the map.
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
                icon.addPixmap(pixmap, mode)
            item.setIcon(icon)
        self._drawn = drawn

    def _fitted(self, line: str) -> str:
        return self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, WIDTH - GAP)

    def _square(self, overlay: Overlay | None, ratio: float) -> QPixmap:
        """The map over the slice, centred; a plain square while it is not there."""
        square = QPixmap(QSize(SIDE, SIDE) * ratio)
        square.setDevicePixelRatio(ratio)
        if overlay is None or self._slice is None:
            square.fill(QColor(THEME.colours.line))
            return square
        square.fill(Qt.GlobalColor.transparent)
        small = map_picture(self._slice, overlay, self._colours, SIDE, ratio)
        size = small.deviceIndependentSize()
        painter = QPainter(square)
        painter.drawPixmap(round((SIDE - size.width()) / 2), round((SIDE - size.height()) / 2), small)
        painter.end()
        return square

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.row(item))
