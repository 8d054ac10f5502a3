"""The view beside the image: the second map over the same slice, or what the network saw of it."""

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.texts import maps as texts
from app.texts import network_input as texts_input
from app.window.states.image import ImageState
from app.window.states.region import RegionState
from app.window.states.second_view import SecondViewState, ViewLayout
from app.window.states.tool import ToolState
from app.window.theme import GAP, MARGIN
from app.window.widgets.annotations import paint_letters
from app.window.widgets.colour_bar import ColourBar
from app.window.widgets.cursor_mark import CursorMark
from app.window.widgets.map_layers import CORNER_HEIGHT, top_of_bar
from app.window.widgets.marks import paint_region
from app.window.widgets.overlay_picture import OverlayPicture
from app.window.widgets.pictures import picture
from app.window.widgets.slice_picture import SlicePicture
from app.window.widgets.view_mouse import ViewMouse
from core.figures.scheme_colours import IMAGE_FIELD
from core.images.outline import outline

BESIDE = (ViewLayout.TWO_MAPS, ViewLayout.NETWORK_INPUT)


class SecondPane(QWidget):
    """Draws with the zoom, place, window and cursor of an `ImageState`, so that both views are linked."""

    steps_asked = Signal(int)  # number of slices forward

    def __init__(
        self,
        state: ImageState,
        second: SecondViewState,
        region: RegionState,
        tool: ToolState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("imageField")
        self.setMinimumSize(160, 120)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._state, self._second, self._region = state, second, region
        self._outline: list[QLineF] = []
        self._mouse = ViewMouse(state.display, state.viewport, tool)
        self._slice_picture = SlicePicture(state.display)
        self._overlay_picture = OverlayPicture(state.style)
        self._input: QImage | None = None
        self._bar = ColourBar(state.style, self)
        self._bar.has_heading = True
        self.cursor_mark = CursorMark(state, self)
        self.cursor_mark.is_wanted = True
        for signal in (state.image_changed, state.overlay_changed, second.changed):
            signal.connect(self._show)
        for signal in (state.display.window_changed, state.viewport.view_changed):
            signal.connect(self.update)
        region.changed.connect(self._on_region_changed)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    @Slot()
    def _show(self) -> None:
        layout = self._second.layout
        self.setVisible(layout in BESIDE)
        is_input = layout is ViewLayout.NETWORK_INPUT
        self.setAccessibleName(texts_input.TITLE if is_input else texts.SECOND_MAP)
        values = self._second.input.picture if is_input else None
        self._input = picture(values) if values is not None else None
        self._place_bar()
        self.update()

    @Slot()
    def _on_region_changed(self) -> None:
        if not self.isVisible():
            return
        mask = self._region.mask
        lines = outline(mask).tolist() if mask is not None else ()
        self._outline = [QLineF(left, top, right, bottom) for (top, left), (bottom, right) in lines]
        self.update()

    def _place_bar(self) -> None:
        is_map = self._second.layout is ViewLayout.TWO_MAPS and self._state.overlay_on
        self._bar.show_overlay(
            self._state.compared if is_map else None, (self.width() // 2, self.height() - 2 * CORNER_HEIGHT)
        )
        if self._second.layout is not ViewLayout.TWO_MAPS:
            self._state.viewport.reserve_right("second", 0)
        elif self._bar.isVisibleTo(self):
            self._state.viewport.reserve_right("second", self._bar.width() + MARGIN + GAP)
        self._bar.move(
            self.width() - self._bar.width() - MARGIN, top_of_bar(self.height(), self._bar.height())
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_bar()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_region_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), IMAGE_FIELD)
        image, view = self._state.image, self._state.viewport.view
        if image is None:
            return
        if self._input is not None:
            self._paint_input(painter, self._input)
        else:
            self._slice_picture.paint(painter, image, view, self.size(), self.devicePixelRatioF())
        compared = self._state.compared
        if self._input is None and compared is not None and self._state.overlay_visible:
            self._overlay_picture.paint(painter, compared, image.shape, view)
        paint_region(painter, view, self._outline)
        bar = self._bar.width() + GAP if self._bar.isVisible() else 0
        paint_letters(painter, image, self.rect().adjusted(MARGIN, GAP, -MARGIN, -GAP), bar)

    def _paint_input(self, painter: QPainter, network_input: QImage) -> None:
        """The network's own pixels, without smoothing, where they lie on the slice."""
        view = self._state.viewport.view
        top, left, bottom, right = self._second.input.box
        field = QRectF(
            view.left + (left + 0.5) * view.per_column,
            view.top + (top + 0.5) * view.per_row,
            (right - left) * view.per_column,
            (bottom - top) * view.per_row,
        )
        painter.drawImage(field, network_input)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._state.set_cursor(self._mouse.place(event.position()))
        if steps := self._mouse.move(event):
            self.steps_asked.emit(steps)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._state.viewport.fit()

    def leaveEvent(self, event: object) -> None:
        self._state.set_cursor(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or self._state.slices == 1:
            self._mouse.zoom(event)
        elif steps := self._mouse.steps(event):
            self.steps_asked.emit(steps)
        event.accept()
