"""A row of widgets that goes on in the next line where it is too wide."""

import math

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


class FlowRow(QLayout):
    """Lays its widgets out like words; it is as high as its lines need.

    is_grid: where they need several lines, these have as equal a number of widgets as possible, in columns.
    """

    def __init__(self, spacing: int, parent: QWidget | None = None, is_grid: bool = False) -> None:
        super().__init__(parent)
        self._is_grid = is_grid
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def insert_widget(self, at: int, widget: QWidget) -> None:
        """Put a widget before the one that is now at this place."""
        self.addChildWidget(widget)
        self._items.insert(at, QWidgetItem(widget))
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, at: int) -> QLayoutItem | None:
        return self._items[at] if 0 <= at < len(self._items) else None

    def takeAt(self, at: int) -> QLayoutItem | None:
        return self._items.pop(at) if 0 <= at < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, is_trial=False)

    def sizeHint(self) -> QSize:
        widths = [item.sizeHint().width() for item in self._items]
        heights = [item.sizeHint().height() for item in self._items]
        return QSize(sum(widths) + self.spacing() * max(len(widths) - 1, 0), max(heights, default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, field: QRect, is_trial: bool) -> int:
        """Put the widgets into `field`, unless this is a trial. Returns the height that they take."""
        x, y, line = field.x(), field.y(), 0
        columns = self._columns(field.width())
        for at, item in enumerate(self._items):
            size = item.sizeHint()
            if columns:
                size.setWidth((field.width() - (columns - 1) * self.spacing()) // columns)
            is_full = at % columns == 0 if columns else x + size.width() > field.x() + field.width()
            if x > field.x() and is_full:
                x, y, line = field.x(), y + line + self.spacing(), 0
            if not is_trial:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, line = x + size.width() + self.spacing(), max(line, size.height())
        return y + line - field.y()

    def _columns(self, width: int) -> int:
        """How many columns the grid has; 0 without a grid, where one line is enough, or none fits."""
        widths = [item.sizeHint().width() for item in self._items]
        total = sum(widths) + self.spacing() * (len(widths) - 1)
        if not self._is_grid or total <= width:
            return 0
        room = (width + self.spacing()) // (max(widths) + self.spacing())
        return 0 if room < 2 else math.ceil(len(widths) / math.ceil(len(widths) / room))
