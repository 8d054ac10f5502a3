"""The checks of one map: rows to start them, and the steps behind the finding that is looked at."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import checks as texts
from app.window.states.judging import CheckPhase, CheckResult, JudgingState, metrics_of
from app.window.states.maps import MapEntry, MapsState
from app.window.states.shading import Overlay, full_colour
from core.checks import check_named
from core.checks.contract import CheckFamily

# Those of localisation are offered only where there is a region.
ORDER = (CheckFamily.SANITY, CheckFamily.ROBUSTNESS, CheckFamily.LOCALISATION, CheckFamily.FAITHFULNESS)


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


@dataclass(frozen=True, slots=True, eq=False)
class StepPoint:
    """One step behind a finding: its name, its figures, and the map that was made, where there is one."""

    label: str
    figures: dict[str, float]
    overlay: Overlay | None = None


class SanityState(QObject):
    """The checks of the map that is chosen here; the choice follows the map over the image."""

    changed = Signal()
    row_changed = Signal(str)

    def __init__(self, maps: MapsState, judging: JudgingState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maps, self._judging = maps, judging
        self._number = 0
        self.focused = next((one.name for one in metrics_of(*ORDER)), "")
        maps.changed.connect(self._on_maps_changed)
        maps.selected_changed.connect(self._on_selected)
        judging.changed.connect(self._on_check_changed)
        judging.progressed.connect(self._on_progressed)

    @property
    def entries(self) -> tuple[MapEntry, ...]:
        """The finished maps of the shown image."""
        return self._maps.finished

    @property
    def choices(self) -> tuple[tuple[int, str], ...]:
        """Number and name of each map to choose from."""
        return self._maps.choices

    @property
    def entry(self) -> MapEntry | None:
        """The map whose checks are shown."""
        found = next((entry for entry in self.entries if entry.number == self._number), None)
        return found or next(iter(self.entries), None)

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
        return "" if self.entries else texts.SANITY_NEEDS_MAPS

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        """The checks, by family and in the order of CHECKS."""
        located = self._judging.region is not None
        families = [one for one in ORDER if located or one is not CheckFamily.LOCALISATION]
        return tuple(self.row(one.name) for family in families for one in metrics_of(family))

    def row(self, name: str) -> CheckRow:
        chosen, check, entry = check_named(name), self.check(name), self.entry
        obstacle = ""
        if entry is not None and check.state is CheckPhase.OPEN:
            obstacle = self._judging.obstacle(entry, name)
        return CheckRow(
            name=name,
            title=chosen.short_title or chosen.title,
            summary=chosen.summary,
            words=self._words(name, check, entry, obstacle),
            state=check.state,
            answer=(check.finding.answer or "") if check.finding is not None else "",
            share_done=check.share_done,
            obstacle=obstacle,
        )

    def check(self, name: str) -> CheckResult:
        entry = self.entry
        return self._judging.check(entry.number if entry is not None else 0, name)

    def start(self, name: str) -> None:
        """Check the chosen map, and look at it."""
        if self.entry is not None:
            self.focus(name)
            self._judging.start(self.entry.number, name)

    def start_all(self) -> None:
        """Make every check that is not made yet, the cheapest first."""
        entry = self.entry
        if entry is None:
            return
        costs = {row.name: self._judging.cost(entry, row.name) for row in self.rows if not row.obstacle}
        calls = {name: cost.forwards + cost.gradients for name, cost in costs.items() if cost is not None}
        for name in sorted(calls, key=lambda name: calls[name]):
            if self.check(name).state is CheckPhase.OPEN:
                self._judging.start(entry.number, name)

    def cancel(self, name: str) -> None:
        if self.entry is not None:
            self._judging.cancel_check(self.entry.number, name)

    @property
    def sentence(self) -> str:
        """What the focused check found, how far it has come, or what it asks."""
        if not self.focused:
            return ""
        check = self.check(self.focused)
        if check.error is not None:
            return str(check.error)
        if check.finding is not None:
            return check.finding.sentence
        row = self.row(self.focused)
        return row.obstacle or row.summary

    @property
    def figures(self) -> tuple[tuple[str, float], ...]:
        """The focused finding's figures with their names, its headline first."""
        finding = self.check(self.focused).finding if self.focused else None
        if finding is None:
            return ()
        headline = check_named(self.focused).headline
        names = sorted(finding.values, key=lambda name: name != headline)
        return tuple((texts.figure_name(name), finding.values[name]) for name in names)

    @property
    def points(self) -> tuple[StepPoint, ...]:
        """The steps behind the focused finding, as far as they are there."""
        check, entry = (self.check(self.focused), self.entry) if self.focused else (CheckResult(), None)
        if check.finding is None or entry is None:
            return ()
        steps = check.finding.steps
        maps = [*check.maps, *[None] * len(steps)]
        base = self._maps.overlay(entry)
        return tuple(
            StepPoint(
                texts.step_label(step, at),
                {
                    key: value
                    for key, value in step.items()
                    if isinstance(value, float) and key in texts.FIGURES
                },
                replace(base, values=values, full=full_colour(values))
                if base is not None and values is not None
                else None,
            )
            for at, (step, values) in enumerate(zip(steps, maps, strict=False), start=1)
        )

    @property
    def own_overlay(self) -> Overlay | None:
        """The map itself, beside those of the steps."""
        return self._maps.overlay(self.entry) if self.entry is not None else None

    @property
    def series(self) -> tuple[str, ...]:
        """The figures that the steps hold, the headline first."""
        known = {name for point in self.points for name in point.figures}
        headline = check_named(self.focused).headline if self.focused else ""
        return tuple(sorted(known, key=lambda name: (name != headline, list(texts.FIGURES).index(name))))

    def _words(self, name: str, check: CheckResult, entry: MapEntry | None, obstacle: str) -> str:
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
        return texts.check_cost(self._judging.cost(entry, name), self._judging.seconds(entry, name))

    @Slot()
    def _on_maps_changed(self) -> None:
        self.changed.emit()

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

    @Slot()
    def _on_progressed(self) -> None:
        if self.focused:
            self.row_changed.emit(self.focused)
