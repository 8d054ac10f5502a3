"""The picture and the tables of the window on the clipboard."""

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QTableWidget, QWidget

from app.texts import exports as texts
from app.window.states.image import ImageState

Rows = Sequence[Sequence[str]]


def copy_picture(view: QWidget, state: ImageState) -> None:
    """The view as it is shown, without the title of the case: the name of its file may name the patient."""
    title, state.case_title = state.case_title, ""
    try:
        picture = view.grab()
    finally:
        state.case_title = title
    QGuiApplication.clipboard().setPixmap(picture)


def copy_table(rows: Rows) -> None:
    """A table as text with tabs and as HTML, so that spreadsheets and word processors take it."""
    data = QMimeData()
    data.setText("\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows))
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    data.setHtml(f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>")
    QGuiApplication.clipboard().setMimeData(data)


def table_rows(table: QTableWidget) -> Rows:
    """The headers and the cells of a table; columns without a word are left out."""
    rows = [["", *(_header(table, column) for column in range(table.columnCount()))]]
    for row in range(table.rowCount()):
        heading = table.verticalHeaderItem(row) if table.verticalHeader().isVisibleTo(table) else None
        cells = [heading.text() if heading is not None else ""]
        for column in range(table.columnCount()):
            item = table.item(row, column)
            cells.append(item.text() if item is not None else "")
        rows.append(cells)
    used = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
    return [[row[column] for column in used] for row in rows]


def offer_copying(widget: QWidget, rows_of: Callable[[], Rows]) -> None:
    """Add a context menu to a table that copies it."""
    action = QAction(texts.COPY_TABLE, widget)
    action.triggered.connect(lambda: copy_table(rows_of()))
    widget.addAction(action)
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


def _header(table: QTableWidget, column: int) -> str:
    item = table.horizontalHeaderItem(column)
    return item.text() if item is not None else ""
