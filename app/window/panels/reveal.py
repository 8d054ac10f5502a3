"""The panel Reveal: the image at each step of a curve, with the prediction for it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.texts import reveal as texts
from app.window.states.reveal import RevealState
from app.window.theme import GAP, MARGIN
from app.window.widgets.chooser import Chooser
from app.window.widgets.film_strip import FilmStrip
from app.window.widgets.panel import Panel


class RevealPanel(Panel):
    """Draws a `RevealState`, whose cursor is that of Curves."""

    curves_asked = Signal()

    def __init__(self, state: RevealState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._map, self._direction = Chooser(texts.REVEAL_MAP), Chooser(texts.DIRECTION)
        self._map.chosen.connect(state.choose)
        self._direction.chosen.connect(state.set_direction)
        self._words = QLabel()
        self._words.setObjectName("muted")
        self._words.setWordWrap(True)
        self.strip = FilmStrip()
        self.strip.selected.connect(state.look_at)
        self._empty = QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.offer = QPushButton(texts.GO_TO_CURVES)
        self.offer.clicked.connect(self.curves_asked)
        self._pages = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.addLayout(self._pages)
        for page in (self._empty_page(), self._strip_page()):
            self._pages.addWidget(page)  # now that it has a parent: Qt shows the first one at once
        state.changed.connect(self._show)
        state.at_changed.connect(self._show_at)
        self._show()

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(GAP)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _strip_page(self) -> QWidget:
        page = QWidget()
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._map)
        head.addWidget(self._direction)
        head.addWidget(self._words, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addWidget(self.strip, 1)
        return page

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._state.set_active(True)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._state.set_active(False)

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        state, failure = self._state, self._state.strip.error
        error = str(failure) if failure is not None else ""
        empty = error or state.empty_text
        self._pages.setCurrentIndex(0 if empty else 1)
        self._empty.setText(empty)
        self._empty.setObjectName("error" if error else "muted")
        self._empty.style().polish(self._empty)
        self.offer.setVisible(state.can_ask_for_curves)
        if not empty:
            self._show_strip()

    def _show_strip(self) -> None:
        state = self._state
        self._map.show_choices(state.methods, state.method)
        directions = [(order, texts.DIRECTIONS[order]) for order in state.directions]
        strip = state.strip
        self._direction.show_choices(directions, strip.direction)
        has_one_direction = len(state.directions) == 1
        self._direction.setToolTip(texts.ONLY_FROM_TOP if has_one_direction else "")
        self._words.setText(texts.MAKING_PICTURES if state.pictures.making else strip.sentence)
        self.strip.show_frames(strip.frames, strip.class_words, strip.direction == "bottom", strip.sentences)
        self._show_at()

    @Slot()
    def _show_at(self) -> None:
        if self.isVisible():
            self.strip.set_current(self._state.at)
