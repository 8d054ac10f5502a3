"""What the panel Studies shows: the tree of opened series, with its filter."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.window.states.cases import CasesState
from app.window.states.study_nodes import StudyNode, StudyNodes, failures_node, matching_nodes
from core.policy import policy
from core.readers.protocol import Contents, FailedFile


class StudiesState(QObject):
    """What the panel Studies shows of the opened cases."""

    changed = Signal()

    def __init__(self, cases: CasesState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases = cases
        self._nodes = StudyNodes(cases.identities)
        self._filter = ""
        self._failures: dict[Path, tuple[FailedFile, ...]] = {}
        self.nodes: tuple[StudyNode, ...] = ()
        cases.changed.connect(self._on_cases_changed)
        cases.partly_read.connect(self._on_partly_read)
        cases.looked_into.connect(self._on_looked_into)

    @property
    def filter(self) -> str:
        return self._filter

    @property
    def is_identity_shown(self) -> bool:
        """Whether names, numbers and dates stand in the tree; off at each start without a policy."""
        return self._nodes.is_identity_shown

    @property
    def can_change_identity(self) -> bool:
        """Whether a person may show or hide it; not where an administrator has decided."""
        return not policy().is_forced("identity_display")

    def set_filter(self, text: str) -> None:
        """Show only series in whose labels all these words appear."""
        if text != self._filter:
            self._filter = text
            self._on_cases_changed()

    def set_identity_shown(self, is_shown: bool) -> None:
        """Show patients and studies by name and date, or by number alone."""
        if self.can_change_identity and is_shown != self._nodes.is_identity_shown:
            self._nodes.is_identity_shown = is_shown
            self._on_cases_changed()

    def dismiss(self, node: StudyNode) -> None:
        """Take the row of files that could not be read away."""
        self._failures = {
            folder: failures
            for folder, failures in self._failures.items()
            if failures_node(folder, failures).key != node.key
        }
        self._on_cases_changed()

    @Slot(object, object)
    def _on_partly_read(self, folder: Path, contents: Contents) -> None:
        if contents.failures:
            self._failures[folder] = contents.failures
            self._on_cases_changed()

    @Slot(object)
    def _on_looked_into(self, folder: Path) -> None:
        self._failures.pop(folder, None)

    @Slot()
    def _on_cases_changed(self) -> None:
        opened = self._cases.list.opened
        folders = {case.folder for case in opened}
        # What could not be read leaves with the last series of its folder.
        self._failures = {folder: each for folder, each in self._failures.items() if folder in folders}
        nodes = self._nodes.tree(opened)
        nodes += tuple(failures_node(folder, failures) for folder, failures in self._failures.items())
        words = self._filter.casefold().split()
        if words:
            nodes = matching_nodes(nodes, words)
        if nodes != self.nodes:
            self.nodes = nodes
            self.changed.emit()
