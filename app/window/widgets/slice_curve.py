"""A curve along the slice slider: one value from 0 to 1 for each slice."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.texts import image as texts
from app.window.states.image import ImageState
from app.window.states.slice_scan import SliceScanState
from app.window.theme import THEME

HEIGHT, EDGE = 44, 4.0


class SliceCurve(QWidget):
    """Draws a `SliceScanState`; hidden without a scan. A click goes to the slice below the cursor.

    A line joins neighbouring slices, so that it has a gap where the value is not known yet. Slices that do
    not fit the model are drawn in grey.
    """

    index_asked = Signal(int)

    def __init__(self, state: SliceScanState, image: ImageState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._image = state, image
        self.values: tuple[float | None, ...] = ()
        self._misfits: frozenset[int] = frozenset()
        self.caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        state.changed.connect(self._show_scan)
        image.image_changed.connect(self.update)
        self._show_scan()

    @Slot()
    def _show_scan(self) -> None:
        scan = self._state.scan
        self.values = scan.values if scan is not None else ()
        self._misfits = scan.misfits if scan is not None else frozenset()
        self.caption = ""
        if scan is not None:
            self.caption = texts.scan_words(scan.stack.class_words, self.values, scan.best, scan.best_fitting)
        self.setAccessibleName(self.caption or texts.SCAN_TITLE)
        self.setToolTip(texts.SCAN_TIP)
        self.setVisible(scan is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def index_at(self, x: float) -> int:
        """The slice below a horizontal position of the widget."""
        last = max(len(self.values) - 1, 1)
        return min(max(round((x - EDGE) / (self.width() - 2 * EDGE) * last), 0), len(self.values) - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.values:
            self.index_asked.emit(self.index_at(event.position().x()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        colours = THEME.colours
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(field.bottomLeft(), field.bottomRight())
        painter.setPen(QColor(colours.muted))
        painter.drawText(field, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.caption)
        marker = _place(field, self._image.position.index, 0.0, len(self.values)).x()
        painter.setPen(QPen(QColor(colours.muted), 1))
        painter.drawLine(QPointF(marker, field.top()), QPointF(marker, field.bottom()))
        painter.setPen(QPen(QColor(colours.curves[0]), 1.5))
        for run in self._runs():
            places = [_place(field, index, value, len(self.values)) for index, value in run]
            painter.drawPolyline(QPolygonF(places))
        for index, value in enumerate(self.values):
            if value is not None:
                colour = colours.muted if index in self._misfits else colours.curves[0]
                painter.setPen(QPen(QColor(colour), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawPoint(_place(field, index, value, len(self.values)))

    def _runs(self) -> list[list[tuple[int, float]]]:
        """Values of slices without a gap between them."""
        runs: list[list[tuple[int, float]]] = [[]]
        for index, value in enumerate(self.values):
            if value is not None:
                runs[-1].append((index, value))
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if len(run) > 1]


def _place(field: QRectF, index: int, value: float, count: int) -> QPointF:
    return QPointF(
        field.left() + field.width() * index / max(count - 1, 1), field.bottom() - field.height() * value
    )
