"""The list of methods by family, each with a box to select it and its expected cost."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.texts import explain as texts
from app.window.states.explain import ExplainState, MethodRow

NAME = Qt.ItemDataRole.UserRole


class MethodTree(QTreeWidget):
    """Shows the methods of an `ExplainState`, and passes on which one a person selects or focuses."""

    def __init__(self, state: ExplainState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._headings: list[QTreeWidgetItem] = []
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setAccessibleName(texts.METHODS)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumHeight(90)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._fill()
        self.itemChanged.connect(self._on_item_changed)
        self.currentItemChanged.connect(self._on_current_changed)

    def _fill(self) -> None:
        for family, rows in self._state.families:
            heading = QTreeWidgetItem(self, [texts.FAMILIES[family]])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setFirstColumnSpanned(True)
            self._headings.append(heading)
            for row in rows:
                item = QTreeWidgetItem(heading, [row.title, row.cost])
                item.setData(0, NAME, row.name)
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._items[row.name] = item
        self._colour()
        self.expandAll()
        self.setItemsExpandable(False)
        self.setCurrentItem(self._items[self._state.focused.name])

    def show_rows(self) -> None:
        """Draw the boxes, costs and obstacles of the state."""
        with QSignalBlocker(self):
            for _, rows in self._state.families:
                for row in rows:
                    self._show_row(self._items[row.name], row)

    def _show_row(self, item: QTreeWidgetItem, row: MethodRow) -> None:
        item.setCheckState(0, Qt.CheckState.Checked if row.checked else Qt.CheckState.Unchecked)
        item.setText(1, row.cost)
        item.setDisabled(bool(row.obstacle))
        item.setToolTip(0, row.obstacle or row.summary)
        item.setToolTip(1, row.obstacle or row.cost_details)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        """Headings and costs are muted, in the colour of the current scheme."""
        muted = self.palette().placeholderText()
        with QSignalBlocker(self):
            for heading in self._headings:
                heading.setForeground(0, muted)
            for item in self._items.values():
                item.setForeground(1, muted)

    @Slot(QTreeWidgetItem, int)
    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        name = item.data(0, NAME)
        if name is not None and column == 0:
            self._state.set_checked(name, item.checkState(0) == Qt.CheckState.Checked)

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        name = item.data(0, NAME) if item is not None else None
        if name is not None:
            self._state.focus(name)
