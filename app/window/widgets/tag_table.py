"""The elements of a header as a table, which is drawn as far as it is seen."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.texts import header as texts
from core.readers.header_tags import Tag

INDENT = "    "
_FIRST_WIDTHS = (160, 60, 260)


class TagTable(QTableView):
    """Tag, type, name and value; elements within sequences are indented."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _TagRows(self)
        self.setModel(self._rows)
        self.setAccessibleName(texts.TAGS)
        self.verticalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate(_FIRST_WIDTHS):
            self.setColumnWidth(column, width)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setWordWrap(False)
        self.setShowGrid(False)

    def show_tags(self, tags: tuple[Tag, ...]) -> None:
        """Show these elements instead of the earlier ones."""
        self._rows.show_tags(tags)


class _TagRows(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tags: tuple[Tag, ...] = ()

    def show_tags(self, tags: tuple[Tag, ...]) -> None:
        self.beginResetModel()
        self._tags = tags
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._tags)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(texts.TAG_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return texts.TAG_COLUMNS[section]

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        tag = self._tags[index.row()]
        return (INDENT * tag.level + tag.tag, tag.vr, tag.name, tag.value)[index.column()]
