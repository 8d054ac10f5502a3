"""The image with its overlay, at full resolution; windowed, moved and zoomed with the mouse."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.texts import image as texts
from app.window.states.image import ImageState
from app.window.states.region import RegionState, outline
from app.window.states.viewport import ZOOM_STEP
from app.window.theme import GAP, IMAGE_FIELD, MARGIN, REGION
from app.window.widgets.annotations import paint_annotations, write_below_letters
from app.window.widgets.colour_bar import ColourBar
from app.window.widgets.pictures import picture

# From this zoom on pixels are drawn as squares, without smoothing.
PIXELS_FROM_ZOOM = 4.0
# Below this zoom Qt's scaling would skip pixels, so the picture is averaged first.
AVERAGE_BELOW_ZOOM = 0.6
WHEEL_NOTCH = 120


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

    def __init__(self, state: ImageState, region: RegionState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("imageField")
        self.setAccessibleName(texts.IMAGE)
        self.setMinimumSize(240, 200)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state, self._region = state, region
        self._outline: tuple[QLineF, ...] = ()
        self._stroke: Stroke | None = None
        self._described: tuple[object, object] = (None, None)
        self.inside_words = ""
        self._grey: QImage | None = None
        self._overlay: QImage | None = None
        self._overlay_key: tuple[object, ...] = ()
        self._drag: tuple[Qt.MouseButton, bool, QPointF] | None = None
        self._wheel = 0
        self._bar = ColourBar(state, self)
        state.image_changed.connect(self._on_grey_changed)
        state.display.window_changed.connect(self._on_grey_changed)
        state.viewport.view_changed.connect(self.update)
        state.overlay_changed.connect(self._on_overlay_changed)
        region.changed.connect(self._on_region_changed)

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    # Painting

    @Slot()
    def _on_grey_changed(self) -> None:
        self._grey = None
        self.setCursor(
            Qt.CursorShape.CrossCursor if self._state.image is not None else Qt.CursorShape.ArrowCursor
        )
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
        self._bar.setVisible(self._state.overlay is not None and self._state.overlay_on)
        self._place_bar()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), IMAGE_FIELD)
        grey = self._grey_picture()
        if grey is None:
            return
        view, zoom = self._state.viewport.view, self._state.viewport.zoom * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < PIXELS_FROM_ZOOM)
        rows, columns = self._state.image.shape if self._state.image is not None else (1, 1)
        field = QRectF(view.left, view.top, columns * view.per_column, rows * view.per_row)
        painter.drawImage(field, self._averaged(grey, field, zoom))
        if self._state.overlay_visible:
            painter.setOpacity(self._state.opacity)
            overlay = self._overlay_picture()
            if overlay is not None:
                painter.drawImage(field, overlay)
            painter.setOpacity(1.0)
        self._paint_region(painter)
        area = self.rect().adjusted(MARGIN, GAP, -MARGIN, -GAP)
        paint_annotations(painter, self._state, area)
        if self.inside_words:
            write_below_letters(painter, area, self.inside_words)

    @Slot()
    def _on_region_changed(self) -> None:
        mask = self._region.mask
        lines = outline(mask) if mask is not None else ()
        self._update_inside()
        self._outline = tuple(QLineF(left, top, right, bottom) for (top, left), (bottom, right) in lines)
        self.update()

    def _paint_region(self, painter: QPainter) -> None:
        """The outline and the stroke being drawn, in a colour that no colour map has, with a dark edge."""
        stroke = self._stroke.lines() if self._stroke is not None else ()
        if not (self._outline or stroke):
            return
        view = self._state.viewport.view
        painter.save()
        painter.translate(view.left + 0.5 * view.per_column, view.top + 0.5 * view.per_row)
        painter.scale(view.per_column, view.per_row)
        for colour, width in ((QColor(0, 0, 0, 170), 3.4), (QColor(REGION), 1.6)):
            pen = QPen(colour, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines([*self._outline, *stroke])
        painter.restore()

    def _grey_picture(self) -> QImage | None:
        if self._grey is None and (values := self._state.display.grey()) is not None:
            self._grey = picture(values)
        return self._grey

    def _averaged(self, grey: QImage, field: QRectF, zoom: float) -> QImage:
        if zoom >= AVERAGE_BELOW_ZOOM:
            return grey
        size = (field.size() * self.devicePixelRatioF()).toSize()
        ignore_ratio = Qt.AspectRatioMode.IgnoreAspectRatio
        return grey.scaled(size, ignore_ratio, Qt.TransformationMode.SmoothTransformation)

    def _overlay_picture(self) -> QImage | None:
        state = self._state
        key = (state.overlay, state.colour_map, state.native_cells)
        if key != self._overlay_key:
            values = state.overlay_picture()
            self._overlay = picture(values) if values is not None else None
            self._overlay_key = key
        return self._overlay

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._state.viewport.set_view_size(self.width(), self.height())
        self._place_bar()

    def _place_bar(self) -> None:
        height = min(self._bar.preferred_height(), self.height() - 96)
        self._bar.setGeometry(
            self.width() - self._bar.width() - MARGIN,
            (self.height() - height) // 2,
            self._bar.width(),
            height,
        )

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        left = event.button() == Qt.MouseButton.LeftButton
        box = shifted and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if left and self._state.image is not None and (box or self._region.drawing):
            position = event.position()
            self._stroke = Stroke(box, [self._state.viewport.view.to_slice(position.x(), position.y())])
            return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            pan = event.button() == Qt.MouseButton.MiddleButton or shifted
            self._drag = (event.button(), pan, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        self._state.set_cursor(self._state.viewport.view.to_slice(position.x(), position.y()))
        if self._stroke is not None:
            self._stroke.points.append(self._state.viewport.view.to_slice(position.x(), position.y()))
            self.update()
        if self._drag is None:
            return
        button, pan, last = self._drag
        moved = position - last
        self._drag = (button, pan, position)
        if pan:
            self._state.viewport.pan_by(moved.x(), moved.y())
        else:
            self._state.display.drag_window(moved.x(), -moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroke is not None and event.button() == Qt.MouseButton.LeftButton:
            stroke, self._stroke = self._stroke, None
            stroke.hand_over(self._region)
            self.update()
        if self._drag is not None and event.button() == self._drag[0]:
            self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._state.viewport.fit()

    def leaveEvent(self, event: object) -> None:
        self._state.set_cursor(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control or self._state.slices == 1:
            position = event.position()
            at = self._state.viewport.view.to_slice(position.x(), position.y())
            self._state.viewport.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / WHEEL_NOTCH), at)
        else:
            self._wheel -= event.angleDelta().y()
            # Touch pads send parts of a notch.
            steps = int(self._wheel / WHEEL_NOTCH)
            self._wheel -= steps * WHEEL_NOTCH
            if steps:
                self.steps_asked.emit(steps)
        event.accept()
