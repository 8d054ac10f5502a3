"""How far the maps of the shown image agree: a matrix that fills cell by cell, and words for a pair."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.texts import agreement as texts
from app.window.states.maps import MapEntry, MapsState
from core.checks.agreement import Ranking, ranking, top_count
from core.errors import NotApplicable

SHARES = (0.01, 0.05, 0.1, 0.2)
# Ranking a map takes some ten milliseconds; one for each turn of the event loop holds up nothing.
PAUSE_MS = 0
SEED = 0


class Likeness(StrEnum):
    """How two maps are compared."""

    SPEARMAN = "spearman"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of two maps. value: None while it is computed, or for ever where `reason` says why."""

    value: float | None = None
    reason: str = ""

    @property
    def known(self) -> bool:
        return self.value is not None or bool(self.reason)


UNKNOWN = Cell()
Question = tuple[int, int, Likeness, float]


class AgreementState(QObject):
    """All pairs of the finished maps; the one that is looked at is `pair`, a pair of map numbers."""

    changed = Signal()
    cell_changed = Signal(int, int)
    pair_changed = Signal()

    def __init__(self, maps: MapsState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maps = maps
        self._rankings: dict[int, Ranking | str] = {}
        self._known: dict[Question, Cell] = {}
        self._shown: tuple[int, ...] = ()
        self.measure = Likeness.SPEARMAN
        self.share = SHARES[2]
        self.pair: tuple[int, int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._rank_one)
        maps.changed.connect(self._on_maps_changed)

    @property
    def entries(self) -> tuple[MapEntry, ...]:
        """The finished maps of the shown image."""
        return self._maps.finished

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each map, by which it is told apart."""
        return tuple(label for _, label in self._maps.choices)

    @property
    def empty_text(self) -> str:
        """What would fill the panel, or nothing where it is filled."""
        return "" if len(self.entries) > 1 else texts.AGREEMENT_NEEDS_MAPS

    @property
    def computing(self) -> bool:
        return self._timer.isActive()

    def set_measure(self, measure: Likeness) -> None:
        if measure is not self.measure:
            self.measure = measure
            self._ask()

    def set_share(self, share: float) -> None:
        """Which share of the pixels counts as a map's top, for the overlap."""
        if share != self.share:
            self.share = share
            self._ask()

    def cell(self, first: int, second: int) -> Cell:
        """What is known of two maps, named by their numbers, in either order."""
        return self._known.get(self._question(first, second), UNKNOWN)

    def choose(self, first: int, second: int) -> None:
        """Look at two different maps."""
        if first != second and (first, second) != self.pair:
            self.pair = first, second
            self.pair_changed.emit()

    @property
    def pair_entries(self) -> tuple[MapEntry, MapEntry] | None:
        """The two maps that are looked at, while both are there."""
        if self.pair is None:
            return None
        found = {entry.number: entry for entry in self.entries}
        if not set(self.pair) <= set(found):
            return None
        return found[self.pair[0]], found[self.pair[1]]

    def words(self, first: int, second: int) -> str:
        """The sentence on two maps."""
        names = dict(self._maps.choices)
        cell = self.cell(first, second)
        if cell.reason:
            return texts.incomparable(names[first], names[second], cell.reason)
        if cell.value is None:
            return texts.COMPARING
        if self.measure is Likeness.SPEARMAN:
            return texts.rank_agreement(names[first], names[second], cell.value)
        return texts.overlap_agreement(names[first], names[second], cell.value, self.share)

    @property
    def summary(self) -> str:
        """How many pairs disagree, and which most, in words."""
        numbers = [entry.number for entry in self.entries]
        known = {
            pair: value for pair in combinations(numbers, 2) if (value := self.cell(*pair).value) is not None
        }
        if not known:
            return ""
        lowest = min(known, key=lambda pair: known[pair])
        apart = sum(self._disagree(value) for value in known.values())
        names = dict(self._maps.choices)
        return texts.agreement_summary(apart, len(known), (names[lowest[0]], names[lowest[1]]))

    def _disagree(self, value: float) -> bool:
        return texts.disagree(value, self.share if self.measure is Likeness.OVERLAP else None)

    def _question(self, first: int, second: int) -> Question:
        share = self.share if self.measure is Likeness.OVERLAP else 0.0
        return min(first, second), max(first, second), self.measure, share

    @Slot()
    def _on_maps_changed(self) -> None:
        numbers = tuple(entry.number for entry in self.entries)
        if numbers == self._shown:
            return
        self._shown = numbers
        if self.pair_entries is None:
            self.pair = (numbers[0], numbers[1]) if len(numbers) > 1 else None
            self.pair_changed.emit()
        self._ask()

    def _ask(self) -> None:
        """Rank what is not ranked yet, step by step; pairs of ranked maps cost next to nothing."""
        numbers = {entry.number for entry in self.entries}
        self._rankings = {number: kept for number, kept in self._rankings.items() if number in numbers}
        if numbers - set(self._rankings):
            self._timer.start()
        else:
            self._timer.stop()
        self._compare()
        self.changed.emit()

    @Slot()
    def _rank_one(self) -> None:
        entry = next((entry for entry in self.entries if entry.number not in self._rankings), None)
        if entry is None or entry.values is None:
            self._timer.stop()
            return
        if entry.record is not None and entry.record.no_order:
            self._rankings[entry.number] = entry.record.no_order
        else:
            try:
                self._rankings[entry.number] = ranking(entry.values, "value", SEED, entry.number)
            except NotApplicable as reason:
                self._rankings[entry.number] = reason.message
        for first, second in self._compare():
            self.cell_changed.emit(first, second)

    def _compare(self) -> list[tuple[int, int]]:
        """Fill the cells whose two maps are ranked; returns the newly filled."""
        ranked = [entry.number for entry in self.entries if entry.number in self._rankings]
        found = []
        for first, second in combinations(ranked, 2):
            question = self._question(first, second)
            if question not in self._known:
                own, other = self._rankings[first], self._rankings[second]
                self._known[question] = _compared(own, other, self.measure, self.share)
                found.append((first, second))
        return found


def _compared(first: Ranking | str, second: Ranking | str, measure: Likeness, share: float) -> Cell:
    if isinstance(first, str):
        return Cell(reason=first)
    if isinstance(second, str):
        return Cell(reason=second)
    if measure is Likeness.SPEARMAN:
        return Cell(float(np.clip(first.ranks @ second.ranks, -1, 1)))
    count = top_count(first.order.size, share)
    return Cell(float((first.top(count) & second.top(count)).sum() / count))
