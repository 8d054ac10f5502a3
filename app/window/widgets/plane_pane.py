"""A plane beside the active one: its slice with the crosshair, a slider, and a button to activate it."""

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.texts import planes as texts
from app.window.states.display import DisplayState
from app.window.states.planes import PlanesState, PlaneState
from app.window.states.tool import ToolState
from app.window.theme import GAP, TIGHT
from app.window.wheel_guard import guarded
from app.window.widgets.annotations import LEFT, TOP, paint_letters, paint_scale_bar, plane_words
from app.window.widgets.marks import paint_crosshair
from app.window.widgets.panel import Panel
from app.window.widgets.plates import write
from app.window.widgets.slice_picture import SlicePicture
from app.window.widgets.view_mouse import ViewMouse
from core.figures.scheme_colours import IMAGE_FIELD, IMAGE_QUIET, IMAGE_TEXT

CENTRED = Qt.AlignmentFlag.AlignCenter


class PlanePane(Panel):
    """Shows the plane that stands at `place` among those beside the active one."""

    def __init__(
        self,
        planes: PlanesState,
        place: int,
        display: DisplayState,
        tool: ToolState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._planes, self._place = planes, place
        self.canvases = tuple(PlaneCanvas(planes, plane, display, tool) for plane in planes.planes)
        self._slider = guarded(QSlider(Qt.Orientation.Horizontal))
        # Until there is a volume, whose planes have names.
        for part in (*self.canvases, self._slider):
            part.setAccessibleName(texts.PLANE_BESIDE)
        self._slider.valueChanged.connect(self._on_slider)
        self._words = QLabel()
        self._words.setObjectName("muted")
        self._button = QToolButton()
        self._button.setText(texts.MAKE_ACTIVE)
        self._button.setToolTip(texts.MAKE_ACTIVE_TIP)
        self._button.clicked.connect(self._on_button)
        row = QHBoxLayout()
        row.setContentsMargins(GAP, TIGHT, GAP, TIGHT)
        row.setSpacing(GAP)
        row.addWidget(self._slider, 1)
        row.addWidget(self._words)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)
        for canvas in self.canvases:
            self._stack.addWidget(canvas)  # now that it has a parent: Qt shows the first one at once
        column.addLayout(row)
        planes.changed.connect(self._on_changed)
        self._on_changed()

    @property
    def plane(self) -> PlaneState:
        """The plane that is shown here."""
        return self._planes.side_planes[self._place]

    @Slot()
    def _on_changed(self) -> None:
        volume = self._planes.volume
        if volume.views is None:
            return
        plane = self.plane
        view, count = volume.views[plane.axis], volume.count(plane.axis)
        self._stack.setCurrentIndex(plane.axis)
        self.canvases[plane.axis].setAccessibleName(plane_words(view))
        index = volume.index(plane.axis, self._planes.voxel)
        self._stack.setCurrentIndex(plane.axis)
        self.canvases[plane.axis].setAccessibleName(plane_words(view))
        self._slider.setAccessibleName(plane_words(view))
        self._button.setAccessibleName(f"{texts.MAKE_ACTIVE}: {plane_words(view)}")
        self._words.setText(texts.index_of(index, count))
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, count - 1)
            self._slider.setValue(index)

    @Slot(int)
    def _on_slider(self, index: int) -> None:
        self._planes.go_to_index(self.plane.axis, index)

    @Slot()
    def _on_button(self) -> None:
        self._planes.make_active(self.plane.axis)


class PlaneCanvas(QWidget):
    """Draws the slice of one plane; the mouse windows, moves, zooms, scrolls, and sets the crosshair."""

    def __init__(
        self,
        planes: PlanesState,
        plane: PlaneState,
        display: DisplayState,
        tool: ToolState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.plane, self._planes = plane, planes
        self._mouse = ViewMouse(display, plane.viewport, tool)
        self._picture = SlicePicture(display)
        self.setMinimumSize(120, 90)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        for signal in (
            plane.changed,
            plane.viewport.view_changed,
            planes.changed,
            display.window_changed,
        ):
            signal.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(260, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Both panes have a canvas for each plane, of which one is visible: its size is the one that counts.
        self.plane.viewport.set_view_size(self.width(), self.height())
        painter = QPainter(self)
        painter.fillRect(self.rect(), IMAGE_FIELD)
        area = self.rect().adjusted(GAP, TIGHT, -GAP, -TIGHT)
        image, views = self.plane.image, self._planes.volume.views
        if image is None or views is None:
            write(painter, area, CENTRED, [self.plane.problem or texts.READING], IMAGE_QUIET)
            return
        view = self.plane.viewport.view
        self._picture.paint(painter, image, view, self.size(), self.devicePixelRatioF())
        cross = self._planes.cross(self.plane.axis)
        if cross is not None:
            paint_crosshair(painter, view, cross, QRectF(self.rect()))
        write(painter, area, TOP | LEFT, [plane_words(views[self.plane.axis])], IMAGE_TEXT)
        paint_letters(painter, image, area)
        paint_scale_bar(painter, self.plane.viewport, area)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if is_shifted and event.buttons() == Qt.MouseButton.NoButton:
            self._planes.point_at(self.plane.axis, *self._mouse.place(event.position()))
        if steps := self._mouse.move(event):
            self._scroll(steps)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._mouse.release(event):
            self._planes.point_at(self.plane.axis, *self._mouse.place(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._planes.toggle_alone(self.plane.axis)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._mouse.zoom(event)
        elif steps := self._mouse.steps(event):
            self._scroll(steps)
        event.accept()

    def _scroll(self, steps: int) -> None:
        axis = self.plane.axis
        self._planes.go_to_index(axis, self._planes.volume.index(axis, self._planes.voxel) + steps)
