"""Exporting in the window: its dialog, and the folder of what was written."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMainWindow

from app.window.states.session import Session
from app.window.states.workspace import WorkspaceState

if TYPE_CHECKING:
    from app.window.states.export import ExportState


class ExportActions(QObject):
    """What a person does with exports of the shown case. Exporters are loaded when they are first used."""

    progressed = Signal()  # an export begun, ended

    def __init__(self, window: QMainWindow, session: Session, workspace: WorkspaceState) -> None:
        super().__init__(window)
        self._window, self._session, self._workspace = window, session, workspace
        self._state: ExportState | None = None

    @property
    def state(self) -> "ExportState":
        """What is exported and how it went."""
        if self._state is None:
            from app.window.states.export import ExportState

            session = self._session
            self._state = ExportState(self._workspace.contents, session.files, session.notices, self)
            self._state.progressed.connect(self.progressed)
        return self._state

    @property
    def running(self) -> bool:
        """Whether files are being written."""
        return self._state is not None and self._state.running

    @Slot()
    def open_dialog(self) -> None:
        """Ask for a form and a file, unless there is nothing to export."""
        from app.window.panels.export import ExportDialog

        if self.state.prepare():
            ExportDialog(self.state, self._window).open()

    def show_folder(self) -> None:
        """Open the folder of the last export in the program for folders."""
        if self.state.written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.state.written[0].parent)))
