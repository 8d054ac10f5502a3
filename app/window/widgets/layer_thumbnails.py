"""The strip of Grad-CAM thumbnails, one for each grid of the network, computed while it is visible."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.texts import layers as texts
from app.window.states.image import ImageState
from app.window.states.layer_strip import LayerStripState, StripEntry
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import SliceThumbnail
from app.window.widgets.thumbnail_list import SIDE, Thumbnail, ThumbnailList


class LayerThumbnails(Panel):
    """Draws a `LayerStripState`. chosen: the name of a layer; does: what a click on one does, in words."""

    chosen = Signal(str)

    def __init__(
        self, state: LayerStripState, image: ImageState, does: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._image, self._does = state, image, does
        self._picture = SliceThumbnail(2 * SIDE)
        self.list = ThumbnailList(texts.STRIP, lines=2)
        self.list.chosen.connect(self._on_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        state.changed.connect(self._show)
        image.overlay_changed.connect(self._show)

    def mark_layer(self, name: str) -> None:
        """Show that this layer is chosen; empty: none."""
        names = [entry.layer.name for entry in self._state.entries]
        self.list.mark(names.index(name) if name in names else None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._state.set_active(id(self), True)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._state.set_active(id(self), False)

    @Slot()
    def _show(self) -> None:
        if self.isVisible():
            image = self._image.image
            picture: QImage | None = self._picture.of(image) if image is not None else None
            thumbnails = [self._thumbnail(entry) for entry in self._state.entries]
            self.list.show_thumbnails(thumbnails, picture, self._image.style.colour_map)

    def _thumbnail(self, entry: StripEntry) -> Thumbnail:
        is_empty = entry.overlay is not None and not entry.overlay.has_positive_evidence
        sentence = texts.strip_entry(entry.layer, is_empty, entry.is_default, self._does)
        return Thumbnail(entry.overlay, (entry.layer.name, texts.grid(entry.layer)), sentence)

    @Slot(int)
    def _on_chosen(self, at: int) -> None:
        self.chosen.emit(self._state.entries[at].layer.name)
