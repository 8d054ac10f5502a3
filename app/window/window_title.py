"""The title of the window: the name of its workspace, and a mark while results are not saved."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from app.texts import window as texts_window
from app.texts import workspace as texts
from app.window.states.workspace import WorkspaceState


class WindowTitle(QObject):
    """Keeps the title of a window as its workspace is."""

    def __init__(self, window: QMainWindow, workspace: WorkspaceState) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        for signal in (workspace.changed, workspace.opened, workspace.saved):
            signal.connect(self._show)

    @Slot()
    def _show(self, *_: object) -> None:
        name = self._workspace.name
        self._window.setWindowTitle(texts.title(name, texts_window.APP) if name else texts_window.APP)
        self._window.setWindowModified(bool(name) and self._workspace.is_changed)
