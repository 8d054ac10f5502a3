"""Curves and the maps that they were made of, and the rows and lines in which they are shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.window.states.maps import ImageKey, MapEntry, map_identity
from core.curves.curve_set import CurveScore, CurveSet
from core.curves.settings import CurveSettings

Protocol = Literal["cells", "pair"]
Place = tuple[ImageKey, Protocol]
Identities = frozenset[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class PlotLine:
    """One line of a plot: x and y from 0 to 1."""

    method: str
    title: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    baseline: bool
    number: int
    """Place among the maps, which chooses the colour, the same in both plots and in the table."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A map's figures for both kinds; None where a curve is undefined."""

    method: str
    title: str
    baseline: bool
    number: int
    aic: CurveScore | None
    sic: CurveScore | None

    @property
    def figure(self) -> float:
        """By which rows are sorted."""
        score = self.sic or self.aic
        return score.score if score is not None else float("-inf")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Curves, and their maps by the name that the curves have for each."""

    curves: CurveSet
    maps: Mapping[str, MapEntry]

    @property
    def identities(self) -> Identities:
        return identities(self.maps.values())

    def name_of(self, entry: MapEntry) -> str:
        """Empty where these curves know nothing of this very map."""
        wanted = identities([entry])
        return next((name for name, one in self.maps.items() if identities([one]) == wanted), "")


@dataclass(slots=True, eq=False)
class CurveJob:
    """Curves that are being drawn. gives_way: it was ended for other work and has not answered yet."""

    number: int
    place: Place
    maps: Mapping[str, MapEntry]
    gives_way: bool = False

    @property
    def identities(self) -> Identities:
        return identities(self.maps.values())


def identities(entries: Iterable[MapEntry]) -> Identities:
    """What makes each of these maps another one."""
    return frozenset(map_identity(entry.record) for entry in entries if entry.record is not None)


def named(entries: Sequence[MapEntry]) -> dict[str, MapEntry]:
    """Each map by its method's name, with its number where there are several of one method."""
    counts = Counter(entry.method for entry in entries)
    return {
        entry.method if counts[entry.method] == 1 else f"{entry.method} {entry.number}": entry
        for entry in entries
    }


def settings_of(protocol: Protocol) -> CurveSettings:
    """A protocol's defaults."""
    return CurveSettings.model_validate({"protocol": protocol})
