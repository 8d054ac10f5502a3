"""The image, with notices above it and the controls of slice and overlay below it."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.shortcuts import tooltip
from app.texts import image as texts_image
from app.texts import window as texts
from app.window.states.evidence import EvidenceState
from app.window.states.image import ImageState
from app.window.states.measurements import MeasurementsState
from app.window.states.notices import NoticesState
from app.window.states.planes import PlanesState
from app.window.states.region import RegionState
from app.window.theme import GAP, IMAGE_QUIET, IMAGE_TEXT, MARGIN, TIGHT
from app.window.widgets.chooser import Chooser
from app.window.widgets.evidence_band import EvidenceBand
from app.window.widgets.image_view import ImageView
from app.window.widgets.notice_bar import NoticeBar
from app.window.widgets.panel import Panel
from app.window.widgets.plane_pane import PlanePane
from core.figures.colour_maps import ColourMap


class ImagePanel(Panel):
    """Draws an `ImageState`; without an image it offers to open one."""

    index_asked = Signal(int)
    steps_asked = Signal(int)  # number of slices forward
    volume_asked = Signal(int)
    sample_asked = Signal()
    open_asked = Signal()

    def __init__(
        self,
        state: ImageState,
        notices: NoticesState,
        evidence: EvidenceState,
        region: RegionState,
        measurements: MeasurementsState,
        planes: PlanesState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._planes = state, planes
        self.evidence = EvidenceBand(evidence)
        self.notices = NoticeBar(notices, self)
        self.view = ImageView(state, region, measurements, planes)
        self.view.steps_asked.connect(self.steps_asked)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._image_page())
        self.tools = ToolRow()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self.notices)
        column.addWidget(self.evidence)
        column.addLayout(self._pages, 1)
        column.addWidget(self._controls())
        self._column = column
        state.image_changed.connect(self._on_image_changed)
        state.overlay_changed.connect(self._show_overlay)
        evidence.changed.connect(self._show_evidence)
        planes.changed.connect(self._show_layout)
        self._on_image_changed()
        self._show_layout()
        self._show_overlay()

    def add_below(self, widget: QWidget) -> None:
        """Put another control below the others."""
        self._column.addWidget(widget)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("imageField")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title, text = QLabel(texts_image.IMAGE_EMPTY_TITLE), QLabel(texts_image.IMAGE_EMPTY)
        title.setStyleSheet(f"color: {IMAGE_TEXT}; font-weight: 600; font-size: 15pt;")
        text.setStyleSheet(f"color: {IMAGE_QUIET};")
        sample, open_file = QPushButton(texts_image.OPEN_SAMPLE), QPushButton(texts.OPEN_FILE)
        sample.setObjectName("primary")
        sample.clicked.connect(self.sample_asked)
        open_file.clicked.connect(self.open_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for part in (None, open_file, sample, None):
            buttons.addStretch(1) if part is None else buttons.addWidget(part)
        column = QVBoxLayout(page)
        column.setSpacing(MARGIN)
        column.addStretch(1)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch(1)
        return page

    def _image_page(self) -> QWidget:
        """The active plane, and the two others on its right."""
        page = QWidget()
        self._side = QWidget()
        self.panes = tuple(PlanePane(self._planes, place, self._state.display) for place in (0, 1))
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for pane in self.panes:
            column.addWidget(pane, 1)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(TIGHT)
        row.addWidget(self.view, 3)
        row.addWidget(self._side, 2)
        return page

    def _controls(self) -> QWidget:
        bar = Panel()
        self._slice = QSlider(Qt.Orientation.Horizontal)
        self._slice.setAccessibleName(texts_image.SLICE)
        self._slice.valueChanged.connect(self.index_asked)
        self._slice_words = QLabel()
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setAccessibleName(texts_image.VOLUME)
        self._volume.valueChanged.connect(self.volume_asked)
        self._volume_words = QLabel()
        self._overlay_on = QCheckBox(texts_image.OVERLAY)
        self._overlay_on.setToolTip(tooltip("overlay"))
        self._overlay_on.toggled.connect(self._state.set_overlay_on)
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(0, 100)
        self._opacity.setMaximumWidth(160)
        self._opacity.setAccessibleName(texts_image.OPACITY)
        self._opacity.setToolTip(
            f"{texts_image.OPACITY}: {tooltip('less_opacity')}, {tooltip('more_opacity')}"
        )
        self._opacity.valueChanged.connect(self._on_opacity)
        self._colours = Chooser(texts_image.COLOURS)
        self._colours.chosen.connect(self._state.set_colour_map)
        self._cells = QCheckBox(texts_image.NATIVE_CELLS)
        self._cells.setToolTip(f"{texts_image.NATIVE_CELLS_TIP} ({tooltip('cells')})")
        self._cells.toggled.connect(self._state.set_native_cells)
        places, row = QHBoxLayout(), QHBoxLayout()
        for line in (places, row):
            line.setSpacing(MARGIN)
        for part, stretch in (
            (self._slice_words, 0),
            (self._slice, 3),
            (self._volume_words, 0),
            (self._volume, 1),
        ):
            places.addWidget(part, stretch)
        for control in (self._overlay_on, self._opacity, self._colours, self._cells):
            row.addWidget(control)
        row.addStretch(1)
        rows = QVBoxLayout(bar)
        rows.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        rows.setSpacing(TIGHT)
        rows.addLayout(places)
        rows.addLayout(row)
        return bar

    @Slot()
    def _on_image_changed(self) -> None:
        self._pages.setCurrentIndex(0 if self._state.image is None else 1)
        state = self._state
        self.tools.setVisible(state.image is not None)
        _show_place(self._slice, self._slice_words, state.position.index, state.slices)
        _show_place(self._volume, self._volume_words, state.position.volume, state.volumes)
        if state.volumes > 1:
            self._volume_words.setText(texts_image.volume_of(state.position.volume, state.volumes))

    @Slot()
    def _show_layout(self) -> None:
        self._side.setVisible(self._planes.is_three)

    @Slot()
    def _show_overlay(self) -> None:
        state = self._state
        has_overlay = state.overlay is not None
        for control in (self._overlay_on, self._opacity, self._colours, self._cells):
            control.setEnabled(has_overlay)
        # A signed map has a colour map of two colours that cannot be changed.
        self._colours.setEnabled(state.overlay is not None and not state.overlay.signed)
        for control, value in ((self._overlay_on, state.overlay_on), (self._cells, state.native_cells)):
            with QSignalBlocker(control):
                control.setChecked(value)
        with QSignalBlocker(self._opacity):
            self._opacity.setValue(round(100 * state.opacity))
        self._colours.show_choices(
            [(name, texts_image.COLOUR_MAPS[name]) for name in ColourMap], state.colour_map
        )
        self._show_evidence()

    @Slot()
    def _show_evidence(self) -> None:
        """What is known of the overlaid map; it stays while the overlay is hidden."""
        self.evidence.show_evidence(self._state.overlay is not None)

    @Slot(int)
    def _on_opacity(self, value: int) -> None:
        self._state.set_opacity(value / 100)


class ToolRow(Panel):
    """Buttons of the tools and layouts, above the image."""

    def add_actions(self, groups: Sequence[Sequence[QAction]]) -> None:
        """A button for each action, with a gap between groups."""
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        row.setSpacing(TIGHT)
        for group in groups:
            for action in group:
                button = QToolButton()
                button.setObjectName("tool")
                button.setDefaultAction(action)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                row.addWidget(button)
            row.addSpacing(MARGIN)
        row.addStretch(1)


def _show_place(slider: QSlider, words: QLabel, place: int, count: int) -> None:
    """Show where of `count` we are; nothing where there is one only."""
    slider.setVisible(count > 1)
    words.setVisible(count > 1)
    words.setText(texts_image.frame_of(place, count))
    with QSignalBlocker(slider):
        slider.setRange(0, count - 1)
        slider.setValue(place)
