"""The dialogs of the Help menu on licences and on the report of a fault; they are not modal."""

import os
from pathlib import Path

from PySide6.QtCore import Qt, QThread, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.texts import support as texts
from app.window.theme import GAP, MARGIN
from core.errors import DiskFull
from core.folders import log_folder
from core.licences import LicencePart, licence_parts
from core.output import make_folder
from core.report_bundle import bundle_texts, readable, write_bundle

SIZE = (820, 560)
LIST_WIDTH = 320


def open_log_folder() -> None:
    """Show the folder of the logs in the system's file manager."""
    make_folder(log_folder())
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


class LicenceReader(QThread):
    """Reads the licences apart from the window: from source it takes a second."""

    read = Signal(object)  # list[tuple[LicencePart, str]]

    def run(self) -> None:
        self.read.emit([(part, part.text) for part in licence_parts()])


class LicencesDialog(QDialog):
    """The parts of the program on the left, the terms of the chosen one on the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.LICENCES)
        self.resize(*SIZE)
        self._parts: list[tuple[LicencePart, str]] = []
        self.list, self.text = QListWidget(), QPlainTextEdit(texts.READING_LICENCES)
        self.list.setAccessibleName(texts.LICENCES_LIST)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.text.setAccessibleName(texts.LICENCE_TEXT)
        self.text.setReadOnly(True)
        self.list.currentRowChanged.connect(self._show)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.list)
        splitter.addWidget(self.text)
        splitter.setSizes([LIST_WIDTH, SIZE[0] - LIST_WIDTH])
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(splitter)
        self._reader = LicenceReader(self)
        self._reader.read.connect(self._fill)
        self._reader.start()
        reader = self._reader
        self.destroyed.connect(lambda *_: reader.wait())

    @Slot(object)
    def _fill(self, parts: list[tuple[LicencePart, str]]) -> None:
        self._parts = parts
        entries = [part.entry for part, _ in parts]
        self.list.addItems([texts.licence_line(each.name, each.version, each.licence) for each in entries])
        self.list.setCurrentRow(0)

    @Slot(int)
    def _show(self, row: int) -> None:
        part, text = self._parts[row]
        self.text.setPlainText("\n\n".join(filter(None, (part.entry.note, text or texts.NO_TEXT))))


class ReportDialog(QDialog):
    """All that a report of a fault would hold, to be read before it is saved."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.BUNDLE)
        self.resize(*SIZE)
        self._texts = bundle_texts()
        note, self.outcome = QLabel(texts.BUNDLE_NOTE), QLabel()
        note.setWordWrap(True)
        self.outcome.setWordWrap(True)
        self.contents = QPlainTextEdit(readable(self._texts))
        self.contents.setReadOnly(True)
        self.contents.setAccessibleName(texts.BUNDLE_CONTENTS)
        self.save, close = QPushButton(texts.SAVE), QPushButton(texts.CLOSE)
        self.save.clicked.connect(self._ask)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.outcome, 1)
        buttons.addWidget(self.save)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        column.addWidget(note)
        column.addWidget(self.contents, 1)
        column.addLayout(buttons)

    def save_to(self, path: Path) -> None:
        """Write what is shown, and say what came of it."""
        try:
            write_bundle(path, self._texts)
        except DiskFull as error:
            self.outcome.setText(str(error))
        else:
            self.outcome.setText(texts.SAVED)

    @Slot()
    def _ask(self) -> None:
        proposed = os.path.join(os.path.expanduser("~"), texts.BUNDLE_NAME)
        path, _ = QFileDialog.getSaveFileName(self, texts.BUNDLE, proposed, texts.BUNDLE_FILTER)
        if path:
            self.save_to(Path(path))
