"""The divider between two maps over one image."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from app.texts import maps as texts
from app.window.states.second_view import CURTAIN_STEP, SecondViewState, ViewLayout
from app.window.theme import THEME
from core.figures.scheme_colours import IMAGE_TEXT
from core.number_text import percent

WIDTH, GRIP = 20, 26


class Curtain(QWidget):
    """Lies over a view at the divider's place; the mouse drags it, arrow keys move it."""

    def __init__(self, state: SecondViewState, view: QWidget) -> None:
        super().__init__(view)
        self.setAccessibleName(texts.CURTAIN)
        self.setToolTip(texts.CURTAIN_TIP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self._state, self._view = state, view
        state.changed.connect(self.place)
        self.hide()

    def place(self) -> None:
        """Lie at the divider, over the whole height of the view."""
        self.setVisible(self._state.layout is ViewLayout.CURTAIN)
        middle = round(self._state.curtain * self._view.width())
        self.setGeometry(middle - WIDTH // 2, 0, WIDTH, self._view.height())
        self.setAccessibleDescription(percent(self._state.curtain, 0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            x = self.mapToParent(event.position().toPoint()).x()
            self._state.move_curtain(x / max(self._view.width(), 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -CURTAIN_STEP, Qt.Key.Key_Right: CURTAIN_STEP}
        ends = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0}
        key = Qt.Key(event.key())
        if key in steps:
            self._state.move_curtain(self._state.curtain + steps[key])
        elif key in ends:
            self._state.move_curtain(ends[key])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, height = WIDTH / 2, self.height()
        painter.fillRect(WIDTH // 2 - 1, 0, 3, height, QColor(0, 0, 0, 150))
        colour = QColor(THEME.colours.accent if self.hasFocus() else IMAGE_TEXT)
        painter.fillRect(WIDTH // 2, 0, 1, height, colour)
        painter.setPen(QColor(0, 0, 0, 150))
        painter.setBrush(colour)
        for side in (-1, 1):
            tip = QPointF(middle + side * (middle - 1), height / 2)
            base = middle + side * 3
            painter.drawPolygon(
                QPolygonF((tip, QPointF(base, height / 2 - GRIP / 4), QPointF(base, height / 2 + GRIP / 4)))
            )
