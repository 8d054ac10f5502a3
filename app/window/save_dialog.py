"""The dialog in which a workspace gets its name, its folder, and what it may say of the sources."""

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

from app.texts import workspace as texts
from app.window.theme import GAP, MARGIN
from core.workspace.file import SUFFIX
from core.workspace.making import SavedPrivacy

WIDTH = 520


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
        self.without_paths.setAccessibleDescription(texts.LEAVE_OUT_PATHS_NOTE)
        self.with_identity = QCheckBox(texts.WITH_IDENTITY)
        self.with_identity.setChecked(privacy.has_identity)
        self.with_identity.setAccessibleDescription(texts.WITH_IDENTITY_NOTE)
        self._buttons = QDialogButtonBox()
        self.save = self._buttons.addButton(texts.SAVE, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(texts.CANCEL, QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._show()

    @property
    def path(self) -> Path:
        """With the ending of workspaces."""
        path = Path(self.line.text().strip()).expanduser().absolute()
        return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)

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
        column.addSpacing(GAP)
        column.addWidget(title)
        column.addWidget(_note(texts.CONTENTS))
        for box, note in (
            (self.without_paths, texts.LEAVE_OUT_PATHS_NOTE),
            (self.with_identity, texts.WITH_IDENTITY_NOTE),
        ):
            column.addSpacing(GAP)
            column.addWidget(box)
            column.addWidget(_note(note))
        column.addStretch(1)
        column.addWidget(self._buttons)

    @Slot()
    def _show(self) -> None:
        self.save.setEnabled(bool(self.line.text().strip()))

    @Slot()
    def _browse(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, texts.SAVE_AS, str(self.path), texts.FILTER)
        if path:
            self.line.setText(path)


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("secondary")
    label.setWordWrap(True)
    return label
