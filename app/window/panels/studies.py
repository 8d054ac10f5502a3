"""The panel Studies: opened series by patient and study, below them the samples, with thumbnails."""

from functools import partial

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.texts import studies as texts
from app.texts import window as texts_window
from app.window.states.cases import CasesState
from app.window.states.studies import StudiesState
from app.window.states.study_nodes import NodeKind, StudyNode
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.panel import Panel
from app.window.widgets.sample_list import SampleList
from app.window.widgets.study_tree import StudyTree
from core.arrays import Array


class StudiesPanel(Panel):
    """Choosing a series or a sample opens it."""

    open_asked = Signal()

    def __init__(self, state: StudiesState, cases: CasesState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._cases = state, cases
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(texts.FILTER)
        self.filter.setAccessibleName(texts.FILTER)
        self.filter.setClearButtonEnabled(True)
        self.tree = StudyTree(partial(_thumbnail_of, cases), self)
        self.tree.setAccessibleName(texts.STUDIES)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._hint = QLabel(texts.EMPTY, self)
        self._memory = QLabel(self)
        for label in (self._hint, self._memory):
            label.setObjectName("muted")
            label.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        self.samples = SampleList(cases.list.samples, self)
        self._lay_out()
        self._add_keys()
        self.filter.textChanged.connect(state.set_filter)
        self.tree.currentItemChanged.connect(self._on_tree_row)
        self.tree.customContextMenuRequested.connect(self._on_menu_asked)
        self.tree.visible_changed.connect(cases.thumbnails.prefer)
        self.samples.chosen.connect(self._choose)
        state.changed.connect(self._fill)
        cases.changed.connect(self._name_samples)
        cases.thumbnails.changed.connect(self._on_thumbnail)
        cases.memory.changed.connect(self._show_memory)
        cases.slices.chosen_changed.connect(self._show_chosen)
        self._fill()
        self._show_memory()

    def _lay_out(self) -> None:
        open_button = QPushButton(texts_window.OPEN_FILE)
        open_button.clicked.connect(self.open_asked)
        heading = QLabel(texts.SAMPLES)
        heading.setObjectName("section")
        heading.setContentsMargins(MARGIN, TIGHT, MARGIN, TIGHT)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(GAP, GAP, GAP, GAP)
        head.addWidget(self.filter)
        foot.setContentsMargins(GAP, TIGHT, GAP, GAP)
        foot.addWidget(open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._hint)
        column.addWidget(self.tree, 1)
        column.addWidget(self._memory)
        column.addWidget(heading)
        column.addWidget(self.samples)
        column.addLayout(foot)

    def _add_keys(self) -> None:
        """Delete closes the current row; the arrow down leads from the filter into the tree."""
        enter = QAction(self.filter)
        enter.setShortcut(Qt.Key.Key_Down)
        enter.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        enter.triggered.connect(self.tree.setFocus)
        self.filter.addAction(enter)
        close = QAction(texts.CLOSE["series"], self.tree)
        close.setShortcut(Qt.Key.Key_Delete)
        close.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        close.triggered.connect(self._on_close)
        self.tree.addAction(close)

    @Slot()
    def _fill(self) -> None:
        with QSignalBlocker(self.tree):
            self.tree.show_nodes(self._state.nodes)
        self._hint.setText(texts.NO_MATCH if self._state.filter else texts.EMPTY)
        self._hint.setVisible(not self._state.nodes)
        self._show_chosen()

    @Slot(int)
    def _on_thumbnail(self, number: int) -> None:
        self.samples.show_thumbnail(number, _thumbnail_of(self._cases, number))
        self.tree.show_thumbnail(number)

    @Slot()
    def _show_memory(self) -> None:
        text = texts.kept_volumes(self._cases.memory.kept_bytes)
        self._memory.setText(text)
        self._memory.setVisible(bool(text))

    @Slot()
    def _show_chosen(self) -> None:
        number = self._cases.slices.chosen
        self.samples.show_chosen(number)
        item = self.tree.item_of_case(number) if number is not None else None
        with QSignalBlocker(self.tree):
            if item is not self.tree.currentItem():
                self.tree.setCurrentItem(item) if item is not None else self.tree.clearSelection()

    @Slot()
    def _name_samples(self) -> None:
        """The titles of samples do not hold their class while cases are looked at first."""
        self.samples.show_titles(self._cases.list.samples)

    @Slot(object, object)
    def _on_tree_row(self, item: object, before: object) -> None:
        node = self.tree.node_of(self.tree.currentItem())
        if node is not None and node.case is not None:
            self._choose(node.case)

    @Slot(int)
    def _choose(self, number: int) -> None:
        if number != self._cases.slices.chosen:
            self._cases.choose(number)

    @Slot()
    def _on_close(self) -> None:
        node = self.tree.node_of(self.tree.currentItem())
        if node is not None:
            self._close(node)

    def _close(self, node: StudyNode) -> None:
        if node.kind is NodeKind.FAILURES:
            self._state.dismiss(node)
        else:
            self._cases.close(node.cases)

    @Slot(QPoint)
    def _on_menu_asked(self, position: QPoint) -> None:
        # The key of the context menu gives no place.
        node = self.tree.node_of(self.tree.itemAt(position) or self.tree.currentItem())
        if node is not None:
            self.menu_of(node).popup(self.tree.viewport().mapToGlobal(position))

    def menu_of(self, node: StudyNode) -> QMenu:
        """The context menu of a row: the sequence of a series, and what can be closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if node.case is not None:
            self._add_roles(menu.addMenu(texts.ROLE), node.case)
        if node.kind.value in texts.CLOSE:
            close = menu.addAction(texts.CLOSE[node.kind.value])
            close.triggered.connect(partial(self._close, node))
        menu.addAction(texts.CLOSE_ALL).triggered.connect(self._cases.close_all)
        return menu

    def _add_roles(self, menu: QMenu, number: int) -> None:
        group = QActionGroup(menu)
        role = self._cases.list[number].role
        for choice in dict.fromkeys([*texts.ROLES, role, ""]):
            action = QAction(choice or texts.NO_ROLE, group, checkable=True)
            action.setChecked(choice == role)
            action.triggered.connect(partial(self._cases.set_role, number, choice))
            menu.addAction(action)


def _thumbnail_of(cases: CasesState, number: int) -> Array | None:
    case = cases.list.get(number)
    return case.thumbnail if case is not None else None
