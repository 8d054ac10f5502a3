"""Curves and the maps that they were made of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.window.jobs import Job
from app.window.states.maps import MapEntry, map_identity
from app.window.states.shown import ImageKey
from core.curves.curve_set import CurveSet
from core.curves.settings import CurveSettings

Protocol = Literal["cells", "pair"]
CurvesKey = tuple[ImageKey, Protocol]
MapIdentities = frozenset[tuple[object, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnCurves:
    """Curves, and their maps by the name that the curves have for each.

    is_background: nobody asked for them; they were drawn for the short answers beside the maps. class_name:
    whose probability they follow, where a workspace says it; else that of the maps.
    """

    curves: CurveSet
    maps: Mapping[str, MapEntry]
    is_background: bool = False
    class_name: str = ""

    @property
    def identities(self) -> MapIdentities:
        return map_identities(self.maps.values())

    def name_of(self, entry: MapEntry) -> str:
        """Empty where these curves know nothing of this very map."""
        wanted = map_identities([entry])
        names = (name for name, other in self.maps.items() if map_identities([other]) == wanted)
        return next(names, "")


@dataclass(frozen=True, slots=True, eq=False)
class CurvesJob:
    """Curves that are being drawn: their job, and the maps by the name that they are sent with."""

    job: Job
    key: CurvesKey
    maps: Mapping[str, MapEntry]

    @property
    def identities(self) -> MapIdentities:
        return map_identities(self.maps.values())


def map_identities(entries: Iterable[MapEntry]) -> MapIdentities:
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
