"""Comparisons of maps in pairs: each map is ranked once, and pairs of ranked maps cost next to nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from app.window.states.maps import MapEntry
from core.checks.agreement import Ranking, ranking, top_count
from core.errors import NotApplicable

SEED = 0


class Likeness(StrEnum):
    """How two maps are compared."""

    SPEARMAN = "spearman"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class MapLikeness:
    """What is known of two maps. value: None while it is computed, or for ever where `reason` says why."""

    value: float | None = None
    reason: str = ""


UNKNOWN = MapLikeness()
PairKey = tuple[int, int, Likeness, float]


class Comparisons:
    """Rankings of maps by their number, and what is known of their pairs."""

    def __init__(self) -> None:
        self._rankings: dict[int, Ranking | str] = {}
        self._likenesses: dict[PairKey, MapLikeness] = {}

    def keep(self, numbers: set[int]) -> None:
        """Forget the rankings of other maps."""
        self._rankings = {number: rank for number, rank in self._rankings.items() if number in numbers}

    def is_ranked(self, number: int) -> bool:
        return number in self._rankings

    def rank(self, entry: MapEntry) -> None:
        """Rank a finished map, or keep the reason why it has no order."""
        assert entry.values is not None
        if entry.record is not None and entry.record.no_order:
            self._rankings[entry.number] = entry.record.no_order
            return
        try:
            self._rankings[entry.number] = ranking(entry.values, "value", SEED, entry.number)
        except NotApplicable as reason:
            self._rankings[entry.number] = reason.message

    def likeness(self, key: PairKey) -> MapLikeness:
        return self._likenesses.get(key, UNKNOWN)

    def compare(self, numbers: Iterable[int], measure: Likeness, share: float) -> list[tuple[int, int]]:
        """Compare the pairs of ranked maps that are not compared yet; returns these."""
        pairs = []
        for first, second in combinations([number for number in numbers if self.is_ranked(number)], 2):
            key = pair_key(first, second, measure, share)
            if key not in self._likenesses:
                rankings = self._rankings[first], self._rankings[second]
                self._likenesses[key] = _compared(*rankings, measure, share)
                pairs.append((first, second))
        return pairs


def pair_key(first: int, second: int, measure: Likeness, share: float) -> PairKey:
    """The same for both orders; the share counts for the overlap alone."""
    return min(first, second), max(first, second), measure, share if measure is Likeness.OVERLAP else 0.0


def _compared(first: Ranking | str, second: Ranking | str, measure: Likeness, share: float) -> MapLikeness:
    if isinstance(first, str):
        return MapLikeness(reason=first)
    if isinstance(second, str):
        return MapLikeness(reason=second)
    if measure is Likeness.SPEARMAN:
        return MapLikeness(float(np.clip(first.ranks @ second.ranks, -1, 1)))
    count = top_count(first.order.size, share)
    return MapLikeness(float((first.top(count) & second.top(count)).sum() / count))
