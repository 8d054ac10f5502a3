"""The strip of maps: a card for each map, with its progress, its result or the reason of its failure."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.texts import checks as texts_checks
from app.texts import explain as texts_explain
from app.texts import maps as texts_maps
from app.texts import window as texts
from app.window.states.evidence import Chip
from app.window.states.maps import MapEntry, MapsState, MapState
from app.window.theme import GAP, THEME, TIGHT
from app.window.widgets.evidence_strip import EvidenceStrip
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import map_picture
from app.window.widgets.tinted_button import TintedButton
from core.figures.colour_maps import ColourMap

CARD, PICTURE, BESIDE = 298, 168, 150


class MapCard(QFrame):
    """One map. A click, Space or Enter shows it over the image."""

    chosen = Signal(int)
    remove_asked = Signal(int)
    evidence_asked = Signal(int, str)

    def __init__(self, entry: MapEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = entry.number
        self.selected = False
        self.setFixedWidth(CARD)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = QLabel(entry.title)
        self._title.setObjectName("title")
        self._target, self._status = QLabel(), QLabel()
        self._target.setObjectName("muted")
        self._status.setWordWrap(True)
        self._status.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.evidence = EvidenceStrip("column")
        self.evidence.asked.connect(self._on_evidence_asked)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._lay_out()

    def _lay_out(self) -> None:
        remove = TintedButton("close", texts_maps.REMOVE_MAP)
        remove.clicked.connect(self._on_remove)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title, 1)
        head.addWidget(remove)
        beside = QVBoxLayout()
        beside.setSpacing(2)
        for part in (self._target, self._status, self.evidence):
            beside.addWidget(part)
        beside.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(GAP)
        body.addWidget(self._picture, 1)
        body.addLayout(beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, TIGHT, TIGHT, GAP)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(body, 1)
        column.addWidget(self._bar)

    def show_entry(self, entry: MapEntry, picture: QImage | None, maps: MapsState, name: ColourMap) -> None:
        target = texts_explain.target(entry.target)
        self._target.setText(
            self._target.fontMetrics().elidedText(target, Qt.TextElideMode.ElideRight, BESIDE)
        )
        self._target.setToolTip(target)
        error = entry.error is not None
        self._picture.setVisible(not error)
        self._status.setObjectName("error" if error else "muted")
        self._status.setText(status_words(entry))
        self._status.setToolTip(entry.record.no_share if entry.record is not None else "")
        self._status.style().polish(self._status)
        self._bar.setVisible(entry.open)
        self._bar.setValue(round(1000 * entry.share_done))
        self.setAccessibleName(f"{entry.title}, {target}, {status_words(entry)}")
        if picture is not None and not error:
            side = max(48, min(PICTURE, self._picture.height(), self._picture.width()))
            overlay = maps.overlay(entry)
            self._picture.setPixmap(map_picture(picture, overlay, name, side, self.devicePixelRatioF()))

    def show_evidence(self, chips: tuple[Chip, ...]) -> None:
        self.evidence.show_chips(self._title.text(), chips)

    def set_selected(self, selected: bool) -> None:
        if selected != self.selected:
            self.selected = selected
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = THEME.colours
        frame = colours.text if self.selected else colours.line
        frame = colours.accent if self.hasFocus() else frame
        painter.setPen(QPen(QColor(frame), 2 if self.selected else 1))
        painter.setBrush(QColor(colours.soft if self.selected else colours.raised))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.number)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit(self.number)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_remove(self) -> None:
        self.remove_asked.emit(self.number)

    @Slot(str)
    def _on_evidence_asked(self, question: str) -> None:
        self.evidence_asked.emit(self.number, question)


class Gallery(QScrollArea):
    """The cards side by side."""

    chosen = Signal(int)
    remove_asked = Signal(int)
    evidence_asked = Signal(int, str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(texts.MAPS)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cards: dict[int, MapCard] = {}
        inside = Panel()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addStretch(1)
        self.setWidget(inside)

    def set_entries(self, entries: tuple[MapEntry, ...]) -> None:
        """Show cards for these maps, in this order; existing cards are reused."""
        numbers = {entry.number for entry in entries}
        for number in [number for number in self.cards if number not in numbers]:
            card = self.cards.pop(number)
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        for at, entry in enumerate(entries):
            if entry.number not in self.cards:
                card = MapCard(entry, self)
                card.chosen.connect(self.chosen)
                card.remove_asked.connect(self.remove_asked)
                card.evidence_asked.connect(self.evidence_asked)
                self._row.insertWidget(at, card)
                self.cards[entry.number] = card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


def status_words(entry: MapEntry) -> str:
    """The status of a map, shown beside its picture."""
    match entry.state:
        case MapState.WAITING:
            return texts.WAITING
        case MapState.RUNNING:
            return texts_maps.steps(entry.done, entry.total)
        case MapState.FAILED:
            return str(entry.error)
        case MapState.CANCELLED:
            return texts_maps.CANCELLED
        case MapState.DONE:
            assert entry.record is not None
            return texts_maps.card_line(texts_checks.grid_words(entry.record), entry.record.seconds)
