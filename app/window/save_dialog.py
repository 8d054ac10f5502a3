"""The dialog in which a workspace gets its name, its folder, and what it may say of the sources."""

import os
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.texts import settings as texts_settings
from app.texts import workspace as texts
from app.window.theme import GAP, MARGIN
from app.window.typed_path import typed_path
from core.policy import policy
from core.workspace.file import SUFFIX
from core.workspace.making import SavedPrivacy

WIDTH = 520
# So many names are tried, lest a slow disk hold up the window; the dialog says what it replaces in any case.
MOST_NUMBERS = 100


class SaveDialog(QDialog):
    """path: where the workspace will lie. privacy: what it may say."""

    def __init__(self, path: Path, privacy: SavedPrivacy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.SAVE_AS)
        self.setMinimumWidth(WIDTH)
        self.line = QLineEdit(str(path))
        self.line.setAccessibleName(texts.FILE)
        self.line.textChanged.connect(self._show)
        self.without_paths = QCheckBox(texts.LEAVE_OUT_PATHS)
        self.without_paths.setChecked(not privacy.has_paths)
        self.without_paths.setEnabled(not policy().is_forced("workspace_paths"))
        self.without_paths.setAccessibleDescription(_paths_note())
        self.with_identity = QCheckBox(texts.WITH_IDENTITY)
        self.with_identity.setChecked(privacy.has_identity)
        self.with_identity.setAccessibleDescription(texts.WITH_IDENTITY_NOTE)
        self._buttons = QDialogButtonBox()
        self.file_note = _note("")
        self.save = self._buttons.addButton(texts.SAVE, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(texts.CANCEL, QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._show()

    @property
    def path(self) -> Path | None:
        """With the ending of workspaces; None if no file can have this name."""
        return typed_path(self.line.text(), SUFFIX)

    @property
    def privacy(self) -> SavedPrivacy:
        """As the boxes are checked."""
        return SavedPrivacy(not self.without_paths.isChecked(), self.with_identity.isChecked())

    def _lay_out(self) -> None:
        browse = QPushButton(texts.BROWSE)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        label = QLabel(texts.FILE)
        label.setBuddy(self.line)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for widget in (label, self.line, browse):
            row.addWidget(widget)
        title = QLabel(texts.OPTIONS)
        title.setObjectName("section")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * MARGIN, 2 * MARGIN, 2 * MARGIN, 2 * MARGIN)
        column.setSpacing(GAP)
        column.addLayout(row)
        column.addWidget(self.file_note)
        column.addSpacing(GAP)
        column.addWidget(title)
        column.addWidget(_note(texts.CONTENTS))
        for box, note in (
            (self.without_paths, _paths_note()),
            (self.with_identity, texts.WITH_IDENTITY_NOTE),
        ):
            column.addSpacing(GAP)
            column.addWidget(box)
            column.addWidget(_note(note))
        column.addStretch(1)
        column.addWidget(self._buttons)

    @Slot()
    def _show(self) -> None:
        path = self.path
        is_replaced = path is not None and os.path.lexists(path)
        self.file_note.setText(texts.REPLACES if is_replaced else "")
        self.save.setText(texts.REPLACE if is_replaced else texts.SAVE)
        self.save.setEnabled(path is not None)

    @Slot()
    def _browse(self) -> None:
        proposed = str(self.path or Path.home())
        path, _ = QFileDialog.getSaveFileName(self, texts.SAVE_AS, proposed, texts.FILTER)
        if path:
            self.line.setText(path)


def free_path(folder: Path, name: str) -> Path:
    """A file of a workspace in the folder that replaces none; numbered from 2 where the name is taken."""
    path, number = folder / f"{name}{SUFFIX}", 2
    while os.path.lexists(path) and number <= MOST_NUMBERS:
        path, number = folder / f"{name} {number}{SUFFIX}", number + 1
    return path


def _paths_note() -> str:
    is_forced = policy().is_forced("workspace_paths")
    note = texts.LEAVE_OUT_PATHS_NOTE
    return f"{note} {texts_settings.SET_BY_ADMINISTRATOR}" if is_forced else note


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("secondary")
    label.setWordWrap(True)
    return label
