"""A small cross where the cursor is in the other view."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.texts import maps as texts
from app.window.states.image import ImageState
from app.window.theme import CROSSHAIR

SIZE = 21
DARK_EDGE = QColor(0, 0, 0, 170)


class CursorMark(QWidget):
    """Follows the cursor of an `ImageState` over `view`, while the mouse is not over that view itself."""

    def __init__(self, state: ImageState, view: QWidget) -> None:
        super().__init__(view)
        self.setAccessibleName(texts.CURSOR_MARK)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(SIZE, SIZE)
        self.hide()
        self._state, self._view = state, view
        self.is_wanted = False
        state.cursor_changed.connect(self._follow)

    def _follow(self) -> None:
        cursor = self._state.cursor
        is_shown = self.is_wanted and cursor is not None and not self._view.underMouse()
        self.setVisible(is_shown)
        if is_shown and cursor is not None:
            x, y = self._state.viewport.view.to_screen(*cursor)
            self.move(round(x) - SIZE // 2, round(y) - SIZE // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle, end, gap = SIZE / 2, SIZE - 1.0, 3.0
        for colour, width in ((DARK_EDGE, 3.0), (QColor(CROSSHAIR), 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(1, middle), QPointF(middle - gap, middle))
            painter.drawLine(QPointF(middle + gap, middle), QPointF(end, middle))
            painter.drawLine(QPointF(middle, 1), QPointF(middle, middle - gap))
            painter.drawLine(QPointF(middle, middle + gap), QPointF(middle, end))
