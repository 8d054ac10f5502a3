"""Cases of an opened workspace: which of them is shown, and their results are put back with their slices."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import workspace as texts
from app.window.states.case_restoring import restore_results
from app.window.states.held_cases import HeldCases
from app.window.states.later_choices import LaterChoices
from app.window.states.saved_cases import HeldCase
from app.window.states.session import Session
from app.window.states.source_search import SourceSearch, SourceState, WaitingCase
from core.images.grid_map import GridMap
from core.workspace.document import SavedView
from core.workspace.workspace import Workspace

MODELS, GRIDS = "models of the workspace", "grids of the workspace"


class ReopenedCases(QObject):
    """Opens the images of a workspace, and puts the results of each slice back when it is shown."""

    changed = Signal()

    def __init__(self, session: Session, held: HeldCases, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._held = session, held
        self._view = SavedView()
        self._has_shown = False
        self.choices = LaterChoices(session.cases, self)
        self.search = SourceSearch(session, self)
        self.search.changed.connect(self.changed)
        self.search.compared.connect(self._on_compared)
        session.shown.changed.connect(self._on_shown_changed)
        session.impressions.released.connect(self._on_shown_changed)

    @property
    def waiting(self) -> list[WaitingCase]:
        """The cases whose results have not been put back, which are saved as they were opened."""
        return self.search.waiting

    @property
    def held(self) -> tuple[HeldCase, ...]:
        """The waiting cases, as they are saved again."""
        return tuple(HeldCase(waiting.data, waiting.number) for waiting in self.waiting)

    @property
    def has_missing_folder(self) -> bool:
        """Whether the first source to be located is a folder, not a file."""
        missing = self.search.in_state(SourceState.MISSING, SourceState.CHANGED)
        return bool(missing) and missing[0].data.case.source.name != missing[0].name

    @property
    def missing_case(self) -> WaitingCase | None:
        """The one whose image is missing or has changed; that of the view before others."""
        missing = self.search.in_state(SourceState.MISSING, SourceState.CHANGED)
        of_view = (each for each in missing if each.data.case.id == self._view.case)
        return next(of_view, missing[0] if missing else None)

    def open(self, workspace: Workspace, folder: Path) -> None:
        """Look for the sources of all cases. folder: of the workspace's file."""
        self._view, self._has_shown = workspace.document.view, False
        self.search.begin(workspace.cases, folder)
        self._session.notices.clear(GRIDS)
        self._tell_models()

    def locate(self, path: Path) -> None:
        """Look for the missing and changed sources in a file or folder that a person named."""
        self.choices.begin()
        self.search.locate(path)

    @Slot(object)
    def _on_compared(self, cases: tuple[WaitingCase, ...]) -> None:
        for waiting in cases:
            record = waiting.data.case.look_first
            if waiting.state is SourceState.READY and record is not None:
                self._held.take_record(waiting.number, record)
        self._show_first(cases)

    def _show_first(self, cases: Iterable[WaitingCase]) -> None:
        """Show the case of the view; another one if its source is missing, none if a person chose since."""
        if self.choices.is_made:
            self._on_shown_changed()
            return
        view = next((each for each in self.waiting if each.data.case.id == self._view.case), None)
        ready = [each for each in cases if each.state is SourceState.READY]
        if view is not None and view.state is SourceState.READY:
            first: WaitingCase | None = view
        elif view is None or view.state in (SourceState.MISSING, SourceState.CHANGED):
            first = ready[0] if ready else None
        else:
            first = None
        if first is not None and not self._has_shown:
            self._has_shown = True
            self._session.cases.show(first.number, first.position)

    @Slot()
    def _on_shown_changed(self) -> None:
        """Put back what waits for the shown slice.

        Where a person named neither slice nor model, those are chosen that have results.
        """
        session, shown = self._session, self._session.shown.current
        if shown.case is None or shown.image is None or shown.card is None:
            return
        ready, slices = self.search.in_state(SourceState.READY), session.cases.slices
        of_case = [each for each in ready if each.number == shown.case.number]
        here = [each for each in of_case if each.position == shown.position]
        matches = [each for each in here if each.model == shown.card.id]
        if matches:
            if not session.impressions.holds_back(shown):
                self._restore_all(matches, shown.grid_map)
        elif here and not here[0].is_offered:
            here[0].is_offered = True
            session.prediction.choose(here[0].model)
        elif of_case and not here and slices.is_at_start and slices.chosen == shown.case.number:
            session.cases.show(of_case[0].number, of_case[0].position)

    def _restore_all(self, matches: Iterable[WaitingCase], grid_map: GridMap | None) -> None:
        """Put back those whose maps lie on the network's grid as it is now; the others keep waiting."""
        other_grids = []
        for match in matches:
            if grid_map is None or not match.data.case.grid.is_like(grid_map):
                other_grids.append(match.name)
            elif match in self.waiting:  # what is put back may show another slice
                self._restore(match)
        names = tuple(dict.fromkeys(other_grids))
        self._session.notices.warn(GRIDS, (texts.other_grids(names),) if names else ())

    def _restore(self, waiting: WaitingCase) -> None:
        self.waiting.remove(waiting)
        # Without a view, as from the command line, the first map of each case is laid over its image.
        is_view = self._view.case in ("", waiting.data.case.id)
        self._held.is_restoring = True
        try:
            origin = restore_results(self._session, waiting.data, self._view if is_view else None)
            self._held.take(origin, waiting.number)
        finally:
            self._held.is_restoring = False
        self.changed.emit()

    def _tell_models(self) -> None:
        """Say which models are not installed, and which are not those of the results any more."""
        cards = {card.id: card for card in self._session.prediction.cards}
        models = {each.model: each.data.case.image.model for each in self.waiting}
        absent = tuple(name for name in models if name not in cards)
        other = tuple(
            name
            for name, model in models.items()
            if name in cards and cards[name].weights_sha256 != model.weights_sha256
        )
        sentences = [texts.no_models(absent)] if absent else []
        sentences += [texts.other_models(other)] if other else []
        self._session.notices.warn(MODELS, tuple(sentences))
