"""The active plane with its overlay, at full resolution; windowed, moved and zoomed with the mouse."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.texts import image as texts
from app.window.states.image import ImageState
from app.window.states.measurements import MeasurementsState
from app.window.states.planes import PlanesState
from app.window.states.region import RegionState, outline
from app.window.states.second_view import SecondViewState
from app.window.theme import GAP, IMAGE_FIELD, MARGIN, THEME
from app.window.widgets.annotations import paint_annotations, write_below_letters
from app.window.widgets.graphics_picture import GraphicsPicture
from app.window.widgets.map_layers import MapLayers
from app.window.widgets.marks import paint_crosshair, paint_measurements, paint_region
from app.window.widgets.slice_picture import SlicePicture
from app.window.widgets.view_mouse import ViewMouse

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT_BUTTON = Qt.MouseButton.LeftButton
ACTIVE_FRAME = 2


@dataclass(frozen=True, slots=True)
class Stroke:
    """A region being drawn with the mouse: its points (row, column); the corners if is_box."""

    is_box: bool
    points: list[tuple[float, float]]

    def lines(self) -> list[QLineF]:
        """In the slice's columns and rows."""
        points = [(column, row) for row, column in self.points]
        if self.is_box:
            (left, top), (right, bottom) = points[0], points[-1]
            points = [(left, top), (right, top), (right, bottom), (left, bottom)]
        ends = [*points[1:], points[0]]
        return [QLineF(*start, *end) for start, end in zip(points, ends, strict=True)]

    def hand_over(self, region: RegionState) -> None:
        """Set the region; a click without a drag draws none."""
        if self.is_box and len(self.points) > 1:
            region.draw_rectangle(self.points[0], self.points[-1])
        elif not self.is_box and len(self.points) > 2:
            region.draw_outline(self.points)
        region.set_drawing(False)


class ImageView(QWidget):
    """Draws an `ImageState`, and changes it by mouse."""

    steps_asked = Signal(int)  # number of slices forward

    def __init__(
        self,
        state: ImageState,
        region: RegionState,
        measurements: MeasurementsState,
        planes: PlanesState,
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
        self._measurements, self._planes = measurements, planes
        self._mouse = ViewMouse(state.display, state.viewport)
        self._slice_picture = SlicePicture(state.display)
        self.layers = MapLayers(state, second, self)
        self._graphics = GraphicsPicture()
        self._outline: tuple[QLineF, ...] = ()
        self._stroke: Stroke | None = None
        self._described: tuple[object, object] = (None, None)
        self.inside_words = ""
        state.image_changed.connect(self._on_image_changed)
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

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    # Painting

    @Slot()
    def _on_image_changed(self) -> None:
        has_image = self._state.image is not None
        self.setCursor(Qt.CursorShape.CrossCursor if has_image else Qt.CursorShape.ArrowCursor)
        self.update()

    def _update_inside(self) -> None:
        """The share of evidence in the region; computed again only for another map or region."""
        subject = self._state.overlay, self._region.mask
        if subject[0] is not self._described[0] or subject[1] is not self._described[1]:
            self._described, self.inside_words = subject, self._region.sentence(self._state.overlay)
            self.setAccessibleDescription(self.inside_words)

    @Slot()
    def _on_overlay_changed(self) -> None:
        self._update_inside()
        self.layers.place()
        self.update()

    @Slot()
    def _on_region_changed(self) -> None:
        mask = self._region.mask
        lines = outline(mask) if mask is not None else ()
        self._update_inside()
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
        stroke = self._stroke.lines() if self._stroke is not None else []
        paint_region(painter, view, [*self._outline, *stroke])
        cross = self._planes.cross(self._planes.active_axis)
        if cross is not None:
            paint_crosshair(painter, view, cross, QRectF(self.rect()))
        paint_measurements(painter, view, image, self._measurements.drawn)
        left_bar, right_bar = self.layers.margins
        area = self.rect().adjusted(MARGIN + left_bar, GAP, -MARGIN, -GAP)
        paint_annotations(painter, self._state, self._planes, area, right_bar)
        if self.inside_words:
            write_below_letters(painter, area, self.inside_words)
        if self._planes.is_three:
            painter.setPen(QPen(QColor(THEME.colours.accent), ACTIVE_FRAME))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._state.viewport.set_view_size(self.width(), self.height())
        self.layers.place()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == LEFT_BUTTON and self._state.image is not None
        is_shifted, is_box = bool(event.modifiers() & SHIFT), _holds(event, SHIFT | CONTROL)
        place = self._mouse.place(event.position())
        if is_left and (is_box or self._region.drawing):
            self._stroke = Stroke(is_box, [place])
        elif is_left and self._measurements.tool and not is_shifted:
            self._measurements.begin_point(place)
        else:
            self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._mouse.place(event.position())
        self._state.set_cursor(place)
        self._measurements.hover(place)
        if self._stroke is not None:
            self._stroke.points.append(place)
            self.update()
        elif event.buttons() == Qt.MouseButton.NoButton and _holds(event, SHIFT):
            self._planes.point_at(self._planes.active_axis, *place)
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._mouse.place(event.position())
        if self._stroke is not None and event.button() == LEFT_BUTTON:
            stroke, self._stroke = self._stroke, None
            stroke.hand_over(self._region)
            self.update()
        elif self._measurements.tool and event.button() == LEFT_BUTTON:
            self._measurements.end_point(place)
        if self._mouse.release(event) and self._planes.is_three:
            self._planes.point_at(self._planes.active_axis, *place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != LEFT_BUTTON or self._measurements.tool:
            return
        if self._planes.volume.views is not None:
            self._planes.toggle_alone(self._planes.active_axis)
        else:
            self._state.viewport.fit()

    def leaveEvent(self, event: object) -> None:
        self._state.set_cursor(None)
        self._measurements.hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if _holds(event, CONTROL) or self._state.slices == 1:
            self._mouse.zoom(event)
        elif steps := self._mouse.steps(event):
            self.steps_asked.emit(steps)
        event.accept()


def _holds(event: QMouseEvent | QWheelEvent, keys: Qt.KeyboardModifier) -> bool:
    """Whether these keys are held, others perhaps too."""
    return event.modifiers() & keys == keys
