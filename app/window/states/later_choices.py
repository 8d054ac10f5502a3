"""What a person opens or chooses after a workspace was asked for: it stays, and it is what is shown."""

from PySide6.QtCore import QObject, Slot

from app.window.states.case_list import numbers_of
from app.window.states.cases import CasesState
from app.window.states.folder_listing import Opening


class LaterChoices(QObject):
    """Nothing is shown in place of a later choice when the parts of the workspace arrive.

    is_made: a person has made one.
    """

    def __init__(self, cases: CasesState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases = cases
        self._openings: list[Opening] = []
        self.is_made = False
        cases.choice_made.connect(self._on_choice_made)

    def begin(self) -> None:
        """All that is opened until now comes before the workspace."""
        self._openings.clear()
        self.is_made = False

    def close_earlier(self) -> None:
        """Close all that was opened before the workspace, and list no more of it."""
        cases = self._cases
        cases.listing.drop(without=self._openings)
        later = {number for opening in self._openings for number in opening.numbers}
        earlier = {*numbers_of(cases.list.opened)} - later
        if cases.slices.chosen in earlier and not cases.listing.has_choice:
            self.is_made = False  # what was chosen is among what is closed now
        cases.close(earlier)

    @Slot(object)
    def _on_choice_made(self, openings: tuple[Opening, ...]) -> None:
        self.is_made = True
        self._openings += openings
