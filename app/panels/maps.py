"""All maps of the shown image side by side."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from app import texts
from app.theme import GAP, MARGIN, TIGHT
from app.view_models.evidence import EvidenceModel
from app.view_models.image import ImageModel
from app.view_models.maps import MapsModel, Scale
from app.view_models.thumbnail import thumbnail
from app.widgets.gallery import Gallery
from app.widgets.panel import Panel
from app.widgets.pictures import picture


class MapsPanel(Panel):
    """Draws a `MapsModel` as a strip of cards."""

    chosen = Signal(int)
    remove_asked = Signal(int)

    def __init__(
        self, model: MapsModel, image: ImageModel, evidence: EvidenceModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._image, self._evidence = model, image, evidence
        self._slice: QImage | None = None
        self._colours = image.colour_map
        self.gallery = Gallery()
        self.gallery.chosen.connect(self.chosen)
        self.gallery.remove_asked.connect(self.remove_asked)
        self.gallery.evidence_asked.connect(evidence.ask)
        self.gallery.resized.connect(self._draw)
        self._empty = QLabel(texts.MAPS_EMPTY)
        self._empty.setObjectName("muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._scale = QComboBox()
        self._scale.setAccessibleName(texts.SCALE)
        for scale in Scale:
            self._scale.addItem(texts.SCALES[scale], scale)
        self._scale.activated.connect(self._on_scale)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._strip())
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.addLayout(self._pages)
        model.changed.connect(self._show)
        model.selected_changed.connect(self._show_selected)
        model.entry_changed.connect(self._draw_one)
        evidence.changed.connect(self._show_evidence)
        image.image_changed.connect(self._on_image_changed)
        image.overlay_changed.connect(self._on_overlay_changed)
        self._show()

    def _strip(self) -> QWidget:
        strip = QWidget()
        label = QLabel(texts.SCALE)
        label.setObjectName("muted")
        label.setBuddy(self._scale)
        side = QVBoxLayout()
        side.setSpacing(TIGHT)
        side.addWidget(label)
        side.addWidget(self._scale)
        side.addStretch(1)
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(MARGIN)
        row.addWidget(self.gallery, 1)
        row.addLayout(side)
        return strip

    @Slot()
    def _show(self) -> None:
        entries = self._model.entries
        self._pages.setCurrentIndex(1 if entries else 0)
        self.gallery.set_entries(entries)
        with QSignalBlocker(self._scale):
            self._scale.setCurrentIndex(self._scale.findData(self._model.scale))
        self._draw()
        self._show_selected()

    @Slot()
    def _draw(self) -> None:
        for entry in self._model.entries:
            self._draw_one(entry.number)

    @Slot(int)
    def _draw_one(self, number: int) -> None:
        entry, card = self._model.entry(number), self.gallery.cards.get(number)
        if entry is not None and card is not None:
            card.show_entry(entry, self._slice, self._model, self._image.colour_map)
            card.show_evidence(self._evidence.chips(number))

    @Slot(int)
    def _show_evidence(self, number: int) -> None:
        """number: of the map, 0 for all."""
        for at, card in self.gallery.cards.items():
            if number in (0, at):
                card.show_evidence(self._evidence.chips(at))

    @Slot()
    def _show_selected(self) -> None:
        selected = self._model.selected
        for number, card in self.gallery.cards.items():
            card.set_selected(selected is not None and selected.number == number)

    @Slot()
    def _on_image_changed(self) -> None:
        image = self._image.image
        self._slice = picture(thumbnail(image, side=256)) if image is not None else None
        self._draw()

    @Slot()
    def _on_overlay_changed(self) -> None:
        if self._image.colour_map != self._colours:
            self._colours = self._image.colour_map
            self._draw()

    @Slot(int)
    def _on_scale(self, index: int) -> None:
        self._model.set_scale(Scale(self._scale.itemData(index)))
