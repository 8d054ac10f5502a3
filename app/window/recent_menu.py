"""The menu of the files that were opened last."""

from collections import Counter
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.texts import window as texts
from app.window.states.recent_files import RecentFiles


class RecentMenu(QMenu):
    """Filled whenever the list changes; its last entries clear the list and keep it between starts."""

    def __init__(self, recent: RecentFiles, parent: QWidget | None = None) -> None:
        super().__init__(texts.RECENT, parent)
        self._recent = recent
        recent.changed.connect(self._fill)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        self.clear()
        paths = self._recent.paths
        counts = Counter(path.name for path in paths)
        for number, path in enumerate(paths, 1):
            folder = path.parent.name if counts[path.name] > 1 else ""
            action = self.addAction(texts.recent_file(number, path.name, folder))
            action.triggered.connect(partial(self._recent.open, path))
        if not paths:
            self.addAction(texts.NO_RECENT).setEnabled(False)
        self.addSeparator()
        keep = self.addAction(texts.KEEP_RECENT)
        keep.setCheckable(True)
        keep.setChecked(self._recent.is_kept)
        keep.setEnabled(self._recent.can_change_kept)
        keep.triggered.connect(self._recent.set_kept)
        clear = self.addAction(texts.CLEAR_RECENT)
        clear.setEnabled(bool(paths))
        clear.triggered.connect(self._recent.clear)
