"""What is known of each map's worth, as a few short answers beside it."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import evidence as texts
from app.window.states.check_results import CheckPhase
from app.window.states.curves import CurvesState
from app.window.states.judging import JudgingState
from app.window.states.maps import MapEntry, MapsState
from app.window.states.prediction import PredictionState
from core.checks import CHECKS
from core.checks.contract import Finding
from core.methods.path.integrated_gradients import SMALLEST_RISE

Question = Literal["random", "weights", "repeatable", "region", "complete"]
Answer = Literal["yes", "partly", "no", "undecided", "unknown", "running", "failed"]
# The questions that a check answers, by its name.
CHECK_OF: dict[str, str] = {
    "weights": "randomisation_cascading",
    "repeatable": "repeatability",
    "region": "energy_inside",
}
CHECK_NAMES = frozenset(check.name for check in CHECKS)
QUESTIONS: tuple[Question, ...] = ("weights", "repeatable", "region")
# Where a check gives a figure and no answer: from the first on it is a yes, from the second on in part.
# Evidence inside counts by how much denser it is there than on an even map.
ANSWERED_FROM: dict[str, tuple[str, float, float]] = {
    "repeatable": ("spearman", 0.9, 0.6),
    "region": ("density", 2.0, 1.2),
}
# A completeness error below the first is exact for every purpose; up to the second it is told.
ADDS_UP, NEARLY = 0.05, 0.2


@dataclass(frozen=True, slots=True)
class Chip:
    """One short answer. tip: the finding's sentence. can_run: a click checks it."""

    question: Question
    state: Answer
    words: str
    tip: str
    can_run: bool = False


class EvidenceState(QObject):
    """The chips of every finished map; unknown ones can be asked for."""

    changed = Signal(int)  # the map's number; 0 for all of them

    def __init__(
        self,
        prediction: PredictionState,
        maps: MapsState,
        curves: CurvesState,
        judging: JudgingState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._prediction, self._maps, self._curves, self._judging = prediction, maps, curves, judging
        judging.background_checks = tuple(name for name in CHECK_OF.values() if name in CHECK_NAMES)
        judging.changed.connect(self._on_check_changed)
        curves.changed.connect(self._on_curves_changed)
        curves.evidence_changed.connect(self._on_curves_changed)

    def chips(self, number: int) -> tuple[Chip, ...]:
        """The answers on one map, the dearest last; none while it is not finished."""
        entry = self._maps.entry(number)
        if entry is None or entry.record is None:
            return ()
        checked = [self._checked(entry, question) for question in QUESTIONS]
        chips = (self._random(entry), *checked, _complete(entry))
        return tuple(chip for chip in chips if chip is not None)

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
            self._curves.start_with("cells")
        elif question in CHECK_OF:
            self._judging.start(number, CHECK_OF[question])

    def _random(self, entry: MapEntry) -> Chip | None:
        if entry.method == "random":
            return None
        store, question = self._curves.store, (self._maps.key, entry, self._prediction.class_name)
        score = store.score_of(*question)
        if score is not None and score.better_than_random is not None:
            state: Answer = score.better_than_random
            return Chip(
                "random", state, texts.chip_words("random", state), texts.beats_random(entry.title, score)
            )
        if self._curves.judges(entry):
            tip = texts.CHIP_EXPLAINED["random"]
            return Chip("random", "running", texts.chip_words("random", "running"), tip)
        undefined, obstacle = store.undefined_for(*question), self._curves.obstacle(entry)
        error = store.failure_of(*question)
        if undefined or error is not None:
            # What the image does not have, no second try will find.
            can_run = not undefined and not obstacle
            tip = texts.chip_failed(undefined or str(error), can_run)
            return Chip("random", "failed", texts.chip_words("random", "failed"), tip, can_run)
        tip = texts.chip_unknown("random", None, not obstacle, obstacle)
        return Chip("random", "unknown", texts.chip_words("random", "unknown"), tip, not obstacle)

    def _checked(self, entry: MapEntry, question: Question) -> Chip | None:
        name = CHECK_OF[question]
        if name not in CHECK_NAMES:
            return None
        if question == "region" and self._judging.region is None:
            return None
        check = self._judging.check(entry.number, name)
        if check.state is CheckPhase.DONE and check.finding is not None:
            state: Answer = check.finding.answer or _answered(question, check.finding)
            return Chip(question, state, _words(question, state, check.finding), check.finding.sentence)
        if check.under_way:
            tip = check.finding.sentence if check.finding is not None else texts.CHIP_EXPLAINED[question]
            return Chip(question, "running", texts.chip_words(question, "running"), tip)
        obstacle = self._judging.offers.obstacle(entry, name)
        if check.state is CheckPhase.FAILED:
            tip = texts.chip_failed(str(check.error), not obstacle)
            return Chip(question, "failed", texts.chip_words(question, "failed"), tip, not obstacle)
        tip = texts.chip_unknown(question, self._judging.offers.seconds(entry, name), not obstacle, obstacle)
        return Chip(question, "unknown", texts.chip_words(question, "unknown"), tip, not obstacle)

    @Slot(int, str)
    def _on_check_changed(self, number: int, name: str) -> None:
        self.changed.emit(number)

    @Slot()
    def _on_curves_changed(self) -> None:
        self.changed.emit(0)


def _complete(entry: MapEntry) -> Chip | None:
    """Nothing for a map without signal, or where the score does not rise: the error is relative to that."""
    has_order = entry.record is not None and not entry.record.no_order
    diagnostics = entry.record.diagnostics if entry.record is not None and has_order else {}
    error = diagnostics.get("completeness_error")
    if error is None or abs(diagnostics.get("rise", 1.0)) < SMALLEST_RISE:
        return None
    state: Answer = "yes" if error <= ADDS_UP else "partly" if error <= NEARLY else "no"
    return Chip("complete", state, texts.chip_words("complete", state), texts.completeness(error))


def _answered(question: Question, finding: Finding) -> Answer:
    figure, full, part = ANSWERED_FROM.get(question, ("", 0.0, 0.0))
    value = finding.values.get(figure)
    if value is None:
        return "undecided"
    return "yes" if value >= full else "partly" if value >= part else "no"


def _words(question: Question, state: Answer, finding: Finding) -> str:
    """A share says more than a word where there is one."""
    if question == "region" and "share" in finding.values:
        return texts.in_region(texts.SYMBOLS[state], finding.values["share"])
    return texts.chip_words(question, state)
