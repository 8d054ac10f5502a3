"""The strip of maps: a card for each map, with its progress, its result or the reason of its failure."""

from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.texts import checks as texts_checks
from app.texts import maps as texts_maps
from app.texts import window as texts
from app.texts import workspace as texts_workspace
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.evidence import Chip
from app.window.states.maps import MapEntry, MapsState, MapState
from app.window.theme import GAP, THEME, TIGHT
from app.window.widgets.evidence_strip import EvidenceStrip
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import map_picture
from app.window.widgets.tinted_button import TintedButton
from core.figures.colour_maps import ColourMap
from core.figures.scheme_colours import IMAGE_FIELD

CARD, PICTURES, FRAME = 304, (72, 168), 2


class MapCard(QFrame):
    """One map. A click, Space or Enter shows it over the image; with Ctrl it is compared with that one.

    is_selected: over the image. is_compared: the second map.
    """

    chosen = Signal(int)
    compare_asked = Signal(int)
    remove_asked = Signal(int)
    evidence_asked = Signal(int, str)

    def __init__(self, entry: MapEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self._words = entry.number, entry.name
        self.is_selected = self.is_compared = False
        self.is_control_map = entry.method in CONTROL_MAPS
        self.setFixedWidth(CARD)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = QLabel(entry.title)
        self._title.setObjectName("title")
        self._subtitle, self._target, self._status, self._mark = QLabel(), QLabel(), QLabel(), QLabel()
        self._subtitle.setText(entry.subtitle)
        self._subtitle.setVisible(bool(entry.subtitle))
        self._target.setObjectName("muted")
        for label in (self._subtitle, self._target, self._status, self._mark):
            label.setWordWrap(True)
        self._mark.setObjectName("headline")
        self._picture = SquarePicture()
        self._picture.setAccessibleName(entry.name)
        self.evidence = EvidenceStrip(is_short=True)
        self.evidence.asked.connect(self._on_evidence_asked)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._lay_out()
        self.show_marks(False, False)

    def _lay_out(self) -> None:
        remove = TintedButton("close", texts_maps.REMOVE_MAP)
        remove.clicked.connect(self._on_remove)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title, 1)
        head.addWidget(remove)
        beside = QVBoxLayout()
        beside.setSpacing(TIGHT)
        for part in (self._subtitle, self._target, self._status, self._mark):
            beside.addWidget(part)
        beside.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(GAP)
        body.addWidget(self._picture)
        body.addLayout(beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, TIGHT, TIGHT, GAP)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(body, 1)
        column.addWidget(self.evidence)
        column.addWidget(self._bar)

    def show_entry(self, entry: MapEntry, picture: QImage | None, maps: MapsState, name: ColourMap) -> None:
        target = maps.target_words(entry)
        self._target.setText(target)
        error = entry.error is not None
        self._picture.setVisible(not error)
        self._status.setObjectName("error" if error else "muted")
        self._status.setText(status_words(entry))
        self._status.setToolTip(entry.record.no_share if entry.record is not None else "")
        self._status.style().polish(self._status)
        self._bar.setVisible(entry.open)
        self._bar.setValue(round(1000 * entry.share_done))
        self._words = f"{entry.name}, {target}, {status_words(entry)}"
        self._name_accessibly()
        if picture is not None and not error:
            overlay, ratio = maps.overlay(entry), self.devicePixelRatioF()
            self._picture.show_picture(map_picture(picture, overlay, name, self._picture.side, ratio))

    def show_evidence(self, chips: tuple[Chip, ...]) -> None:
        self.evidence.show_chips(self._title.text(), chips)

    def show_marks(self, is_selected: bool, is_compared: bool) -> None:
        """Say whether this is the map over the image, or the second one."""
        self.is_selected, self.is_compared = is_selected, is_compared
        words = texts_maps.card_mark(is_selected, is_compared, self.is_control_map)
        self._mark.setText(words)
        self._mark.setVisible(bool(words))
        self._name_accessibly()
        self.update()

    def _name_accessibly(self) -> None:
        self.setAccessibleName(", ".join(filter(None, (self._words, self._mark.text()))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, is_marked = THEME.colours, self.is_selected or self.is_compared
        frame = colours.text if is_marked else colours.line
        pen = QPen(QColor(colours.accent if self.hasFocus() else frame))
        pen.setWidth(FRAME if is_marked else 1)
        if self.is_control_map:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.soft if is_marked else colours.raised))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(event.modifiers())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction(texts_maps.SHOW_MAP).triggered.connect(partial(self.chosen.emit, self.number))
        compare = menu.addAction(texts_maps.COMPARE_MAP)
        compare.triggered.connect(partial(self.compare_asked.emit, self.number))
        compare.setEnabled(not self.is_selected)
        menu.addAction(texts_maps.REMOVE_MAP).triggered.connect(self._on_remove)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(event.modifiers())
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit(self.number)
        else:
            super().keyPressEvent(event)

    def _choose(self, keys: Qt.KeyboardModifier) -> None:
        signal = self.compare_asked if keys & Qt.KeyboardModifier.ControlModifier else self.chosen
        signal.emit(self.number)

    @Slot()
    def _on_remove(self) -> None:
        self.remove_asked.emit(self.number)

    @Slot(str)
    def _on_evidence_asked(self, question: str) -> None:
        self.evidence_asked.emit(self.number, question)


class SquarePicture(QWidget):
    """A picture in the middle of a square, as large as the height allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self.setMinimumSize(PICTURES[0], PICTURES[0])
        self.setMaximumWidth(PICTURES[0])

    @property
    def side(self) -> int:
        """Of the square, in points."""
        return min(self.width(), self.height())

    def show_picture(self, pixmap: QPixmap) -> None:
        self._pixmap = pixmap
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedWidth(min(max(event.size().height(), PICTURES[0]), PICTURES[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side = QPainter(self), self.side
        painter.fillRect(0, 0, side, side, QColor(IMAGE_FIELD))
        if not self._pixmap.isNull():
            size = self._pixmap.deviceIndependentSize().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (side - size.width()) / 2, (side - size.height()) / 2
            whole = QRectF(self._pixmap.rect())
            painter.drawPixmap(QRectF(left, top, size.width(), size.height()), self._pixmap, whole)


class Gallery(QScrollArea):
    """The cards side by side."""

    chosen = Signal(int)
    compare_asked = Signal(int)
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
                card.compare_asked.connect(self.compare_asked)
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
            words = texts_maps.card_line(texts_checks.grid_words(entry.record), entry.record.seconds)
            return f"{words}, {texts_workspace.FROM_WORKSPACE}" if entry.is_restored else words
