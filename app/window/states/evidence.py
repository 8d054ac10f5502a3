"""What is known of each map's worth, as a few short answers beside it."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import checks as texts
from app.window.states.curves import CurvesState
from app.window.states.judging import CheckPhase, JudgingState
from app.window.states.maps import MapEntry, MapsState
from core.checks import CHECKS
from core.checks.completeness import completeness_answer
from core.checks.contract import Check, CheckFamily

State = Literal["yes", "partly", "no", "undecided", "unknown", "running", "failed"]
# The checks whose answers stand beside a map, by the key of their chip.
CHIP_CHECKS: dict[str, Check] = {check.chip.key: check for check in CHECKS if check.chip is not None}
# Curves are drawn unasked if they are expected to take no longer. That is several times what they
# take: they are forward passes, expected at the pace of the last map, whose graph may have been traced first.
CURVES_S = 600.0


@dataclass(frozen=True, slots=True)
class Chip:
    """One short answer. tip: the finding's sentence. can_run: a click checks it."""

    question: str
    state: State
    words: str
    tip: str
    can_run: bool = False


class EvidenceState(QObject):
    """The chips of every finished map; unknown ones can be asked for."""

    changed = Signal(int)  # the map's number; 0 for all of them

    def __init__(
        self, maps: MapsState, curves: CurvesState, judging: JudgingState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._maps, self._curves, self._judging = maps, curves, judging
        judging.unasked_metrics = tuple(check.name for check in CHIP_CHECKS.values())
        judging.changed.connect(self._on_check_changed)
        judging.spare_time.connect(self._on_spare_time)
        curves.changed.connect(self._on_curves_changed)
        curves.known_changed.connect(self._on_curves_changed)

    def chips(self, number: int) -> tuple[Chip, ...]:
        """The answers on one map, the dearest last; none while it is not finished."""
        entry = self._maps.entry(number)
        if entry is None or entry.record is None:
            return ()
        found = [self._random(entry), *(self._checked(entry, question) for question in CHIP_CHECKS)]
        return tuple(chip for chip in (*found, _complete(entry)) if chip is not None)

    @property
    def shown(self) -> tuple[Chip, ...]:
        """The answers on the map over the image."""
        selected = self._maps.selected
        return self.chips(selected.number) if selected is not None else ()

    def ask_shown(self, question: str) -> None:
        """Check the map over the image."""
        if self._maps.selected is not None:
            self.ask(self._maps.selected.number, question)

    def ask(self, number: int, question: str) -> None:
        """Check what is not known yet."""
        if question == "random":
            self._curves.start_cells()
        elif question in CHIP_CHECKS:
            self._judging.start(number, CHIP_CHECKS[question].name)

    def _random(self, entry: MapEntry) -> Chip | None:
        if entry.method == "random":
            return None
        score = self._curves.score_of(entry)
        if score is not None and score.better_than_random is not None:
            state: State = score.better_than_random
            return Chip(
                "random",
                state,
                texts.chip_words("random", state),
                texts.better_than_random(entry.title, score),
            )
        if self._curves.judges(entry):
            tip = texts.CHIP_EXPLAINED["random"]
            return Chip("random", "running", texts.chip_words("random", "running"), tip)
        undefined, obstacle = self._curves.undefined_for(entry), self._curves.obstacle(entry)
        error = self._curves.failure_of(entry)
        if undefined or error is not None:
            # What the image does not have, no second try will find.
            can = not undefined and not obstacle
            tip = texts.chip_failed(undefined or str(error), can)
            return Chip("random", "failed", texts.chip_words("random", "failed"), tip, can)
        tip = texts.chip_unknown("random", None, not obstacle, obstacle)
        return Chip("random", "unknown", texts.chip_words("random", "unknown"), tip, not obstacle)

    def _checked(self, entry: MapEntry, question: str) -> Chip | None:
        name = CHIP_CHECKS[question].name
        if CHIP_CHECKS[question].family is CheckFamily.LOCALISATION and self._judging.region is None:
            return None
        check = self._judging.check(entry.number, name)
        if check.state is CheckPhase.DONE and check.finding is not None:
            state: State = check.finding.answer or "undecided"
            words = texts.chip_words(question, state, check.finding.values)
            return Chip(question, state, words, check.finding.sentence)
        if check.under_way:
            tip = check.finding.sentence if check.finding is not None else texts.CHIP_EXPLAINED[question]
            return Chip(question, "running", texts.chip_words(question, "running"), tip)
        obstacle = self._judging.obstacle(entry, name)
        if check.state is CheckPhase.FAILED:
            tip = texts.chip_failed(str(check.error), not obstacle)
            return Chip(question, "failed", texts.chip_words(question, "failed"), tip, not obstacle)
        tip = texts.chip_unknown(question, self._judging.seconds(entry, name), not obstacle, obstacle)
        return Chip(question, "unknown", texts.chip_words(question, "unknown"), tip, not obstacle)

    @Slot()
    def _on_spare_time(self) -> None:
        """No check is left to be made unasked: curves, the dearest, come last."""
        cost = self._curves.unasked_cost
        seconds = self._judging.seconds_of(cost) if cost is not None else None
        if seconds is not None and seconds <= CURVES_S:
            self._curves.start_unasked()

    @Slot(int, str)
    def _on_check_changed(self, number: int, name: str) -> None:
        self.changed.emit(number)

    @Slot()
    def _on_curves_changed(self) -> None:
        self.changed.emit(0)


def _complete(entry: MapEntry) -> Chip | None:
    """Nothing for a map without signal, or where the score does not rise: the error is relative to that."""
    diagnostics = entry.record.diagnostics if entry.record is not None and not entry.record.no_order else {}
    answer = completeness_answer(diagnostics)
    if answer is None:
        return None
    words = texts.chip_words("complete", answer)
    return Chip("complete", answer, words, texts.completeness(diagnostics["completeness_error"]))
