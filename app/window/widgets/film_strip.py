"""The strip of revealed images: a list from left to right."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from app.texts import reveal as texts
from app.window.states.reveal_strip import RevealedFrame
from app.window.theme import GAP, THEME
from app.window.widgets.pictures import picture
from core.arrays import Array

SMALLEST, LARGEST = 56, 200
LINES = 3


class FilmStrip(QListWidget):
    """One item for each frame: picture, revealed share, predicted class, probability."""

    selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAccessibleName(texts.REVEALED_PICTURES)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._pictures: list[QImage | None] = []
        self.currentRowChanged.connect(self._on_row)
        THEME.changed.connect(self._draw)

    def show_frames(
        self, frames: Sequence[RevealedFrame], name: str, is_mean: bool, sentences: Sequence[str]
    ) -> None:
        """Draw these frames. name: the class that the curve follows; is_mean: its probability is a mean."""
        with QSignalBlocker(self):
            while self.count() > len(frames):
                self.takeItem(self.count() - 1)
            while self.count() < len(frames):
                self.addItem(QListWidgetItem())
            self._pictures = [
                picture(_displayable(frame.picture)) if frame.picture is not None else None
                for frame in frames
            ]
            for at, (frame, sentence) in enumerate(zip(frames, sentences, strict=True)):
                lines = [texts.revealed_share(frame.share)]
                if frame.answer:
                    lines.append(texts.revealed_class(frame.answer, frame.answer == name))
                lines.append(texts.class_probability(name, frame.probability, is_mean))
                item = self.item(at)
                item.setText("\n".join(lines))
                item.setToolTip(sentence)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, sentence)
                item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._draw()

    def set_current(self, at: int | None) -> None:
        """Select a frame without emitting `selected`."""
        if at is None or at == self.currentRow():
            return
        with QSignalBlocker(self):
            self.setCurrentRow(at)
        self.scrollToItem(self.item(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        text = LINES * self.fontMetrics().lineSpacing()
        bar = self.horizontalScrollBar().sizeHint().height()
        side = max(SMALLEST, min(LARGEST, self.height() - text - bar - 2 * GAP))
        widest = max((self._width(self.item(at).text()) for at in range(self.count())), default=side)
        self.setIconSize(QSize(side, side))
        self.setGridSize(QSize(max(side, widest) + 3 * GAP, side + text + GAP))
        for at, image in enumerate(self._pictures):
            icon, pixmap = QIcon(), self._fitted(image, side)
            # Qt would tint the selected picture, which would misrepresent the input of the network.
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
                icon.addPixmap(pixmap, mode)
            self.item(at).setIcon(icon)
            # Qt's own hint elides a line that is a little wider than the picture.
            self.item(at).setSizeHint(self.gridSize())

    def _width(self, text: str) -> int:
        return max(self.fontMetrics().horizontalAdvance(line) for line in text.split("\n"))

    def _fitted(self, image: QImage | None, side: int) -> QPixmap:
        """The image centred in a square; a plain square while it is not available."""
        ratio = self.devicePixelRatioF()
        square = QPixmap(QSize(side, side) * ratio)
        square.fill(QColor(THEME.colours.raised) if image is None else Qt.GlobalColor.transparent)
        if image is not None:
            keep_ratio, smooth = (
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            small = image.scaled(square.size(), keep_ratio, smooth)
            painter = QPainter(square)
            painter.drawImage(
                (square.width() - small.width()) // 2, (square.height() - small.height()) // 2, small
            )
            painter.end()
        square.setDevicePixelRatio(ratio)
        return square

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.selected.emit(row)


def _displayable(values: Array) -> Array:
    """Grey values for a network with one channel, colours for one with three."""
    return values[..., 0] if values.shape[-1] not in (3, 4) else values[..., :3]
