"""What the panel Studies shows: the tree of opened series, with its filter."""

from PySide6.QtCore import QObject, Signal, Slot

from app.window.states.cases import CasesState
from app.window.states.study_nodes import StudyNode, StudyNodes, matching_nodes


class StudiesState(QObject):
    """What the panel Studies shows of the opened cases."""

    changed = Signal()

    def __init__(self, cases: CasesState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases = cases
        self._nodes = StudyNodes(cases.identities)
        self._filter = ""
        self.nodes: tuple[StudyNode, ...] = ()
        cases.changed.connect(self._on_cases_changed)

    @property
    def filter(self) -> str:
        return self._filter

    @property
    def is_identity_shown(self) -> bool:
        """Whether names, numbers and dates stand in the tree; off at each start."""
        return self._nodes.is_identity_shown

    def set_filter(self, text: str) -> None:
        """Show only series in whose labels all these words appear."""
        if text != self._filter:
            self._filter = text
            self._on_cases_changed()

    def set_identity_shown(self, is_shown: bool) -> None:
        """Show patients and studies by name and date, or by number alone."""
        if is_shown != self._nodes.is_identity_shown:
            self._nodes.is_identity_shown = is_shown
            self._on_cases_changed()

    @Slot()
    def _on_cases_changed(self) -> None:
        nodes = self._nodes.tree(self._cases.list.opened)
        words = self._filter.casefold().split()
        if words:
            nodes = matching_nodes(nodes, words)
        if nodes != self.nodes:
            self.nodes = nodes
            self.changed.emit()
