"""The list of methods by family, each with a box to select it, its expected cost and its parameters."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.texts import explain as texts
from app.window.states.explain import ExplainState, MethodRow
from app.window.states.method_filter import MethodFilterState
from core.methods.contract import Family

NAME = Qt.ItemDataRole.UserRole
TITLE, COST, PARAMETERS = range(3)  # columns


class MethodTree(QTreeWidget):
    """Shows the filtered methods, and passes on which one a person selects or focuses."""

    form_asked = Signal()  # of the focused method

    def __init__(
        self, state: ExplainState, method_filter: MethodFilterState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._filter = state, method_filter
        self._headings: dict[Family, QTreeWidgetItem] = {}
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setObjectName("methods")
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setAccessibleName(texts.METHODS)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumHeight(90)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        for column in (COST, PARAMETERS):
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._fill()
        self.itemChanged.connect(self._on_item_changed)
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemClicked.connect(self._on_clicked)
        self.itemActivated.connect(self._on_activated)
        state.changed.connect(self.show_rows)
        state.focus_changed.connect(self._show_focused)
        method_filter.changed.connect(self.show_rows)
        self.show_rows()

    def _fill(self) -> None:
        for family, rows in self._state.families:
            heading = QTreeWidgetItem(self, [texts.FAMILIES[family]])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setFirstColumnSpanned(True)
            self._headings[family] = heading
            for row in rows:
                item = QTreeWidgetItem(heading, [row.title, row.cost, texts.OPEN_FORM])
                item.setData(TITLE, NAME, row.name)
                item.setTextAlignment(COST, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(PARAMETERS, texts.parameters_of(row.title))
                item.setData(PARAMETERS, Qt.ItemDataRole.AccessibleTextRole, texts.parameters_of(row.title))
                self._items[row.name] = item
        self._colour()
        self.expandAll()
        self.setItemsExpandable(False)
        self._show_focused()

    @Slot()
    def show_rows(self) -> None:
        """Draw the boxes, costs and obstacles of the state, and hide what the filter leaves out.

        While nobody sees the list that is left for when it is shown: each method is asked for its cost.
        """
        if not self.isVisible():
            return
        with QSignalBlocker(self):
            for family, rows in self._state.families:
                shown = {row.name for row in rows if self._filter.shows(family, row)}
                self._headings[family].setHidden(not shown)
                for row in rows:
                    item = self._items[row.name]
                    item.setHidden(row.name not in shown)
                    self._show_row(item, row)

    def focus_first(self) -> None:
        """Give the focus to the first method that is shown."""
        for item in self._items.values():
            if not item.isHidden() and not item.isDisabled():
                self.setCurrentItem(item)
                self.setFocus()
                return

    def _show_row(self, item: QTreeWidgetItem, row: MethodRow) -> None:
        item.setCheckState(TITLE, Qt.CheckState.Checked if row.checked else Qt.CheckState.Unchecked)
        is_changed = bool(self._state.values(row.name))
        item.setText(TITLE, texts.changed_method(row.title) if is_changed else row.title)
        item.setText(COST, row.cost)
        item.setDisabled(bool(row.obstacle))
        item.setToolTip(TITLE, row.obstacle or row.summary)
        item.setToolTip(COST, row.obstacle or row.cost_details)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_rows()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        """Headings and costs are muted, in the colour of the current scheme."""
        muted = self.palette().placeholderText()
        with QSignalBlocker(self):
            for heading in self._headings.values():
                heading.setForeground(TITLE, muted)
            for item in self._items.values():
                for column in (COST, PARAMETERS):
                    item.setForeground(column, muted)

    @Slot()
    def _show_focused(self) -> None:
        self.setCurrentItem(self._items[self._state.focused.name])

    @Slot(QTreeWidgetItem, int)
    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        name = item.data(TITLE, NAME)
        if name is not None and column == TITLE:
            self._state.set_checked(name, item.checkState(TITLE) == Qt.CheckState.Checked)

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, item: QTreeWidgetItem | None, before: QTreeWidgetItem | None) -> None:
        name = item.data(TITLE, NAME) if item is not None else None
        if name is not None:
            self._state.focus(name)

    @Slot(QTreeWidgetItem, int)
    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == PARAMETERS and item.data(TITLE, NAME) is not None:
            self.form_asked.emit()

    @Slot(QTreeWidgetItem, int)
    def _on_activated(self, item: QTreeWidgetItem, column: int) -> None:
        if item.data(TITLE, NAME) is not None:
            self.form_asked.emit()
