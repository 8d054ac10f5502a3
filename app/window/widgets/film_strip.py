"""The strip of revealed pictures: a list from left to right, moved through by mouse and keys."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from app.texts import evidence as texts
from app.window.states.reveal_strip import RevealedFrame
from app.window.theme import GAP, THEME
from app.window.widgets.pictures import picture
from core.arrays import Array

SMALLEST, LARGEST = 56, 200
LINES = 3


class FilmStrip(QListWidget):
    """One item for each frame: picture, revealed share, predicted class, probability."""

    looked_at = Signal(int)

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

    def show_frames(
        self, frames: Sequence[RevealedFrame], name: str, mean: bool, sentences: Sequence[str]
    ) -> None:
        """Draw these frames. name: the followed class; mean: probabilities are means over the grids."""
        with QSignalBlocker(self):
            while self.count() > len(frames):
                self.takeItem(self.count() - 1)
            while self.count() < len(frames):
                self.addItem(QListWidgetItem())
            self._pictures = [
                picture(_shown(frame.picture)) if frame.picture is not None else None for frame in frames
            ]
            for at, (frame, sentence) in enumerate(zip(frames, sentences, strict=True)):
                lines = [texts.revealed_share(frame.share)]
                if frame.answer:
                    lines.append(texts.revealed_class(frame.answer, frame.answer == name))
                lines.append(texts.class_probability(name, frame.probability, mean))
                item = self.item(at)
                item.setText("\n".join(lines))
                item.setToolTip(sentence)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, sentence)
                item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._draw()

    def set_current(self, at: int | None) -> None:
        """Mark a frame without telling that somebody chose it."""
        if at is None or at == self.currentRow():
            return
        with QSignalBlocker(self):
            self.setCurrentRow(at)
        self.scrollToItem(self.item(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        text = LINES * self.fontMetrics().lineSpacing()
        bar = self.horizontalScrollBar().sizeHint().height()
        side = max(SMALLEST, min(LARGEST, self.height() - text - bar - 2 * GAP))
        widest = max((self._width(self.item(at).text()) for at in range(self.count())), default=side)
        self.setIconSize(QSize(side, side))
        self.setGridSize(QSize(max(side, widest) + 3 * GAP, side + text + GAP))
        for at, shown in enumerate(self._pictures):
            icon, pixmap = QIcon(), self._fitted(shown, side)
            # Qt would tint the chosen picture, which would change what the model saw.
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
                icon.addPixmap(pixmap, mode)
            self.item(at).setIcon(icon)

    def _width(self, text: str) -> int:
        return max(self.fontMetrics().horizontalAdvance(line) for line in text.split("\n"))

    def _fitted(self, shown: QImage | None, side: int) -> QPixmap:
        """The picture in its place; a plain field where it is not made yet."""
        ratio = self.devicePixelRatioF()
        made = QPixmap(QSize(side, side) * ratio)
        made.fill(QColor(THEME.colours.raised) if shown is None else Qt.GlobalColor.transparent)
        if shown is not None:
            kept, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            small = shown.scaled(made.size(), kept, smooth)
            painter = QPainter(made)
            painter.drawImage(
                (made.width() - small.width()) // 2, (made.height() - small.height()) // 2, small
            )
            painter.end()
        made.setDevicePixelRatio(ratio)
        return made

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.looked_at.emit(row)


def _shown(values: Array) -> Array:
    """A picture in grey or in colour, as the network has one channel or three."""
    return values[..., 0] if values.shape[-1] not in (3, 4) else values[..., :3]
