"""All curves of this session, drawn on request or in the background, and what they say of a single map."""

from collections.abc import Collection

from app.texts import curves as texts
from app.window.states.drawn_curves import CurvesKey, DrawnCurves, MapIdentities, Protocol, map_identities
from app.window.states.maps import MapEntry
from app.window.states.shown import ImageKey
from core.curves.curve_set import CurveScore
from core.errors import SaliscopeError


class CurveStore:
    """The last curves of each image and protocol, and failures of those by cells."""

    def __init__(self) -> None:
        self._drawn: dict[CurvesKey, DrawnCurves] = {}
        self._failures: dict[ImageKey, tuple[MapIdentities, SaliscopeError]] = {}
        self._closed_cases: set[int] = set()

    def drawn(self, key: ImageKey | None, protocol: Protocol) -> DrawnCurves | None:
        return self._drawn.get((key, protocol)) if key is not None else None

    def store(self, key: CurvesKey, drawn: DrawnCurves) -> None:
        if key[0].case not in self._closed_cases:
            self._drawn[key] = drawn

    def set_failure(self, key: ImageKey, maps: MapIdentities, error: SaliscopeError) -> None:
        """What ended the last curves by cells of these maps."""
        if key.case not in self._closed_cases:
            self._failures[key] = maps, error

    def clear_failure(self, key: ImageKey) -> None:
        self._failures.pop(key, None)

    def forget(self, cases: Collection[int]) -> None:
        """Let go of all curves of closed cases, named by their numbers, and of those that still come."""
        self._closed_cases |= set(cases)
        self._drawn = {key: drawn for key, drawn in self._drawn.items() if key[0].case not in cases}
        self._failures = {key: failure for key, failure in self._failures.items() if key.case not in cases}

    def score_of(self, key: ImageKey | None, entry: MapEntry, class_name: str) -> CurveScore | None:
        """What the curves by cells say of this very map; None while they do not know it."""
        drawn = self.drawn(key, "cells")
        if drawn is None:
            return None
        name = entry.method if is_followed_edge(entry, class_name) else drawn.name_of(entry)
        return drawn.curves.score(name, "sic") or drawn.curves.score(name, "aic")

    def undefined_for(self, key: ImageKey | None, entry: MapEntry, class_name: str) -> str:
        """Why this image has no curves by cells, for whatever map of the followed class."""
        drawn = self.drawn(key, "cells")
        if drawn is None or drawn.curves.scores or entry.target.class_name != class_name:
            return ""
        return texts.no_curves(drawn.curves.undefined) if drawn.curves.undefined else ""

    def failure_of(self, key: ImageKey | None, entry: MapEntry, class_name: str) -> SaliscopeError | None:
        """What ended the last curves by cells that were to tell of this map."""
        if key is None or key not in self._failures:
            return None
        maps, error = self._failures[key]
        return error if is_measured_by(entry, maps, class_name) else None


def is_followed_edge(entry: MapEntry, class_name: str) -> bool:
    """The map of edges is drawn by the engine itself, whichever of the class is meant."""
    return entry.method == "edge" and entry.target.class_name == class_name


def is_measured_by(entry: MapEntry, maps: MapIdentities, class_name: str) -> bool:
    """Whether curves of these maps tell of this one."""
    return is_followed_edge(entry, class_name) or map_identities([entry]) <= maps
