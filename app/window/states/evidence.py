"""The answers of checks and curves on each map, as a few short words beside it."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import checks as texts
from app.texts import evidence as texts_evidence
from app.window.states.agreement import AgreementState, opponent_of
from app.window.states.check_results import CheckPhase
from app.window.states.checks import ChecksState
from app.window.states.curves import CurvesState
from app.window.states.maps import MapEntry, MapsState
from app.window.states.prediction import PredictionState
from core.checks import CHECKS
from core.checks.completeness import completeness_answer, completeness_difference
from core.checks.contract import Check, CheckFamily

AnswerState = Literal["yes", "partly", "no", "undecided", "unknown", "running", "failed"]
# The checks whose answers stand beside a map, by the key of their chip.
CHIP_CHECKS: dict[str, Check] = {check.chip.key: check for check in CHECKS if check.chip is not None}


@dataclass(frozen=True, slots=True)
class Chip:
    """One short answer. tip: the finding's sentence. can_run: a click checks it.

    reason: why there is no answer. share: the figure of an answer that is one, 0 to 1.
    """

    question: str
    state: AnswerState
    words: str
    tip: str
    can_run: bool = False
    reason: str = ""
    share: float | None = None


class EvidenceState(QObject):
    """The chips of every finished map; unknown ones can be asked for."""

    changed = Signal(int)  # the map's number; 0 for all of them

    def __init__(
        self,
        prediction: PredictionState,
        maps: MapsState,
        agreement: AgreementState,
        curves: CurvesState,
        checks: ChecksState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._prediction, self._maps, self._agreement = prediction, maps, agreement
        self._curves, self._checks = curves, checks
        checks.background_checks = tuple(check.name for check in CHIP_CHECKS.values())
        checks.changed.connect(self._on_check_changed)
        curves.changed.connect(self._on_curves_changed)
        curves.evidence_changed.connect(self._on_curves_changed)
        agreement.changed.connect(self._on_agreement_changed)
        agreement.cell_changed.connect(self._on_agreement_changed)

    def chips(self, number: int) -> tuple[Chip, ...]:
        """The answers on one map, the most expensive last; none while it is not finished."""
        entry = self._maps.entry(number)
        if entry is None or entry.record is None:
            return ()
        checked = [self._checked(entry, question) for question in CHIP_CHECKS]
        chips = (self._random(entry), *checked, _complete(entry))
        return tuple(chip for chip in chips if chip is not None)

    @property
    def shown(self) -> tuple[Chip, ...]:
        """The answers on the map over the image."""
        selected = self._maps.selected
        return self.chips(selected.number) if selected is not None else ()

    @property
    def title(self) -> str:
        """Of the map over the image, as it is told apart from others."""
        selected = self._maps.selected
        return dict(self._maps.choices).get(selected.number, "") if selected is not None else ""

    @property
    def sentence(self) -> str:
        """What is known of the map over the image; empty while it is not finished."""
        entry = self._maps.selected
        card = self._prediction.card
        if entry is None or entry.record is None or card is None:
            return ""
        answers = sorted((chip for chip in self.shown if chip.state != "unknown"), key=_place_in_sentence)
        opponent = opponent_of(self._agreement, entry.number)
        blank, partial = texts.no_share(entry.record), entry.record.partial
        head = texts_evidence.map_words(
            self.title,
            card.words_of(entry.target.class_name),
            blank,
            partial.words if partial is not None else "",
        )
        return texts_evidence.sentence(
            [
                head,
                entry.record.caution,
                *(
                    texts_evidence.answer_words(chip.question, chip.state, chip.share, chip.reason)
                    for chip in answers
                ),
                texts_evidence.disagreement(opponent) if opponent else "",
            ]
        )

    def ask_shown(self, question: str) -> None:
        """Check the map over the image."""
        if self._maps.selected is not None:
            self.ask(self._maps.selected.number, question)

    def ask(self, number: int, question: str) -> None:
        """Check what is not known yet."""
        if question == "random":
            self._curves.start_with("cells")
        elif question in CHIP_CHECKS:
            self._checks.start(number, CHIP_CHECKS[question].name)

    def _random(self, entry: MapEntry) -> Chip | None:
        if entry.method == "random":
            return None
        store, question = self._curves.store, (self._maps.key, entry, self._prediction.class_name)
        score = store.score_of(*question)
        if score is not None and score.better_than_random is not None:
            state: AnswerState = score.better_than_random
            return Chip(
                "random",
                state,
                texts.chip_words("random", state),
                texts.better_than_random(entry.name, score),
            )
        if self._curves.is_measuring(entry):
            tip = texts.CHIP_EXPLAINED["random"]
            return Chip("random", "running", texts.chip_words("random", "running"), tip)
        undefined, obstacle = store.undefined_for(*question), self._curves.obstacle(entry)
        error = store.failure_of(*question)
        if undefined or error is not None:
            # What the image does not have, no second try will find.
            can_run = not undefined and not obstacle
            reason = undefined or str(error)
            tip = texts.chip_failed(reason, can_run)
            return Chip("random", "failed", texts.chip_words("random", "failed"), tip, can_run, reason)
        tip = texts.chip_unknown("random", None, not obstacle, obstacle)
        return Chip("random", "unknown", texts.chip_words("random", "unknown"), tip, not obstacle)

    def _checked(self, entry: MapEntry, question: str) -> Chip | None:
        name = CHIP_CHECKS[question].name
        if CHIP_CHECKS[question].family is CheckFamily.LOCALISATION and self._checks.region is None:
            return None
        check = self._checks.check(entry.number, name)
        if check.state is CheckPhase.DONE and check.finding is not None:
            state: AnswerState = check.finding.answer or "undecided"
            words = texts.chip_words(question, state, check.finding.values)
            share = check.finding.values.get(texts.CHIPS[question].share)
            return Chip(question, state, words, check.finding.sentence, share=share)
        if check.under_way:
            tip = check.finding.sentence if check.finding is not None else texts.CHIP_EXPLAINED[question]
            return Chip(question, "running", texts.chip_words(question, "running"), tip)
        obstacle = self._checks.offers.obstacle(entry, name)
        if check.state is CheckPhase.FAILED:
            reason = str(check.error)
            tip = texts.chip_failed(reason, not obstacle)
            return Chip(question, "failed", texts.chip_words(question, "failed"), tip, not obstacle, reason)
        tip = texts.chip_unknown(question, self._checks.offers.seconds(entry, name), not obstacle, obstacle)
        return Chip(question, "unknown", texts.chip_words(question, "unknown"), tip, not obstacle)

    @Slot(int, str)
    def _on_check_changed(self, number: int, name: str) -> None:
        self.changed.emit(number)

    @Slot()
    def _on_agreement_changed(self) -> None:
        if self._maps.selected is not None:
            self.changed.emit(self._maps.selected.number)

    @Slot()
    def _on_curves_changed(self) -> None:
        self.changed.emit(0)


def _place_in_sentence(chip: Chip) -> int:
    """Whether the map depends on the training comes first: without that, no other answer says anything."""
    return 0 if chip.question == "weights" else 1


def _complete(entry: MapEntry) -> Chip | None:
    """Nothing for a map without signal, or where the score does not rise: the error is relative to that."""
    has_order = entry.record is not None and not entry.record.no_order
    diagnostics = entry.record.diagnostics if entry.record is not None and has_order else {}
    answer = completeness_answer(diagnostics)
    if answer is None:
        return None
    words = texts.chip_words("complete", answer)
    return Chip("complete", answer, words, texts.completeness(completeness_difference(diagnostics)))
