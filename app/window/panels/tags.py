"""The dialog with the header of the shown slice's file."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.texts import header as texts
from app.texts import window as texts_window
from app.window.states.tags import TagsState
from app.window.theme import GAP, MARGIN
from app.window.widgets.tag_table import TagTable

USUAL_SIZE = (860, 560)


class TagsDialog(QDialog):
    """Stays open beside the image and follows it."""

    def __init__(self, state: TagsState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.TAGS)
        self.resize(*USUAL_SIZE)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(texts.FILTER)
        self.filter.setAccessibleName(texts.FILTER)
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(state.set_filter)
        self.identity = QCheckBox(texts.SHOW_IDENTITY)
        self.identity.setEnabled(state.can_show_identity)
        self.identity.toggled.connect(state.set_identity)
        self.table = TagTable()
        self.line = QLabel()
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.filter, 1)
        row.addWidget(self.identity)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.line)
        state.changed.connect(self._show)
        state.open()
        self._show()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._state.close()
        # Not QDialog's own, which calls reject, ends here again and then refuses to close.
        event.accept()

    def reject(self) -> None:
        """Escape, which hides a dialog without closing it."""
        self.close()

    @Slot()
    def _show(self) -> None:
        state = self._state
        tags = state.tags
        self.table.show_tags(tags)
        if state.error is not None:
            self.line.setText(str(state.error))
        elif state.reading and not state.total:
            self.line.setText(texts_window.READING)
        elif not state.total:
            self.line.setText(texts.NO_TAGS)
        else:
            self.line.setText(texts.listed(len(tags), state.total) if tags else texts.NO_MATCH)
