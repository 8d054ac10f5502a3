"""What the buttons of the notices above the image do."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from app.texts import workspace as texts
from app.window.exporting import ExportActions
from app.window.saving import WorkspaceActions
from app.window.states import autosave, source_search
from app.window.states.announcements import WORKER
from app.window.states.notices import EXPORT_TOPIC
from app.window.states.session import Session


class NoticeSteps(QObject):
    """Carries out the step that a notice offers, named by the topic of the notice."""

    def __init__(
        self, window: QMainWindow, session: Session, workspace: WorkspaceActions, exporting: ExportActions
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._workspace, self._exporting = workspace, exporting

    @Slot(str)
    def take_step(self, topic: str) -> None:
        """Do what a notice offers first."""
        if topic == WORKER:
            self._session.worker.restart()
        elif topic == EXPORT_TOPIC:
            self._exporting.show_folder()
        elif topic in (source_search.MISSING, source_search.CHANGED):
            self._locate()
        elif topic == autosave.TOPIC:
            self._workspace.restore_unsaved()

    @Slot(str)
    def take_alternative(self, topic: str) -> None:
        """Do what a notice offers in place of the first step."""
        if topic == autosave.TOPIC and self._workspace.autosave is not None:
            self._workspace.autosave.discard()

    def _locate(self) -> None:
        """Ask for the file or folder in which the missing images of the workspace lie."""
        reopened, folder = self._workspace.state.reopened, self._session.recent_files.folder
        if reopened.has_missing_folder:
            path = QFileDialog.getExistingDirectory(self._window, texts.LOCATE_FOLDER, folder)
        else:
            path, _ = QFileDialog.getOpenFileName(self._window, texts.LOCATE_FILE, folder)
        if path:
            reopened.locate(Path(path))
