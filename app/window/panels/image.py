"""The image, with notices above it and the controls of slice and overlay below it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.texts import image as texts_image
from app.texts import window as texts
from app.window.states.session import Session
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.wheel_guard import guarded
from app.window.widgets.evidence_band import EvidenceBand
from app.window.widgets.image_view import ImageView
from app.window.widgets.map_heading import ViewHeadings
from app.window.widgets.notice_bar import NoticeBar
from app.window.widgets.overlay_controls import OverlayControls
from app.window.widgets.panel import Panel
from app.window.widgets.plane_pane import PlanePane
from app.window.widgets.saved_picture import SavedPicturePage
from app.window.widgets.second_pane import SecondPane
from app.window.widgets.tool_bar import ToolBar


class ImagePanel(Panel):
    """Draws an `ImageState`; without an image it offers to open one. views: holds all planes or maps."""

    index_asked = Signal(int)
    steps_asked = Signal(int)  # number of slices forward
    volume_asked = Signal(int)
    sample_asked = Signal()
    open_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._planes, self._tool = session.image, session.planes, session.tool
        self._second = session.second_view
        state, planes, evidence = session.image, session.planes, session.evidence
        self.evidence = EvidenceBand(evidence)
        self.notices = NoticeBar(session.notices, self)
        self.view = ImageView(
            state, session.region, session.measurements, planes, session.tool, session.second_view
        )
        self.second_pane = SecondPane(state, session.second_view, session.region, session.tool)
        self.headings = ViewHeadings(session.second_view, state, evidence)
        for view in (self.view, self.second_pane):
            view.steps_asked.connect(self.steps_asked)
        self._saved_picture: SavedPicturePage | None = None
        self._pages = QStackedLayout()
        self.tools = ToolBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self.notices)
        column.addWidget(self.evidence)
        column.addLayout(self._pages, 1)
        for page in (self._empty_page(), self._image_page()):
            self._pages.addWidget(page)  # now that it has a parent: Qt shows the first one at once
        column.addWidget(self._controls())
        self._column = column
        state.image_changed.connect(self._on_image_changed)
        state.overlay_changed.connect(self._show_evidence)
        evidence.changed.connect(self._show_evidence)
        self._second.changed.connect(self._show_evidence)
        planes.changed.connect(self._show_layout)
        self._on_image_changed()
        self._show_layout()
        self._show_evidence()

    def add_below(self, widget: QWidget) -> None:
        """Put another control below the others."""
        self._column.addWidget(widget)

    def add_saved_picture(self, page: SavedPicturePage) -> None:
        """What stands in place of the image of a workspace while it is missing."""
        self._saved_picture = page
        self._pages.addWidget(page)
        page.changed.connect(self._show_page)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("imageField")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title, text = QLabel(texts_image.IMAGE_EMPTY_TITLE), QLabel(texts_image.IMAGE_EMPTY)
        title.setObjectName("imageTitle")
        text.setObjectName("imageQuiet")
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
        """The active plane, with the two others or the second view on its right."""
        page = self.views = QWidget()
        self._side = QWidget()
        planes, display, tool = self._planes, self._state.display, self._tool
        self.panes = tuple(PlanePane(planes, place, display, tool) for place in (0, 1))
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for pane in self.panes:
            column.addWidget(pane, 1)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(TIGHT)
        row.addWidget(self.view, 3)
        row.addWidget(self._side, 2)
        row.addWidget(self.second_pane, 3)
        rows.addWidget(self.headings)
        rows.addLayout(row, 1)
        return page

    def _controls(self) -> QWidget:
        bar = Panel()
        self._slice = guarded(QSlider(Qt.Orientation.Horizontal))
        self._slice.setAccessibleName(texts_image.SLICE)
        self._slice.valueChanged.connect(self.index_asked)
        self._slice_words = QLabel()
        self._volume = guarded(QSlider(Qt.Orientation.Horizontal))
        self._volume.setAccessibleName(texts_image.VOLUME)
        self._volume.valueChanged.connect(self.volume_asked)
        self._volume_words = QLabel()
        places = QHBoxLayout()
        places.setSpacing(MARGIN)
        for part, stretch in (
            (self._slice_words, 0),
            (self._slice, 3),
            (self._volume_words, 0),
            (self._volume, 1),
        ):
            places.addWidget(part, stretch)
        rows = QVBoxLayout(bar)
        rows.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        rows.setSpacing(TIGHT)
        rows.addLayout(places)
        self.overlay_controls = OverlayControls(self._state)
        rows.addWidget(self.overlay_controls)
        return bar

    @Slot()
    def _on_image_changed(self) -> None:
        self._show_page()
        state = self._state
        self.tools.setVisible(state.image is not None)
        _show_place(self._slice, self._slice_words, state.position.index, state.slices)
        _show_place(self._volume, self._volume_words, state.position.volume, state.volumes)
        if state.volumes > 1:
            self._volume_words.setText(texts_image.volume_of(state.position.volume, state.volumes))

    @Slot()
    def _show_page(self) -> None:
        saved = self._saved_picture
        if self._state.image is not None:
            self._pages.setCurrentWidget(self.views)
        elif saved is not None and saved.has_picture:
            self._pages.setCurrentWidget(saved)
        else:
            self._pages.setCurrentIndex(0)

    @Slot()
    def _show_layout(self) -> None:
        self._side.setVisible(self._planes.is_three)

    @Slot()
    def _show_evidence(self) -> None:
        """What is known of the overlaid map; of two compared ones it stands above the views."""
        self.evidence.show_evidence(self._state.overlay is not None and self._second.overlays is None)


def _show_place(slider: QSlider, words: QLabel, place: int, count: int) -> None:
    """Show where of `count` we are; nothing where there is one only."""
    slider.setVisible(count > 1)
    words.setVisible(count > 1)
    words.setText(texts_image.frame_of(place, count))
    with QSignalBlocker(slider):
        slider.setRange(0, count - 1)
        slider.setValue(place)
