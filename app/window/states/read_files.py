"""The files of the slices that were read, as they were then, so that no hash of later content is noted."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.window.states.case_list import Case, closed_groups
from app.window.states.position import SlicePosition
from app.window.states.session import Session
from app.window.states.shown import Shown
from core.exports.messages import SourceFile
from core.file_hash import FileState, file_state
from core.images.slice import Slice
from core.readers.slice_choice import ChosenSlice
from core.workspace.sources import source_file


class ReadFiles(QObject):
    """Looks at the file of each slice when it is shown.

    A file that has another state at a later slice was changed while it was open: which of its slices were
    read before is not known, so that it has no state from then on.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._image: Slice | None = None
        self._states: dict[tuple[int, Path], FileState | None] = {}
        session.shown.changed.connect(self._on_shown_changed)
        session.cases.closed.connect(self._on_cases_closed)

    def file_of(self, shown: Shown) -> SourceFile | None:
        """Of a slice that was shown; None before its series is listed."""
        if shown.case is None or shown.case.entry is None:
            return None
        path = source_file(shown.case.entry, chosen_slice(shown.position))
        return SourceFile(path=path, state=self._states.get((shown.case.group, path)))

    @Slot()
    def _on_shown_changed(self) -> None:
        shown = self._session.shown.current
        is_other_image, self._image = shown.image is not self._image, shown.image
        file = self.file_of(shown)
        if shown.case is None or shown.image is None or file is None or not is_other_image:
            return
        key, state = (shown.case.group, file.path), file_state(file.path)
        self._states[key] = state if self._states.get(key, state) == state else None

    @Slot(object)
    def _on_cases_closed(self, cases: tuple[Case, ...]) -> None:
        groups = closed_groups(self._session.cases.list, cases)
        self._states = {key: state for key, state in self._states.items() if key[0] not in groups}


def chosen_slice(position: SlicePosition) -> ChosenSlice:
    """A position as readers know it."""
    return ChosenSlice(axis=position.axis, index=position.index, volume=position.volume)
