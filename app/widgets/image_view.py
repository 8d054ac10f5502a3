"""The image with its overlay: painted by raster, at full resolution, moved with the mouse."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app import texts
from app.theme import GAP, IMAGE_FIELD, MARGIN
from app.view_models.image import ZOOM_STEP, ImageModel
from app.widgets.annotations import paint_annotations
from app.widgets.colour_bar import ColourBar
from app.widgets.pictures import picture

# From here on the pixels themselves are wanted, not a smooth picture of them.
PIXELS_FROM_ZOOM = 4.0
# Below this Qt's own scaling skips pixels; the picture is averaged down first.
AVERAGE_BELOW_ZOOM = 0.6
WHEEL_NOTCH = 120


class ImageView(QWidget):
    """Draws an `ImageModel` and tells it what the mouse does."""

    frames_asked = Signal(int)  # how many slices further

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("imageField")
        self.setAccessibleName(texts.IMAGE)
        self.setMinimumSize(240, 200)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._model = model
        self._grey: QImage | None = None
        self._overlay: QImage | None = None
        self._overlay_made_for: tuple[object, ...] = ()
        self._drag: tuple[Qt.MouseButton, bool, QPointF] | None = None
        self._wheel = 0
        self._bar = ColourBar(model, self)
        model.image_changed.connect(self._on_grey_changed)
        model.window_changed.connect(self._on_grey_changed)
        model.view_changed.connect(self.update)
        model.overlay_changed.connect(self._on_overlay_changed)

    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    # Painting

    @Slot()
    def _on_grey_changed(self) -> None:
        self._grey = None
        self.setCursor(
            Qt.CursorShape.CrossCursor if self._model.image is not None else Qt.CursorShape.ArrowCursor
        )
        self.update()

    @Slot()
    def _on_overlay_changed(self) -> None:
        self._bar.setVisible(self._model.overlay is not None and self._model.overlay_on)
        self._place_bar()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), IMAGE_FIELD)
        grey = self._grey_picture()
        if grey is None:
            return
        view, zoom = self._model.view, self._model.zoom * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < PIXELS_FROM_ZOOM)
        rows, columns = self._model.image.shape if self._model.image is not None else (1, 1)
        field = QRectF(view.left, view.top, columns * view.per_column, rows * view.per_row)
        painter.drawImage(field, self._averaged(grey, field, zoom))
        if self._model.overlay_visible:
            painter.setOpacity(self._model.opacity)
            overlay = self._overlay_picture()
            if overlay is not None:
                painter.drawImage(field, overlay)
            painter.setOpacity(1.0)
        paint_annotations(painter, self._model, self.rect().adjusted(MARGIN, GAP, -MARGIN, -GAP))

    def _grey_picture(self) -> QImage | None:
        if self._grey is None and (values := self._model.grey()) is not None:
            self._grey = picture(values)
        return self._grey

    def _averaged(self, grey: QImage, field: QRectF, zoom: float) -> QImage:
        if zoom >= AVERAGE_BELOW_ZOOM:
            return grey
        size = (field.size() * self.devicePixelRatioF()).toSize()
        kept = Qt.AspectRatioMode.IgnoreAspectRatio
        return grey.scaled(size, kept, Qt.TransformationMode.SmoothTransformation)

    def _overlay_picture(self) -> QImage | None:
        model = self._model
        wanted = (model.overlay, model.colour_map, model.native_cells)
        if wanted != self._overlay_made_for:
            values = model.overlay_picture()
            self._overlay = picture(values) if values is not None else None
            self._overlay_made_for = wanted
        return self._overlay

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._model.set_view_size(self.width(), self.height())
        self._place_bar()

    def _place_bar(self) -> None:
        height = min(self._bar.wanted_height(), self.height() - 96)
        self._bar.setGeometry(
            self.width() - self._bar.width() - MARGIN,
            (self.height() - height) // 2,
            self._bar.width(),
            height,
        )

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            pan = event.button() == Qt.MouseButton.MiddleButton or shifted
            self._drag = (event.button(), pan, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        self._model.set_cursor(self._model.view.to_slice(here.x(), here.y()))
        if self._drag is None:
            return
        button, pan, last = self._drag
        moved = here - last
        self._drag = (button, pan, here)
        if pan:
            self._model.pan_by(moved.x(), moved.y())
        else:
            self._model.drag_window(moved.x(), -moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and event.button() == self._drag[0]:
            self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._model.fit()

    def leaveEvent(self, event: object) -> None:
        self._model.set_cursor(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control or self._model.frames == 1:
            here = event.position()
            at = self._model.view.to_slice(here.x(), here.y())
            self._model.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / WHEEL_NOTCH), at)
        else:
            self._wheel -= event.angleDelta().y()
            # Touch pads send parts of a notch.
            steps = int(self._wheel / WHEEL_NOTCH)
            self._wheel -= steps * WHEEL_NOTCH
            if steps:
                self.frames_asked.emit(steps)
        event.accept()
