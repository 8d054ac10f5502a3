"""The panel Maps: all maps of the displayed image side by side."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.texts import maps as texts
from app.window.states.evidence import EvidenceState
from app.window.states.image import ImageState
from app.window.states.maps import MapsState, SharedScale
from app.window.states.second_view import SecondViewState
from app.window.states.thumbnail import thumbnail
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.chooser import Chooser
from app.window.widgets.gallery import Gallery
from app.window.widgets.pages import PageOrSentence
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import picture


class MapsPanel(Panel):
    """Draws a `MapsState` as a strip of cards.

    controls: for all maps together; shown beside the tabs, to leave the space to the cards.
    """

    chosen = Signal(int)
    compare_asked = Signal(int)
    remove_asked = Signal(int)

    def __init__(
        self,
        state: MapsState,
        image: ImageState,
        evidence: EvidenceState,
        second: SecondViewState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._image, self._evidence, self._second = state, image, evidence, second
        self._slice: QImage | None = None
        self._colours = image.style.colour_map
        self.gallery = Gallery()
        self.gallery.chosen.connect(self.chosen)
        self.gallery.compare_asked.connect(self.compare_asked)
        self.gallery.remove_asked.connect(self.remove_asked)
        self.gallery.evidence_asked.connect(evidence.ask)
        self.gallery.resized.connect(self._draw)
        self._scale = Chooser(texts.SCALE)
        self._scale.setToolTip(texts.SCALE_TIP)
        self._scale.chosen.connect(state.set_scale)
        self.controls = self._controls()
        self.pages = PageOrSentence(self.gallery, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.addLayout(self.pages)
        state.changed.connect(self._show)
        state.selected_changed.connect(self._show_selected)
        second.changed.connect(self._show_selected)
        state.entry_changed.connect(self._draw_one)
        evidence.changed.connect(self._show_evidence)
        image.image_changed.connect(self._on_image_changed)
        image.overlay_changed.connect(self._on_overlay_changed)
        self._show()

    def _controls(self) -> QWidget:
        controls = QWidget()
        # Keeps the height of the row of tabs when another tab is shown.
        policy = controls.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        controls.setSizePolicy(policy)
        row = QHBoxLayout(controls)
        row.setContentsMargins(GAP, TIGHT, MARGIN, 0)
        row.addWidget(self._scale)
        return controls

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_controls()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._show_controls()

    def _show_controls(self) -> None:
        self.controls.setVisible(self.isVisible() and bool(self._state.entries))

    @Slot()
    def _show(self) -> None:
        entries = self._state.entries
        self.pages.show_sentence("" if entries else texts.MAPS_EMPTY)
        self.gallery.set_entries(entries)
        self._scale.show_choices([(scale, texts.SCALES[scale]) for scale in SharedScale], self._state.scale)
        self._show_controls()
        self._draw()
        self._show_selected()

    @Slot()
    def _draw(self) -> None:
        for entry in self._state.entries:
            self._draw_one(entry.number)

    @Slot(int)
    def _draw_one(self, number: int) -> None:
        entry, card = self._state.entry(number), self.gallery.cards.get(number)
        if entry is not None and card is not None:
            card.show_entry(entry, self._slice, self._state, self._image.style.colour_map)
            card.show_evidence(self._evidence.chips(number))

    @Slot(int)
    def _show_evidence(self, number: int) -> None:
        """number: of the map, 0 for all."""
        for at, card in self.gallery.cards.items():
            if number in (0, at):
                card.show_evidence(self._evidence.chips(at))

    @Slot()
    def _show_selected(self) -> None:
        selected = self._state.selected
        pair = self._second.pair if self._second.overlays is not None else None
        for number, card in self.gallery.cards.items():
            is_compared = pair is not None and pair[1].number == number
            card.show_marks(selected is not None and selected.number == number, is_compared)

    @Slot()
    def _on_image_changed(self) -> None:
        image = self._image.image
        self._slice = picture(thumbnail(image, side=256)) if image is not None else None
        self._draw()

    @Slot()
    def _on_overlay_changed(self) -> None:
        if self._image.style.colour_map != self._colours:
            self._colours = self._image.style.colour_map
            self._draw()
