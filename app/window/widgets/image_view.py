"""The active plane with its overlay, at full resolution; windowed, moved and zoomed with the mouse."""

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.texts import image as texts
from app.window.states.image import ImageState
from app.window.states.measurements import MeasurementsState
from app.window.states.occluder import OccluderState
from app.window.states.planes import PlanesState
from app.window.states.region import RegionState
from app.window.states.second_view import SecondViewState
from app.window.states.tool import DRAWING, Tool, ToolState
from app.window.theme import GAP, MARGIN, THEME
from app.window.widgets.annotations import paint_annotations, write_below_letters
from app.window.widgets.drawing_mouse import DrawingMouse
from app.window.widgets.graphics_picture import GraphicsPicture
from app.window.widgets.map_layers import MapLayers
from app.window.widgets.marks import paint_crosshair, paint_measurements, paint_patch, paint_region
from app.window.widgets.occluder_keys import OccluderKeys
from app.window.widgets.region_words import RegionWords
from app.window.widgets.slice_picture import SlicePicture
from app.window.widgets.view_mouse import ViewMouse
from core.figures.scheme_colours import IMAGE_FIELD
from core.images.outline import outline

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ACTIVE_FRAME = 2
CURSORS = {
    Tool.PAN: Qt.CursorShape.OpenHandCursor,
    Tool.ZOOM: Qt.CursorShape.SizeVerCursor,
    Tool.SCROLL: Qt.CursorShape.SizeVerCursor,
}


class ImageView(QWidget):
    """Draws an `ImageState`, and changes it by mouse."""

    steps_asked = Signal(int)  # number of slices forward
    occluder_moved = Signal(float, float)  # row, column of the slice
    occluder_left = Signal()

    def __init__(
        self,
        state: ImageState,
        region: RegionState,
        measurements: MeasurementsState,
        planes: PlanesState,
        tool: ToolState,
        second: SecondViewState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("imageField")
        self.setAccessibleName(texts.IMAGE)
        self.setMinimumSize(240, 200)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state, self._region = state, region
        self._measurements, self._planes, self._tool = measurements, planes, tool
        self._occluder: OccluderState | None = None
        self._mouse = ViewMouse(state.display, state.viewport, tool)
        self._drawing = DrawingMouse(tool, region, measurements, self)
        self._drawing.changed.connect(self.update)
        self._drawing.occluder_moved.connect(self.occluder_moved)
        self._drawing.occluder_left.connect(self.occluder_left)
        self._slice_picture = SlicePicture(state.display)
        self.layers = MapLayers(state, second, self)
        self._graphics = GraphicsPicture()
        self._outline: tuple[QLineF, ...] = ()
        self.region_words = RegionWords(state, region, self)
        self.region_words.changed.connect(self._on_words_changed)
        state.image_changed.connect(self._on_image_changed)
        tool.changed.connect(self._on_image_changed)
        state.overlay_changed.connect(self._on_overlay_changed)
        second.changed.connect(self._on_overlay_changed)
        for signal in (
            state.display.window_changed,
            state.viewport.view_changed,
            measurements.changed,
            planes.changed,
        ):
            signal.connect(self.update)
        region.changed.connect(self._on_region_changed)

    def follow_occluder(self, occluder: OccluderState) -> None:
        """Let mouse and keys move its patch, and draw it."""
        self._occluder = occluder
        self.occluder_moved.connect(occluder.move)
        self.occluder_left.connect(occluder.leave)
        occluder.changed.connect(self.update)
        OccluderKeys(self, occluder, self._state)

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    # Painting

    @Slot()
    def _on_image_changed(self) -> None:
        has_image = self._state.image is not None
        shape = CURSORS.get(self._tool.active, Qt.CursorShape.CrossCursor)
        self.setCursor(shape if has_image else Qt.CursorShape.ArrowCursor)
        self.update()

    @Slot()
    def _on_words_changed(self) -> None:
        self.setAccessibleDescription(" ".join(self.region_words.words))
        self.update()

    @Slot()
    def _on_overlay_changed(self) -> None:
        self.region_words.update()
        self.layers.place()
        self.update()

    @Slot()
    def _on_region_changed(self) -> None:
        mask = self._region.mask
        lines = outline(mask).tolist() if mask is not None else ()
        self.region_words.update()
        self._outline = tuple(QLineF(left, top, right, bottom) for (top, left), (bottom, right) in lines)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), IMAGE_FIELD)
        image = self._state.image
        if image is None:
            return
        view, ratio = self._state.viewport.view, self.devicePixelRatioF()
        self._slice_picture.paint(painter, image, view, self.size(), ratio)
        if self._state.display.graphics_on and image.overlay is not None:
            self._graphics.paint(painter, image, view)
        self.layers.paint(painter, image.shape, view)
        paint_region(painter, view, [*self._outline, *self._drawing.lines])
        cross = self._planes.cross(self._planes.active_axis)
        if cross is not None:
            paint_crosshair(painter, view, cross, QRectF(self.rect()))
        paint_measurements(painter, view, image, self._measurements.drawn)
        patch = self._occluder.box_on_slice if self._occluder is not None else None
        if self._occluder is not None and patch is not None:
            paint_patch(painter, view, patch, self._occluder.lines)
        left_bar, right_bar = self.layers.margins
        area = self.rect().adjusted(MARGIN + left_bar, GAP, -MARGIN, -GAP)
        paint_annotations(painter, self._state, self._planes, area, right_bar)
        if self.region_words.words:
            write_below_letters(painter, area, self.region_words.words)
        if self._planes.is_three:
            painter.setPen(QPen(QColor(THEME.colours.accent), ACTIVE_FRAME))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._state.viewport.set_view_size(self.width(), self.height())
        self.layers.place()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._state.image is None or not self._drawing.press(event, self._mouse.place(event.position())):
            self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._mouse.place(event.position())
        self._state.set_cursor(place)
        self._drawing.move(event, place)
        if event.buttons() == Qt.MouseButton.NoButton and _holds(event, SHIFT):
            self._planes.point_at(self._planes.active_axis, *place)
        if steps := self._mouse.move(event):
            self.steps_asked.emit(steps)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._mouse.place(event.position())
        self._drawing.release(event, place)
        if self._mouse.release(event) and self._planes.is_three:
            self._planes.point_at(self._planes.active_axis, *place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._tool.active in DRAWING:
            return
        if self._planes.volume.views is not None:
            self._planes.toggle_alone(self._planes.active_axis)
        else:
            self._state.viewport.fit()

    def leaveEvent(self, event: object) -> None:
        self._state.set_cursor(None)
        self._drawing.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if _holds(event, CONTROL) or self._state.slices == 1:
            self._mouse.zoom(event)
        elif steps := self._mouse.steps(event):
            self.steps_asked.emit(steps)
        event.accept()


def _holds(event: QMouseEvent | QWheelEvent, keys: Qt.KeyboardModifier) -> bool:
    """Whether these keys are held, others perhaps too."""
    return event.modifiers() & keys == keys
