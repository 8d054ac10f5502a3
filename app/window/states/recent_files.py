"""The files and folders that were opened last, and the folder in which the next file dialog begins."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.window.states.cases import CasesState
from app.window.states.preferences import Preferences
from core.errors import SaliscopeError, Unreadable
from core.readers.files import is_text
from core.workspace.file import SUFFIX

MOST_FILES = 10


class RecentFiles(QObject):
    """Known while the program runs; kept between starts only if a person has switched that on.

    Names of folders may name a patient. paths: the newest first. folder: of the last file dialog; empty
    before the first one. is_kept: whether they are kept between starts.
    """

    changed = Signal()
    workspace_asked = Signal(object)  # Path of a workspace that is to be opened again

    def __init__(self, cases: CasesState, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases, self._preferences = cases, preferences
        settings = preferences.values
        self.is_kept = settings.keep_recent_files
        self.paths = tuple(map(Path, settings.recent_files)) if self.is_kept else ()
        self.folder = settings.last_folder if self.is_kept else ""
        cases.looked_into.connect(self._on_looked_into)
        cases.failed.connect(self.note_failure)
        preferences.changed.connect(self._on_preferences_changed)
        self._keep()

    def set_kept(self, is_kept: bool) -> None:
        """Keep them between starts; or forget them now, and at each end."""
        self._preferences.change(keep_recent_files=is_kept)

    @property
    def can_change_kept(self) -> bool:
        """Whether a person may choose; not where an administrator has."""
        return not self._preferences.is_forced("keep_recent_files")

    def open(self, path: Path) -> None:
        """Open one of them again; one that is missing is told, and leaves the list."""
        if path.suffix == SUFFIX:
            self.workspace_asked.emit(path)
        else:
            self._cases.open_paths([str(path)])

    def clear(self) -> None:
        """Forget all, also on disk."""
        self.folder = ""
        self._set(())

    def set_folder(self, folder: str) -> None:
        """The next file dialog begins here."""
        if is_text(Path(folder)):
            self.folder = folder
            self._keep()

    def add(self, path: Path) -> None:
        """A file or folder was opened."""
        others = (other for other in self.paths if other != path)
        self._set((path, *others)[:MOST_FILES])

    @Slot(object, object)
    def note_failure(self, path: Path, error: SaliscopeError) -> None:
        """A file or folder could not be opened; one that cannot be read leaves the list."""
        if isinstance(error, Unreadable) and path in self.paths:
            self._set(tuple(other for other in self.paths if other != path))

    @Slot(object)
    def _on_looked_into(self, path: Path) -> None:
        if all(sample.path != path for sample in self._cases.list.samples):
            self.add(path)

    @Slot()
    def _on_preferences_changed(self) -> None:
        is_kept = self._preferences.values.keep_recent_files
        if is_kept != self.is_kept:
            self.is_kept = is_kept
            if not is_kept:
                self.paths, self.folder = (), ""
            self._keep()
            self.changed.emit()

    def _set(self, paths: tuple[Path, ...]) -> None:
        if paths != self.paths:
            self.paths = paths
            self.changed.emit()
        self._keep()

    def _keep(self) -> None:
        """Write them to the settings, or see that the settings hold none."""
        kept = (tuple(map(str, self.paths)), self.folder) if self.is_kept else ((), "")
        settings = self._preferences.values
        if kept != (settings.recent_files, settings.last_folder):
            self._preferences.change(recent_files=kept[0], last_folder=kept[1])
