"""How far the maps of the shown image agree: a matrix that fills cell by cell, and words for a pair."""

from itertools import combinations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.texts import agreement as texts
from app.window.states.comparisons import Comparisons, Likeness, MapLikeness, pair_key
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.maps import MapEntry, MapsState, empty_words

SHARES = (0.01, 0.05, 0.1, 0.2)
# Ranking a map takes some ten milliseconds; one for each turn of the event loop holds up nothing.
PAUSE_MS = 0


class AgreementState(QObject):
    """All pairs of the finished maps; the one that is looked at is `pair`, a pair of map numbers."""

    changed = Signal()
    cell_changed = Signal(int, int)
    pair_changed = Signal()

    def __init__(self, maps: MapsState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maps = maps
        self._comparisons = Comparisons()
        self._numbers: tuple[int, ...] = ()
        self.measure = Likeness.SPEARMAN
        self.share = SHARES[2]
        self.pair: tuple[int, int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._rank_next)
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
        return "" if len(self.entries) > 1 else empty_words(self._maps, texts.AGREEMENT_NEEDS_MAPS)

    def set_measure(self, measure: Likeness) -> None:
        if measure is not self.measure:
            self.measure = measure
            self._ask()

    def set_share(self, share: float) -> None:
        """Which share of the pixels counts as a map's top, for the overlap."""
        if share != self.share:
            self.share = share
            self._ask()

    def cell(self, first: int, second: int) -> MapLikeness:
        """What is known of two maps, named by their numbers, in either order."""
        return self._comparisons.likeness(pair_key(first, second, self.measure, self.share))

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
        entries = {entry.number: entry for entry in self.entries}
        if not set(self.pair) <= set(entries):
            return None
        return entries[self.pair[0]], entries[self.pair[1]]

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
        likenesses = {
            pair: value for pair in combinations(numbers, 2) if (value := self.cell(*pair).value) is not None
        }
        if not likenesses:
            return ""
        lowest = min(likenesses, key=lambda pair: likenesses[pair])
        share = self.share if self.measure is Likeness.OVERLAP else None
        apart = sum(texts.disagree(value, share) for value in likenesses.values())
        names = dict(self._maps.choices)
        return texts.agreement_summary(apart, len(likenesses), (names[lowest[0]], names[lowest[1]]))

    @Slot()
    def _on_maps_changed(self) -> None:
        numbers = tuple(entry.number for entry in self.entries)
        if numbers == self._numbers:
            if self.empty_text:
                self.changed.emit()  # maps on their way have begun or ended
            return
        self._numbers = numbers
        if self.pair_entries is None:
            self.pair = (numbers[0], numbers[1]) if len(numbers) > 1 else None
            self.pair_changed.emit()
        self._ask()

    def _ask(self) -> None:
        """Rank what is not ranked yet, one map at a time."""
        self._comparisons.keep(set(self._numbers))
        if all(self._comparisons.is_ranked(number) for number in self._numbers):
            self._timer.stop()
        else:
            self._timer.start()
        self._comparisons.compare(self._numbers, self.measure, self.share)
        self.changed.emit()

    @Slot()
    def _rank_next(self) -> None:
        entries = (entry for entry in self.entries if not self._comparisons.is_ranked(entry.number))
        entry = next(entries, None)
        if entry is None or entry.values is None:
            self._timer.stop()
            return
        self._comparisons.rank(entry)
        for first, second in self._comparisons.compare(self._numbers, self.measure, self.share):
            self.cell_changed.emit(first, second)


def opponent_of(agreement: AgreementState, number: int) -> str:
    """The title of the map of the same target that disagrees most with this one; empty if none does.

    Control maps are expected to, and are left out.
    """
    labels = {entry.number: label for entry, label in zip(agreement.entries, agreement.labels, strict=True)}
    target = next((entry.target for entry in agreement.entries if entry.number == number), None)
    share = agreement.share if agreement.measure is Likeness.OVERLAP else None
    values = {
        other.number: value
        for other in agreement.entries
        if other.number != number and other.target == target and other.method not in CONTROL_MAPS
        if (value := agreement.cell(number, other.number).value) is not None
    }
    lowest = min(values, key=lambda other: values[other], default=None)
    return labels[lowest] if lowest is not None and texts.disagree(values[lowest], share) else ""
