"""The panel Layers: how information flows to the decision, and the units of a layer by contribution."""

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.texts import layers as texts
from app.window.states.image import ImageState
from app.window.states.layer_choices import layer_choices
from app.window.states.layer_views import LayerViews
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.wheel_guard import guarded
from app.window.widgets.carried_plot import CarriedPlot
from app.window.widgets.chooser import Chooser
from app.window.widgets.layer_thumbnails import LayerThumbnails
from app.window.widgets.pages import PageOrSentence
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import SliceThumbnail
from app.window.widgets.thumbnail_list import SIDE, Thumbnail, ThumbnailList


class LayersPanel(Panel):
    """Draws strip and units of a `LayerViews`. What they need is computed while it is visible."""

    def __init__(self, views: LayerViews, image: ImageState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip, self._browser, self._maps, self._image = views.strip, views.browser, views.maps, image
        self._picture = SliceThumbnail(2 * SIDE)
        self.flow = LayerThumbnails(views.strip, image, texts.SHOW_LAYER_TIP)
        self.flow.chosen.connect(views.maps.show_grad_cam)
        self._make_parts()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._content())
        self.pages = PageOrSentence(area, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.pages)
        views.strip.changed.connect(self._show_flow)
        views.browser.changed.connect(self._show_units)
        image.overlay_changed.connect(self._show_units)

    def _make_parts(self) -> None:
        browser = self._browser
        self._flow_words, self._units_words = QLabel(), QLabel()
        for label in (self._flow_words, self._units_words):
            label.setObjectName("muted")
            label.setWordWrap(True)
        self.layer = Chooser(texts.UNITS_OF)
        self.layer.setMaxVisibleItems(20)
        self.layer.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.layer.setMinimumContentsLength(34)
        self.layer.chosen.connect(browser.choose_layer)
        self.unit_number = guarded(QSpinBox())
        self.unit_number.setAccessibleName(texts.FIND_UNIT)
        self.unit_number.setToolTip(texts.FIND_UNIT_TIP)
        self.unit_number.setKeyboardTracking(False)
        self.unit_number.setPrefix(f"{texts.FIND_UNIT} ")
        self.unit_number.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
        self.unit_number.lineEdit().returnPressed.connect(self._on_find)
        self.unit_number.valueChanged.connect(self._on_find)
        self.plot = CarriedPlot()
        self.units = ThumbnailList(texts.UNIT_LIST, lines=2)
        self.units.chosen.connect(self._on_unit)
        self.more = QPushButton(texts.more(0))
        self.more.clicked.connect(browser.show_more)

    def _content(self) -> QWidget:
        heads = [QLabel(texts.FLOW), QLabel(texts.UNITS_OF)]
        for head in heads:
            head.setObjectName("title")
        heads[1].setBuddy(self.layer)
        flow = QHBoxLayout()
        flow.setSpacing(GAP)
        flow.addWidget(heads[0])
        flow.addWidget(self._flow_words, 1)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(heads[1])
        row.addWidget(self.layer)
        row.addWidget(self.unit_number)
        row.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(TIGHT)
        words.addLayout(row)
        words.addWidget(self._units_words, 1, Qt.AlignmentFlag.AlignTop)
        units = QHBoxLayout()
        units.setSpacing(GAP)
        units.addLayout(words, 1)
        units.addWidget(self.plot, 0, Qt.AlignmentFlag.AlignTop)
        inside = Panel()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(TIGHT)
        column.addLayout(flow)
        column.addWidget(self.flow)
        column.addLayout(units)
        column.addWidget(self.units)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return inside

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._browser.set_active(True)
        self._show_flow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._browser.set_active(False)

    @Slot()
    def _show_flow(self) -> None:
        if not self.isVisible():
            return
        state = self._strip
        self.pages.show_sentence(state.empty_text)
        words = str(state.error) if state.error is not None else texts.flow_sentence(state.target_words)
        self._flow_words.setText(words)
        self._show_units()

    @Slot()
    def _show_units(self) -> None:
        state, layer = self._browser, self._browser.layer
        if not self.isVisible() or layer is None:
            return
        choices = [(name, words) for words, name in layer_choices(self._strip.layers)]
        self.layer.show_choices(choices, layer.name)
        with QSignalBlocker(self.unit_number):
            self.unit_number.setRange(0, layer.channels - 1)
        words = str(state.error) if state.error is not None else state.sentence or texts.COMPUTING
        self._units_words.setText(words)
        self.plot.show_ranking(state.ranking)
        entries, image = state.entries, self._image.image
        picture: QImage | None = self._picture.of(image) if image is not None else None
        thumbnails = [
            Thumbnail(
                entry.overlay,
                texts.unit_lines(entry.unit, entry.rank, entry.contribution),
                texts.unit_entry(entry.unit, entry.rank, entry.contribution, layer.channels),
            )
            for entry in entries
        ]
        self.units.show_thumbnails(thumbnails, picture, self._image.style.colour_map)
        if state.found is not None:
            self.units.mark(next((at for at, each in enumerate(entries) if each.unit == state.found), None))
        self.more.setText(texts.more(state.more_count))
        self.more.setVisible(state.more_count > 0)

    @Slot()
    def _on_find(self) -> None:
        self._browser.find(self.unit_number.value())

    @Slot(int)
    def _on_unit(self, at: int) -> None:
        layer, entries = self._browser.layer, self._browser.entries
        if layer is not None and at < len(entries):
            self._maps.show_unit(layer.name, entries[at].unit)
