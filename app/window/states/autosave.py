"""Work that is not saved yet, kept in a private folder of the program in case it ends unexpectedly."""

import os
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_hex

from PySide6.QtCore import QObject, QTimer, Slot

from app.texts import workspace as texts
from app.window.jobs import Job
from app.window.states.preferences import Preferences
from app.window.states.session import Session
from app.window.states.workspace import WorkspaceState
from core.arrays import Array
from core.errors import SaliscopeError
from core.exports.messages import SaveWorkspace, WorkspaceSaved
from core.workspace.file import SUFFIX
from core.workspace.making import SavedPrivacy

# After the first of several changes that follow each other.
PAUSE_MS = 2000
TOPIC = "unsaved work"


class Autosave(QObject):
    """One file for each running window, removed when it ends normally.

    It is named after its process and, since numbers of processes return, by chance.

    What a process left that runs no longer is offered, the newest first, and never opened by itself.
    """

    def __init__(
        self,
        session: Session,
        workspace: WorkspaceState,
        preferences: Preferences,
        folder: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._workspace, self._preferences = session, workspace, preferences
        self._folder = folder
        self.path = folder / f"{os.getpid()}-{token_hex(8)}{SUFFIX}"
        self._job: Job | None = None
        self._restored: Path | None = None
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(PAUSE_MS)
        self._clock.timeout.connect(self.save)
        workspace.results_changed.connect(self._on_results_changed)
        workspace.changed.connect(self._on_workspace_changed)
        workspace.opened.connect(self._on_opened)
        workspace.saved.connect(self._drop_restored)
        preferences.changed.connect(self._on_preferences_changed)
        self.offer()

    @property
    def left(self) -> tuple[Path, ...]:
        """The files of processes that have ended, the newest first."""
        with suppress(OSError):
            files = [path for path in self._folder.glob(f"*{SUFFIX}") if _is_left(path)]
            return tuple(sorted(files, key=_saved_s, reverse=True))
        return ()

    @Slot()
    def offer(self) -> None:
        """Offer the newest file that was left; nothing if there is none."""
        left = self.left
        if left:
            words = texts.unsaved_work(datetime.fromtimestamp(_saved_s(left[0])))
            self._session.notices.offer(TOPIC, words, texts.UNSAVED_HINT, texts.RESTORE, texts.DISCARD_WORK)
        else:
            self._session.notices.clear(TOPIC)

    def restore(self) -> None:
        """Open what was offered, as a workspace that is not saved; it is offered until it is open."""
        left = self.left
        if left:
            self._workspace.open(left[0], is_unsaved=True)

    def discard(self) -> None:
        """Delete what was offered, and offer what else was left."""
        left = self.left
        if left:
            with suppress(OSError):
                left[0].unlink()
        self.offer()

    @Slot()
    def save(self) -> None:
        """Write what is not saved; while an earlier writing runs, after its end."""
        if not self._preferences.values.autosave or not self._workspace.is_changed:
            return
        if self._job is not None or self._workspace.is_busy:
            self._clock.start()
            return
        privacy = SavedPrivacy(has_paths=self._workspace.privacy.has_paths)
        contents = self._workspace.contents(privacy)
        try:
            request, arrays = SaveWorkspace.of(contents.workspace, path=self.path, files=contents.files)
        except SaliscopeError:  # told when a person saves
            return
        self._job = self._session.files.submit(request, arrays, is_background=True)
        self._job.done.connect(partial(self._on_saved, self._restored))
        self._job.failed.connect(self._on_failed)

    def end(self) -> None:
        """The window has ended normally, and the files process with it: nothing is to be restored."""
        self._clock.stop()
        self._remove()
        with suppress(OSError):
            for part in self._folder.glob(f".{self.path.name}.*.part"):  # of a writing that was ended
                part.unlink(missing_ok=True)

    def _remove(self) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    @Slot()
    def _drop_restored(self) -> None:
        """Delete what was restored: all that it held is in another file now."""
        restored, self._restored = self._restored, None
        if restored is not None:
            with suppress(OSError):
                restored.unlink()

    @Slot()
    def _on_results_changed(self) -> None:
        # A change does not put off the saving of the one before.
        if self._preferences.values.autosave and not self._clock.isActive():
            self._clock.start()

    @Slot()
    def _on_workspace_changed(self) -> None:
        if not self._workspace.is_changed:
            self._clock.stop()
            self._remove()

    @Slot(object)
    def _on_opened(self, path: Path) -> None:
        is_restored = self._workspace.path is None and path in self.left
        self._restored = path if is_restored else None
        if is_restored:
            self._session.notices.clear(TOPIC)

    @Slot()
    def _on_preferences_changed(self) -> None:
        if not self._preferences.values.autosave:
            self._clock.stop()
            self._remove()

    def _on_saved(self, restored: Path | None, message: WorkspaceSaved, arrays: list[Array]) -> None:
        """restored: what was open when the writing began, so that all that it held has been written."""
        self._job = None
        if restored == self._restored:
            self._drop_restored()
        if not self._workspace.is_changed or not self._preferences.values.autosave:
            self._remove()

    def _on_failed(self, error: SaliscopeError) -> None:
        self._job = None


def prepare_folder(folder: Path) -> bool:
    """Make the folder, for the user alone, and clean it. Returns whether it is there."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in folder.glob(f".*{SUFFIX}.*.part"):  # of a files process that was killed while it wrote
            number = part.name.split(".")[-2]
            if number.isdigit() and not _is_running(int(number)):
                part.unlink(missing_ok=True)
    return folder.is_dir()


def _is_running(process: int) -> bool:
    import psutil

    return psutil.pid_exists(process)


def _is_left(path: Path) -> bool:
    """Whether the process that wrote the file has ended; its number may have been given to another one."""
    number = path.stem.partition("-")[0]
    if not number.isdigit():
        return False
    import psutil

    try:
        return psutil.Process(int(number)).create_time() > _saved_s(path)
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _saved_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
