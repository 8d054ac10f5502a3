"""Replaying the workspace of the window: it is saved first, and its dialog stays open beside the work."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow, QMessageBox, QWidget

from app.texts import replay as texts
from app.texts import window as texts_window
from app.window.saving import WorkspaceActions
from app.window.states.replay import ReplayState, result_count
from core.models.device import DeviceChoice


class ReplayActions(QObject):
    """What a person does to have the open workspace computed again.

    ask: whether what is not on the disk is saved first. choice: of the device that computes it; that of the
    environment by default.
    """

    changed = Signal()  # whether it runs

    def __init__(
        self, window: QMainWindow, workspace: WorkspaceActions, choice: DeviceChoice | None = None
    ) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        self.state = ReplayState(self, choice.variables if choice is not None else None)
        self.state.changed.connect(self.changed)
        self.ask: Callable[[QWidget], bool] = ask_to_save
        self._waits_for_saving = False
        workspace.state.saved.connect(self._on_saved)
        workspace.state.failed.connect(self._on_not_saved)

    @property
    def can_start(self) -> bool:
        """Whether there is a workspace, and no other one is computed."""
        state = self._workspace.state
        return not self.state.running and not state.is_busy and (state.can_save or state.path is not None)

    @Slot()
    def start(self) -> None:
        """Compute the workspace again; saved first where a person agrees."""
        state = self._workspace.state
        if state.path is not None and not state.is_changed:
            self._replay(state.path)
        elif self.ask(self._window):
            self._waits_for_saving = True
            self._workspace.save()
            self._waits_for_saving = state.is_busy  # not where no name was chosen

    @Slot()
    def _on_saved(self) -> None:
        path = self._workspace.state.path
        if self._waits_for_saving and path is not None:
            self._waits_for_saving = False
            self._replay(path)

    @Slot()
    def _on_not_saved(self) -> None:
        self._waits_for_saving = False

    def _replay(self, path: Path) -> None:
        from app.window.panels.replay import ReplayDialog

        state = self._workspace.state
        self.state.start(path, result_count(state.contents(state.privacy).workspace.document))
        ReplayDialog(self.state, self._window).show()


def ask_to_save(parent: QWidget) -> bool:
    """Ask whether the workspace is saved, so that it can be computed again."""
    box = save_question(parent)
    box.exec()
    box.deleteLater()
    return box.buttonRole(box.clickedButton()) is QMessageBox.ButtonRole.AcceptRole


def save_question(parent: QWidget) -> QMessageBox:
    """The dialog with the question, not displayed yet."""
    box = QMessageBox(QMessageBox.Icon.Question, texts_window.APP, texts.SAVE_FIRST, parent=parent)
    box.setInformativeText(texts.SAVE_FIRST_DETAILS)
    box.setOption(QMessageBox.Option.DontUseNativeDialog)
    box.setDefaultButton(box.addButton(texts.SAVE, QMessageBox.ButtonRole.AcceptRole))
    box.setEscapeButton(box.addButton(texts.CANCEL, QMessageBox.ButtonRole.RejectRole))
    return box
