"""Exporting in the window: its dialog, and the folder of what was written."""

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMainWindow

from app.window.panels.export import ExportDialog
from app.window.states.export import ExportState
from app.window.states.session import Session
from app.window.states.workspace import WorkspaceState


class ExportActions(QObject):
    """What a person does with exports of the shown case."""

    def __init__(self, window: QMainWindow, session: Session, workspace: WorkspaceState) -> None:
        super().__init__(window)
        self._window = window
        self.state = ExportState(workspace.contents, session.files, session.notices, self)

    @Slot()
    def open_dialog(self) -> None:
        """Ask for a form and a file, unless there is nothing to export."""
        if self.state.prepare():
            ExportDialog(self.state, self._window).open()

    def show_folder(self) -> None:
        """Open the folder of the last export in the program for folders."""
        if self.state.written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.state.written[0].parent)))
