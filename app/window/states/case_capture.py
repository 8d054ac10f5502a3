"""What the window holds of one slice with one model, kept while other slices are shown."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from app.window.states.check_results import CheckKey, CheckPhase
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.drawn_curves import DrawnCurves
from app.window.states.maps import MapEntry
from app.window.states.measurements import ImageMeasurement
from app.window.states.session import SAMPLE_METHOD, Session
from app.window.states.shown import ImageKey
from core.arrays import Array
from core.checks import CHECKS
from core.checks.contract import Finding


@dataclass(frozen=True, slots=True, eq=False)
class CaseResults:
    """What was computed, drawn and measured of a slice with one model.

    failed: methods that gave no map. mask: (rows, columns) bool of the region, None without one; notes: of
    its reading. is_reference: it was read from a mask, not drawn.
    """

    maps: tuple[MapEntry, ...] = ()
    findings: tuple[tuple[CheckKey, Finding], ...] = ()
    curves: tuple[DrawnCurves, ...] = ()
    failed: tuple[MapEntry, ...] = ()
    mask: Array | None = None
    notes: tuple[str, ...] = ()
    is_reference: bool = False
    measurements: tuple[ImageMeasurement, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything that a person would miss; a reference is read again from its file."""
        return bool(self.maps or self.curves or self.drawn is not None or self.measurements)

    @property
    def drawn(self) -> Array | None:
        """The region (rows, columns) bool that a person drew."""
        return None if self.is_reference else self.mask

    def has_news(self, before: "CaseResults") -> bool:
        """Whether there is anything that was not there before, or something is gone, beside findings."""
        return (
            self.maps != before.maps
            or self.drawn is not before.drawn
            or self.measurements != before.measurements
            or self.curves != before.curves
        )

    def part(self, numbers: Collection[int]) -> "CaseResults":
        """The same with only these maps, by their numbers, and what is of them."""
        return replace(
            self,
            maps=tuple(entry for entry in self.maps if entry.number in numbers),
            findings=tuple(each for each in self.findings if each[0][0] in numbers),
            curves=tuple(
                drawn
                for drawn in self.curves
                if all(entry.number in numbers for entry in drawn.maps.values())
            ),
            failed=tuple(entry for entry in self.failed if entry.number in numbers),
        )

    @property
    def is_automatic(self) -> bool:
        """Whether it is no more than what the program computes by itself of a sample that is opened."""
        by_itself = {SAMPLE_METHOD, *CONTROL_MAPS}
        is_drawn = self.drawn is not None or bool(self.measurements)
        return not is_drawn and all(entry.method in by_itself and not entry.parameters for entry in self.maps)


NO_RESULTS = CaseResults()


def shown_results(session: Session) -> CaseResults:
    """What the states hold of the shown slice and the chosen model."""
    key = session.maps.key
    if key is None:
        return NO_RESULTS
    maps, results, region = session.maps.finished, session.checks.results, session.region
    names = [check.name for check in CHECKS]
    checks = ((number, name) for number in (entry.number for entry in maps) for name in names)
    done = ((each, results[each]) for each in checks)
    findings = tuple(
        (each, result.finding)
        for each, result in done
        if result.state is CheckPhase.DONE and result.finding is not None
    )
    return CaseResults(
        maps=maps,
        findings=findings,
        curves=drawn_curves(session, key),
        failed=tuple(entry for entry in session.maps.entries if entry.error is not None),
        mask=region.mask,
        notes=region.notes,
        is_reference=region.is_reference,
        measurements=session.measurements.all,
    )


def drawn_curves(session: Session, key: ImageKey) -> tuple[DrawnCurves, ...]:
    """The curves of an image by all protocols."""
    drawn = (session.curves.store.drawn(key, "cells"), session.curves.store.drawn(key, "pair"))
    return tuple(curves for curves in drawn if curves is not None)
