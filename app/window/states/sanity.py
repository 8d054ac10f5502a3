"""The checks of one map: rows to start them, and the steps behind the finding that is looked at."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import checks as texts
from app.window.states.check_results import UNCHECKED, CheckPhase, CheckResult
from app.window.states.checks import ChecksState, checks_of
from app.window.states.finding_details import FindingDetails
from app.window.states.maps import MapEntry, MapsState, empty_words
from core.checks import check_named
from core.checks.contract import CheckFamily

FIRST = (CheckFamily.SANITY, CheckFamily.ROBUSTNESS, CheckFamily.LOCALISATION)
# Those of localisation are offered only where there is a region.
ORDER = (*FIRST, *(family for family in CheckFamily if family not in FIRST))


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check as it is offered. words: its cost, how far it has come, or what it found, in short."""

    name: str
    title: str
    summary: str
    words: str
    state: CheckPhase
    answer: str
    share_done: float
    obstacle: str = ""


class SanityState(QObject):
    """The checks of the map that is chosen here; the choice follows the map over the image."""

    changed = Signal()
    row_changed = Signal(str)

    def __init__(self, maps: MapsState, checks: ChecksState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maps, self._checks = maps, checks
        self._number = 0
        self.focused = next((check.name for check in checks_of(*ORDER)), "")
        maps.changed.connect(self.changed)
        maps.selected_changed.connect(self._on_selected)
        checks.changed.connect(self._on_check_changed)

    @property
    def choices(self) -> tuple[tuple[int, str], ...]:
        """Number and name of each map to choose from."""
        return self._maps.choices

    @property
    def entry(self) -> MapEntry | None:
        """The map whose checks are shown."""
        chosen = next((entry for entry in self._maps.finished if entry.number == self._number), None)
        return chosen or next(iter(self._maps.finished), None)

    def choose(self, number: int) -> None:
        """Show the checks of another map."""
        if number != self._number:
            self._number = number
            self.changed.emit()

    def focus(self, name: str) -> None:
        """Look at what is behind another check."""
        if name != self.focused:
            self.focused = name
            self.changed.emit()

    @property
    def empty_text(self) -> str:
        """What would fill the panel, or nothing where it is filled."""
        return "" if self._maps.finished else empty_words(self._maps, texts.SANITY_NEEDS_MAPS)

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        """The checks, by family and in the order of CHECKS."""
        has_region = self._checks.region is not None
        families = [family for family in ORDER if has_region or family is not CheckFamily.LOCALISATION]
        return tuple(self.row(check.name) for family in families for check in checks_of(family))

    def row(self, name: str) -> CheckRow:
        chosen, check, entry = check_named(name), self.check(name), self.entry
        obstacle = ""
        if entry is not None and check.state is CheckPhase.OPEN:
            obstacle = self._checks.offers.obstacle(entry, name)
        return CheckRow(
            name=name,
            title=chosen.short_title or chosen.title,
            summary=texts.check_cost_details(chosen.summary, self._checks.offers.cost(entry, name))
            if entry is not None
            else chosen.summary,
            words=_words(self._checks, name, check, entry, obstacle),
            state=check.state,
            answer=(check.finding.answer or "") if check.finding is not None else "",
            share_done=check.share_done,
            obstacle=obstacle,
        )

    def check(self, name: str) -> CheckResult:
        entry = self.entry
        return self._checks.check(entry.number if entry is not None else 0, name)

    def start(self, name: str) -> None:
        """Check the chosen map, and look at it."""
        if self.entry is not None:
            self.focus(name)
            self._checks.start(self.entry.number, name)

    def start_all(self) -> None:
        """Make every check that is not made yet, the cheapest first."""
        entry = self.entry
        if entry is None:
            return
        offers, rows = self._checks.offers, self.rows
        costs = {row.name: offers.cost(entry, row.name) for row in rows if not row.obstacle}
        calls = {name: cost.forwards + cost.gradients for name, cost in costs.items() if cost is not None}
        for name in sorted(calls, key=lambda name: calls[name]):
            if self.check(name).state is CheckPhase.OPEN:
                self._checks.start(entry.number, name)

    def cancel(self, name: str) -> None:
        if self.entry is not None:
            self._checks.cancel_check(self.entry.number, name)

    @property
    def details(self) -> FindingDetails:
        """What is behind the focused check of the shown map."""
        check = self.check(self.focused) if self.focused else UNCHECKED
        obstacle = self.row(self.focused).obstacle if self.focused else ""
        overlay = self._maps.overlay(self.entry) if self.entry is not None else None
        return FindingDetails(self.focused, check, obstacle, overlay)

    @Slot()
    def _on_selected(self) -> None:
        selected = self._maps.selected
        if selected is not None and selected.record is not None:
            self.choose(selected.number)

    @Slot(int, str)
    def _on_check_changed(self, number: int, name: str) -> None:
        if number == 0:
            self.changed.emit()
        elif self.entry is not None and number == self.entry.number:
            self.row_changed.emit(name)


def _words(checks: ChecksState, name: str, check: CheckResult, entry: MapEntry | None, obstacle: str) -> str:
    match check.state:
        case CheckPhase.DONE:
            assert check.finding is not None
            headline = check.finding.values.get(check_named(name).headline)
            return texts.finding_words(check.finding.answer or "", headline)
        case CheckPhase.FAILED:
            return texts.NO_ANSWER
        case CheckPhase.WAITING:
            return texts.WAITING
        case CheckPhase.RUNNING:
            return texts.so_far(check.done, check.total)
    if entry is None or obstacle:
        return texts.NOT_POSSIBLE if obstacle else ""
    return checks.offers.expected_time(entry, name)
