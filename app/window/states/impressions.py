"""Look first: a reader's impression comes before the prediction, and the decision after it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import impressions as texts
from app.window.states.case_list import Case
from app.window.states.shown import Shown, ShownState
from core.models.card import Card
from core.results.look_first import (
    OTHER,
    UNSURE,
    Choice,
    Confidence,
    Decision,
    Impression,
    LookFirstRecord,
    RevealedMap,
    RevealedPrediction,
)
from core.results.records import PredictionRecord


class LookFirstStep(Enum):
    """What is to be done for the shown case."""

    NONE = "none"
    """Nothing: the mode is off, no image is shown, or its prediction was seen before the mode was on."""
    IMPRESSION = "impression"
    """The impression is asked for; nothing of the model is shown, nor computed."""
    PREDICTION = "prediction"
    """The impression is stated, and the prediction of the shown slice is on its way."""
    DECISION = "decision"
    """The prediction is shown and may be accepted, amended or rejected, also once more."""


class ImpressionsState(QObject):
    """Holds back all that the model says of a case until the reader has stated an impression of it.

    is_on: whether cases are read in this way. records: what was said, by the number of the case. A decision
    is about the prediction that is visible, which another slice or model may have changed since the first.
    """

    changed = Signal()
    mode_changed = Signal()
    released = Signal()  # the prediction of the shown case may be computed

    def __init__(
        self,
        shown: ShownState,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """now: the time that is recorded."""
        super().__init__(parent)
        self._shown, self._now = shown, now
        self.is_on = False
        self.records: dict[int, LookFirstRecord] = {}
        self.visible: RevealedPrediction | None = None
        """The prediction of the shown slice by the shown model; None before there is one."""
        self._shown_before = shown.current
        self.words: dict[str, str] = {}
        """Answers in words, also those that were given when a model of other classes was selected."""
        self._revealed: set[int] = set()
        """Numbers of the cases of which a prediction has been shown."""
        shown.changed.connect(self._on_shown_changed)

    @property
    def case_number(self) -> int | None:
        """Of the shown case."""
        case = self._shown.current.case
        return case.number if case is not None else None

    @property
    def record(self) -> LookFirstRecord | None:
        """Of the shown case; None where it is not read in this way."""
        case = self._shown.current.case
        return self.records.get(case.number) if case is not None and self.is_on else None

    @property
    def step(self) -> LookFirstStep:
        record = self.record
        if record is None:
            return LookFirstStep.NONE
        if record.impression is None:
            return LookFirstStep.IMPRESSION
        return LookFirstStep.DECISION if self.visible is not None else LookFirstStep.PREDICTION

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """What a reader can answer, with words: the model's classes, something else, unsure."""
        card = self._shown.current.card
        classes = [(name, card.words_of(name)) for name in card.classes] if card is not None else []
        return (*classes, (OTHER, texts.OTHER), (UNSURE, texts.UNSURE))

    def set_on(self, is_on: bool) -> None:
        """Read the cases that are opened from now on in this way, or no more."""
        if is_on != self.is_on:
            was_held_back = self.holds_back(self._shown.current)
            self.is_on = is_on
            self._open_record()
            self.mode_changed.emit()
            self.changed.emit()
            if was_held_back and not is_on:
                self.released.emit()

    def holds_back(self, shown: Shown) -> bool:
        """Whether nothing may be predicted of this, because its impression has not been stated."""
        if not self.is_on or shown.case is None:
            return False
        record = self.records.get(shown.case.number)
        if record is None:
            return shown.case.number not in self._revealed
        return record.impression is None

    def state_impression(self, answer: str, confidence: Confidence | None = None) -> None:
        """Keep what the reader sees in the shown case, and release the prediction."""
        case, record = self._shown.current.case, self.record
        if case is None or record is None or record.impression is not None:
            return
        if answer not in dict(self.answers):
            return
        self.words |= dict(self.answers)
        impression = Impression(answer=answer, confidence=confidence, at=self._now())
        self._keep(case, record, impression=impression)
        self.released.emit()

    def note_prediction(self, prediction: PredictionRecord) -> None:
        """The prediction of the shown slice is visible; the first one of a case is kept."""
        shown, record = self._shown.current, self.record
        case, card = shown.case, shown.card
        if case is None or card is None:
            return
        self._revealed.add(case.number)
        if record is None or record.impression is None:
            return
        self.words |= dict(self.answers)
        self.visible = RevealedPrediction(
            model=card.id,
            class_name=prediction.class_name,
            probability=prediction.probability,
            at=self._now(),
        )
        if record.prediction is None:
            self._keep(case, record, prediction=self.visible)
        else:
            self.changed.emit()

    def note_map(self, title: str) -> None:
        """A map of the shown case is visible; the first one is kept."""
        case, record = self._shown.current.case, self.record
        if case is not None and record is not None and record.prediction is not None and record.map is None:
            self._keep(case, record, map=RevealedMap(title=title, at=self._now()))

    def decide(self, choice: Choice, amended: str = "", note: str = "") -> None:
        """Keep what the reader makes of the visible prediction; amended: the new answer, if it is amended."""
        case, record, visible = self._shown.current.case, self.record, self.visible
        if case is None or record is None or record.impression is None or visible is None:
            return
        answers: dict[Choice, str] = {
            "accept": visible.class_name,
            "amend": amended,
            "reject": record.impression.answer,
        }
        decision = Decision(
            choice=choice,
            prediction=visible,
            answer=answers[choice],
            note=note.strip(),
            at=self._now(),
        )
        self._keep(case, record, decision=decision)

    def forget(self, numbers: Iterable[int]) -> None:
        """Closed cases take their records with them."""
        for number in numbers:
            self.records.pop(number, None)
            self._revealed.discard(number)

    def _keep(self, case: Case, record: LookFirstRecord, **changes: object) -> None:
        self.records[case.number] = record.model_copy(update=changes)
        self.changed.emit()

    def _open_record(self) -> None:
        """Open the record of the shown case, if it is to be read in this way."""
        shown = self._shown.current
        case, card = shown.case, shown.card
        if case is not None and card is not None and shown.image is not None and self.holds_back(shown):
            record = self.records.get(case.number)
            if record is None:
                self.records[case.number] = _new_record(card, self._now())
            elif record.model != card.id:
                # Another model was selected before the impression was stated: its classes are the answers.
                changes = {"model": card.id, "classes": card.classes}
                self.records[case.number] = record.model_copy(update=changes)

    @Slot()
    def _on_shown_changed(self) -> None:
        before, now = self._shown_before, self._shown.current
        if before.image is not now.image or before.card is not now.card:
            self.visible = None
        self._shown_before = now
        self._open_record()
        self.changed.emit()


def _new_record(card: Card, opened_at: datetime) -> LookFirstRecord:
    return LookFirstRecord(model=card.id, classes=card.classes, opened_at=opened_at)
