"""The tree of opened series: only what changed is drawn again."""

from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem, QWidget

from app.window.states.study_nodes import NodeKind, StudyNode
from app.window.states.thumbnail import SIDE
from app.window.theme import TIGHT
from app.window.widgets.pictures import picture
from core.arrays import Array

PICTURE = 40
KEY = Qt.ItemDataRole.UserRole
# A person who scrolls waits for pictures only once the tree stands still.
VISIBLE_DELAY_MS = 80


class StudyTree(QTreeWidget):
    """Nodes with thumbnails. thumbnail_of: the picture of a case (rows, columns, 3), or None."""

    visible_changed = Signal(object)  # numbers of the cases that are in view, from the top

    def __init__(self, thumbnail_of: Callable[[int], Array | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnail_of = thumbnail_of
        self._nodes: dict[tuple[str, ...], StudyNode] = {}
        self._items: dict[tuple[str, ...], QTreeWidgetItem] = {}
        self._parents: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._top: tuple[StudyNode, ...] = ()
        self._no_picture = icon_of(None)
        self.setHeaderHidden(True)
        self.setIndentation(9)
        self.setIconSize(QSize(PICTURE, PICTURE))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(True)
        self._visible_timer = QTimer(self)
        self._visible_timer.setSingleShot(True)
        self._visible_timer.setInterval(VISIBLE_DELAY_MS)
        self._visible_timer.timeout.connect(self._tell_visible)
        self.verticalScrollBar().valueChanged.connect(self._on_view_changed)
        self.itemExpanded.connect(self._on_view_changed)

    def show_nodes(self, nodes: tuple[StudyNode, ...]) -> None:
        """Show these nodes; rows that stay keep their state (open, current, picture)."""
        parents: dict[tuple[str, ...], tuple[str, ...]] = {}
        _collect_parents((), nodes, parents)
        for key in list(self._items):
            if key in self._items and parents.get(key) != self._parents[key]:
                self._remove(key)
        self._parents = parents
        self._fill(self.invisibleRootItem(), self._top, nodes)
        self._top = nodes
        self._visible_timer.start()

    def node_of(self, item: QTreeWidgetItem | None) -> StudyNode | None:
        """What a row stands for."""
        return self._nodes.get(item.data(0, KEY)) if item is not None else None

    def item_of_case(self, number: int) -> QTreeWidgetItem | None:
        """The row of a series."""
        return self._items.get(("series", str(number)))

    def show_thumbnail(self, number: int) -> None:
        """Draw the picture of a case, which has just been read."""
        item = self.item_of_case(number)
        if item is not None:
            item.setIcon(0, icon_of(self._thumbnail_of(number)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for node in self._nodes.values():
            if node.kind is NodeKind.FAILED_FILE:
                self._fit_height(self._items[node.key])
        self._visible_timer.start()

    def _fill(
        self, parent: QTreeWidgetItem, before: tuple[StudyNode, ...], nodes: tuple[StudyNode, ...]
    ) -> None:
        """Make the rows below `parent` those of `nodes`."""
        if before == nodes:
            return
        rows = [node.key for node in before if node.key in self._items]
        if rows != [node.key for node in nodes if node.key in self._items]:
            for key in rows:
                self._remove(key)
        at = 0
        for is_new, run in groupby(nodes, lambda node: node.key not in self._items):
            group = list(run)
            if is_new:
                parent.insertChildren(at, [self._new_item(node) for node in group])
            at += len(group)
            for node in group:
                self._update(node)

    def _new_item(self, node: StudyNode) -> QTreeWidgetItem:
        item = self._items[node.key] = QTreeWidgetItem()
        item.setData(0, KEY, node.key)
        if node.case is not None:
            values = self._thumbnail_of(node.case)
            item.setIcon(0, self._no_picture if values is None else icon_of(values))
            item.setSizeHint(0, QSize(0, PICTURE + 2 * TIGHT))
        elif node.kind in (NodeKind.PATIENT, NodeKind.FOLDER):
            font = self.font()
            font.setWeight(QFont.Weight.DemiBold)
            item.setFont(0, font)
        return item

    def _update(self, node: StudyNode) -> None:
        before = self._nodes.get(node.key)
        if before is node or before == node:
            return
        item = self._items[node.key]
        if before is None or (before.label, before.details) != (node.label, node.details):
            item.setText(0, node.label)
            item.setToolTip(0, node.details)
            if node.kind is NodeKind.FAILED_FILE:
                self._fit_height(item)
        self._nodes[node.key] = node
        if node.children:
            self._fill(item, before.children if before is not None else (), node.children)
            if before is None:
                item.setExpanded(node.kind is not NodeKind.FAILURES)

    def _fit_height(self, item: QTreeWidgetItem) -> None:
        """Let a sentence have as many lines as it needs; the two levels of such a row are indented."""
        item.setSizeHint(0, QSize())  # else it would be the answer
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = QRect(0, 0, self.viewport().width() - 2 * self.indentation(), 1)
        height = self.itemDelegate().sizeHint(option, self.indexFromItem(item)).height()
        item.setSizeHint(0, QSize(0, height))

    def _remove(self, key: tuple[str, ...]) -> None:
        """Take a row away, with those below it."""
        item = self._items[key]
        parent = item.parent() or self.invisibleRootItem()
        parent.removeChild(item)
        self._forget(key)

    def _forget(self, key: tuple[str, ...]) -> None:
        node = self._nodes.pop(key, None)
        self._items.pop(key, None)
        for child in node.children if node is not None else ():
            self._forget(child.key)

    @Slot()
    def _on_view_changed(self) -> None:
        self._visible_timer.start()

    @Slot()
    def _tell_visible(self) -> None:
        numbers: list[int] = []
        item = self.itemAt(0, 0)
        bottom = self.viewport().height()
        while item is not None and self.visualItemRect(item).top() < bottom:
            node = self.node_of(item)
            if node is not None and node.case is not None:
                numbers.append(node.case)
            item = self.itemBelow(item)
        self.visible_changed.emit(numbers)


def _collect_parents(
    parent: tuple[str, ...],
    nodes: tuple[StudyNode, ...],
    parents: dict[tuple[str, ...], tuple[str, ...]],
) -> None:
    for node in nodes:
        parents[node.key] = parent
        _collect_parents(node.key, node.children, parents)


def icon_of(values: Array | None) -> QIcon:
    """A picture (rows, columns, 3) uint8 on a black square; the square alone for None."""
    square = QPixmap(SIDE, SIDE)
    square.fill(Qt.GlobalColor.black)
    if values is not None:
        drawn = QPixmap.fromImage(picture(values)).scaled(
            square.size(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter = QPainter(square)
        painter.drawPixmap((SIDE - drawn.width()) // 2, (SIDE - drawn.height()) // 2, drawn)
        painter.end()
    icon = QIcon(square)
    # Qt would tint the thumbnail of the selected case.
    icon.addPixmap(square, QIcon.Mode.Selected)
    return icon
