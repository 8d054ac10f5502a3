"""Saving, opening and closing of workspaces in the window: its dialogs and its questions."""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow, QMessageBox, QWidget

from app.texts import window as texts_window
from app.texts import workspace as texts
from app.window.save_dialog import SaveDialog, free_path
from app.window.states import autosave
from app.window.states.autosave import Autosave
from app.window.states.session import Session
from app.window.states.workspace import WorkspaceState
from core.workspace.file import SUFFIX
from core.workspace.making import SavedPrivacy


class UnsavedAnswer(Enum):
    """What becomes of results that are not saved."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


AskUnsaved = Callable[[QWidget], UnsavedAnswer]
AskPlace = Callable[[Path, SavedPrivacy, QWidget], tuple[Path, SavedPrivacy] | None]


class WorkspaceActions(QObject):
    """What a person does with the workspace of a window.

    ask: before results that are not saved are lost; None where nobody is there to be asked. ask_place: for
    the name of the file. autosave: None where nothing is kept.
    """

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self.state = WorkspaceState(session, self)
        self.ask: AskUnsaved | None = None
        self.ask_place: AskPlace = ask_place
        self.autosave: Autosave | None = None
        self._after_saving: Callable[[], object] | None = None
        recent = session.recent_files
        recent.workspace_asked.connect(self.open)
        self.state.when_kept = self._when_kept
        self.state.opened.connect(self._on_opened)
        self.state.saved.connect(self._on_saved)
        self.state.failed.connect(self._on_failed)

    def keep_unsaved(self, folder: Path) -> None:
        """Keep what is not saved in a private folder, and offer what an earlier run left there."""
        if autosave.prepare_folder(folder):
            session = self._session
            self.autosave = Autosave(session, self.state, session.preferences, folder, self)

    def open_paths(self, paths: Sequence[str]) -> None:
        """Open the first one of the workspaces, and images and folders beside it."""
        workspaces = [path for path in paths if path.lower().endswith(SUFFIX)]
        images = [path for path in paths if path not in workspaces]
        if not workspaces:
            self._session.cases.open_paths(images)
            return
        workspace = Path(workspaces[0]).expanduser().absolute()

        def open_all() -> None:
            self.state.open(workspace)
            self._session.cases.open_paths(images)

        self._when_kept(open_all)

    @Slot(object)
    def open(self, path: Path) -> None:
        """Open a workspace in place of what is open."""
        self._when_kept(lambda: self.state.open(path))

    @Slot()
    def save(self) -> None:
        """Save under the present name; without one, ask for it."""
        if self.state.path is not None:
            self.state.save(self.state.path, self.state.privacy)
        else:
            self.save_as()

    @Slot()
    def save_as(self) -> None:
        """Ask for a name and save."""
        state = self.state
        place = self.ask_place(self._proposed_path(), state.privacy, self._window)
        if place is not None:
            state.save(*place)
        else:
            self._after_saving = None

    def restore_unsaved(self) -> None:
        """Open what an earlier run left, in place of what is open."""
        if self.autosave is not None:
            self._when_kept(self.autosave.restore)

    def may_close(self) -> bool:
        """Whether the window may close now; if results are saved first, it is closed after that."""
        return self._may_go_on(self._window.close)

    def end(self) -> None:
        """The window is closed, and the files process has ended."""
        if self.autosave is not None:
            self.autosave.end()

    def _when_kept(self, go_on: Callable[[], object]) -> None:
        """Go on, after saving if a person says so; what changes until then is asked about again."""
        if self._may_go_on(partial(self._when_kept, go_on)):
            go_on()

    def _may_go_on(self, after_saving: Callable[[], object]) -> bool:
        """after_saving: must ask again, as there may be further results by then."""
        answer = UnsavedAnswer.DISCARD
        if self.state.is_changed and self.ask is not None:
            answer = self.ask(self._window)
        if answer is UnsavedAnswer.SAVE:
            self._after_saving = after_saving
            self.save()
        elif answer is UnsavedAnswer.DISCARD:
            self._after_saving = None
        return answer is UnsavedAnswer.DISCARD

    def _proposed_path(self) -> Path:
        if self.state.path is not None:
            return self.state.path
        folder = self._session.recent_files.folder or str(Path.home())
        return free_path(Path(folder), texts.PROPOSED_NAME)

    @Slot(object)
    def _on_opened(self, path: Path) -> None:
        if self.state.path is not None:
            self._session.recent_files.add(path)

    @Slot()
    def _on_saved(self) -> None:
        if self.state.path is not None:
            self._session.recent_files.add(self.state.path)
        go_on, self._after_saving = self._after_saving, None
        if go_on is not None:
            go_on()

    @Slot(object, object)
    def _on_failed(self, path: Path, error: object) -> None:
        self._after_saving = None


def ask_unsaved(parent: QWidget) -> UnsavedAnswer:
    """Ask whether results are saved; Escape keeps everything open."""
    box, buttons = unsaved_question(parent)
    box.exec()
    answer = buttons.get(box.clickedButton(), UnsavedAnswer.CANCEL)
    box.deleteLater()
    return answer


def unsaved_question(parent: QWidget) -> tuple[QMessageBox, dict[object, UnsavedAnswer]]:
    """The dialog with the question, not displayed yet, and what its buttons answer."""
    box = QMessageBox(QMessageBox.Icon.Question, texts_window.APP, texts.QUESTION, parent=parent)
    box.setInformativeText(texts.QUESTION_DETAILS)
    box.setOption(QMessageBox.Option.DontUseNativeDialog)
    save = box.addButton(texts.SAVE, QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(texts.DISCARD, QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(texts.CANCEL, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    answers: dict[object, UnsavedAnswer] = {
        save: UnsavedAnswer.SAVE,
        discard: UnsavedAnswer.DISCARD,
        cancel: UnsavedAnswer.CANCEL,
    }
    return box, answers


def ask_place(path: Path, privacy: SavedPrivacy, parent: QWidget) -> tuple[Path, SavedPrivacy] | None:
    """Where a workspace is saved and what it may say; None if it is not saved."""
    dialog = SaveDialog(path, privacy, parent)
    is_accepted = dialog.exec() == SaveDialog.DialogCode.Accepted
    chosen = dialog.path if is_accepted else None
    place = (chosen, dialog.privacy) if chosen is not None else None
    dialog.deleteLater()
    return place
