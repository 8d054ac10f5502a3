"""The panel Agreement: a matrix of how far maps agree, and the selected pair side by side."""

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.texts import agreement as texts
from app.window.clipboard import offer_copying, table_rows
from app.window.states.agreement import SHARES, AgreementState
from app.window.states.comparisons import Likeness
from app.window.states.image import ImageState
from app.window.states.maps import MapsState
from app.window.theme import GAP, MARGIN, THEME, shade
from app.window.widgets.chooser import Chooser
from app.window.widgets.map_pair import MapPair
from app.window.widgets.pages import PageOrSentence
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import SliceThumbnail
from core.number_text import fixed

CELL_WIDTH, CELL_HEIGHT = 60, 24
PICTURE = 256


class AgreementPanel(Panel):
    """Draws an `AgreementState`."""

    def __init__(
        self, state: AgreementState, maps: MapsState, image: ImageState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._maps, self._image = state, maps, image
        self._picture = SliceThumbnail(PICTURE)
        self._colours = image.style.colour_map
        self._measure, self._share = Chooser(texts.LIKENESS), Chooser(texts.TOP_SHARE)
        self._measure.chosen.connect(state.set_measure)
        self._share.chosen.connect(state.set_share)
        self.table = self._matrix()
        offer_copying(self.table, lambda: table_rows(self.table))
        self.pair = MapPair()
        self.words, self._summary = QLabel(), QLabel()
        for label in (self.words, self._summary):
            label.setWordWrap(True)
        self._summary.setObjectName("muted")
        self.pages = PageOrSentence(self._page(), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.addLayout(self.pages)
        state.changed.connect(self._show)
        THEME.changed.connect(self._show)
        state.cell_changed.connect(self._show_cell)
        state.pair_changed.connect(self._show_pair)
        image.image_changed.connect(self._show_pair)
        image.overlay_changed.connect(self._on_overlay_changed)
        self._show()

    def _matrix(self) -> QTableWidget:
        table = QTableWidget()
        table.setObjectName("matrix")
        table.setAccessibleName(texts.AGREEMENT)
        table.setToolTip(texts.MATRIX_TIP)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setDefaultSectionSize(CELL_WIDTH)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(CELL_HEIGHT)
        table.setCornerButtonEnabled(False)
        table.currentCellChanged.connect(self._on_cell)
        return table

    def _page(self) -> QWidget:
        page = QWidget()
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._measure)
        head.addWidget(self._share)
        head.addWidget(self._summary, 1)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self.words)
        right.addWidget(self.pair, 1)
        body = QHBoxLayout()
        body.setSpacing(MARGIN)
        body.addWidget(self.table, 3)
        body.addLayout(right, 2)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addLayout(body, 1)
        return page

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        state = self._state
        self.pages.show_sentence(state.empty_text)
        self._measure.show_choices(
            [(likeness, texts.LIKENESSES[likeness]) for likeness in Likeness], state.measure
        )
        self._share.show_choices([(share, texts.top_share(share)) for share in SHARES], state.share)
        self._share.setVisible(state.measure is Likeness.OVERLAP)
        entries, labels = state.entries, state.labels
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(entries))
            self.table.setColumnCount(len(entries))
            self.table.setVerticalHeaderLabels([f"{at}  {label}" for at, label in enumerate(labels, 1)])
            self.table.setHorizontalHeaderLabels([str(at) for at in range(1, len(entries) + 1)])
            for row in range(len(labels)):
                for column in range(len(entries)):
                    self.table.setItem(row, column, self._item(row, column))
        self._summary.setText(state.summary)
        self._show_pair()

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = QTableWidgetItem()
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        self._fill(item, row, column)
        return item

    def _fill(self, item: QTableWidgetItem, row: int, column: int) -> None:
        entries, colours = self._state.entries, THEME.colours
        if row == column:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setBackground(QColor(colours.line))
            return
        first, second = entries[row].number, entries[column].number
        cell, words = self._state.cell(first, second), self._state.words(first, second)
        item.setToolTip(words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        if cell.reason:
            item.setText("")
            item.setBackground(QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern))
        elif cell.value is None:
            item.setText("…")
        else:
            item.setText(fixed(cell.value))
            item.setBackground(shade(cell.value))

    @Slot(int, int)
    def _show_cell(self, first: int, second: int) -> None:
        if not self.isVisible():
            return
        at = {entry.number: place for place, entry in enumerate(self._state.entries)}
        if first in at and second in at:
            for row, column in ((at[first], at[second]), (at[second], at[first])):
                item = self.table.item(row, column)
                if item is not None:
                    self._fill(item, row, column)
        self._summary.setText(self._state.summary)
        self._show_words()

    @Slot()
    def _show_pair(self) -> None:
        if not self.isVisible():
            return
        self._show_words()
        pair, image = self._state.pair_entries, self._image.image
        if pair is None or image is None:
            self.pair.show_maps(None, (), self._image.style.colour_map)
            return
        places = {entry.number: at for at, entry in enumerate(self._state.entries)}
        labels = self._state.labels
        maps = tuple(
            (f"{places[entry.number] + 1}  {labels[places[entry.number]]}", self._maps.overlay(entry))
            for entry in pair
        )
        self.pair.show_maps(self._picture.of(image), maps, self._image.style.colour_map)
        with QSignalBlocker(self.table):
            self.table.setCurrentCell(places[pair[0].number], places[pair[1].number])

    @Slot()
    def _on_overlay_changed(self) -> None:
        if self._image.style.colour_map != self._colours:
            self._colours = self._image.style.colour_map
            self._show_pair()

    def _show_words(self) -> None:
        pair = self._state.pair_entries
        self.words.setText(self._state.words(pair[0].number, pair[1].number) if pair is not None else "")

    @Slot(int, int, int, int)
    def _on_cell(self, row: int, column: int, _row: int, _column: int) -> None:
        entries = self._state.entries
        if 0 <= row < len(entries) and 0 <= column < len(entries):
            self._state.choose(entries[row].number, entries[column].number)
