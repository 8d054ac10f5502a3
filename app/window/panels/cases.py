"""The panel Cases: opened files and folders, then the samples, with thumbnails."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.texts import window as texts
from app.window.states.case_list import Case
from app.window.states.cases import CasesState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import picture

NUMBER = Qt.ItemDataRole.UserRole
PICTURE = 40


class CasesPanel(Panel):
    """The tree of cases; choosing one opens it."""

    open_asked = Signal()

    def __init__(self, state: CasesState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._items: dict[int, QTreeWidgetItem] = {}
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(10)
        self.tree.setIconSize(QSize(PICTURE, PICTURE))
        self.tree.setAccessibleName(texts.CASES)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.currentItemChanged.connect(self._on_current_changed)
        self._add_close_action()
        self._open = QPushButton(texts.OPEN_FILE)
        self._open.clicked.connect(self.open_asked)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        row.addWidget(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, TIGHT, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        state.changed.connect(self._fill)
        state.thumbnails.changed.connect(self._on_thumbnail)
        state.slices.chosen_changed.connect(self._on_chosen)
        self._fill()

    def _add_close_action(self) -> None:
        close = QAction(texts.CLOSE_CASE, self.tree)
        close.setShortcut(Qt.Key.Key_Delete)
        close.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        close.triggered.connect(self._on_close)
        self.tree.addAction(close)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()  # the headings have the colours of the old scheme

    @Slot()
    def _fill(self) -> None:
        with QSignalBlocker(self.tree):
            self.tree.clear()
            self._items = {}
            opened = self._heading(texts.OPENED)
            folders: dict[tuple[Path, str], QTreeWidgetItem] = {}
            for case in self._state.list.opened:
                parent = opened
                if case.group:
                    place = (case.path.parent, case.group)
                    parent = folders.get(place) or self._folder(opened, case.group)
                    folders[place] = parent
                self._add(parent, case)
            if not self._state.list.opened:
                hint = QTreeWidgetItem(opened, [texts.CASES_EMPTY])
                hint.setFlags(Qt.ItemFlag.NoItemFlags)
            samples = self._heading(texts.SAMPLES)
            for case in self._state.list.samples:
                self._add(samples, case)
            self.tree.expandAll()
        self._on_chosen()

    def _heading(self, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [text])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = self.tree.font()
        font.setBold(True)
        item.setFont(0, font)
        item.setForeground(0, self.palette().placeholderText())
        return item

    def _folder(self, parent: QTreeWidgetItem, name: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [name])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _add(self, parent: QTreeWidgetItem, case: Case) -> None:
        item = QTreeWidgetItem(parent, [case.title])
        item.setData(0, NUMBER, case.number)
        item.setToolTip(0, case.title)
        item.setSizeHint(0, QSize(0, PICTURE + 2 * TIGHT))
        self._items[case.number] = item
        self._set_icon(case)

    def _set_icon(self, case: Case) -> None:
        square = QPixmap(PICTURE, PICTURE)
        square.fill(Qt.GlobalColor.black)
        if case.thumbnail is not None:
            square = QPixmap.fromImage(picture(case.thumbnail))
        icon = QIcon(square)
        # Qt would tint the thumbnail of the selected case.
        icon.addPixmap(square, QIcon.Mode.Selected)
        self._items[case.number].setIcon(0, icon)

    @Slot(int)
    def _on_thumbnail(self, number: int) -> None:
        if number in self._items:
            self._set_icon(self._state.list[number])

    @Slot()
    def _on_chosen(self) -> None:
        item = self._items.get(self._state.slices.chosen or 0)
        with QSignalBlocker(self.tree):
            self.tree.setCurrentItem(item) if item is not None else self.tree.clearSelection()

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        number = item.data(0, NUMBER) if item is not None else None
        if number is not None and number != self._state.slices.chosen:
            self._state.choose(number)

    @Slot()
    def _on_close(self) -> None:
        item = self.tree.currentItem()
        number = item.data(0, NUMBER) if item is not None else None
        if number is not None:
            self._state.close_case(number)
