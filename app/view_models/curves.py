"""Curves of the shown image's maps: what to plot, what stands in the table, and what is undefined."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

from app import texts_curves as texts
from app.links import JobLink
from app.view_models.maps import ImageKey, MapEntry, MapsModel, map_identity
from app.view_models.prediction import Phase
from core.errors import Cancelled, SaliscopeError
from core.evaluation.curve_set import CurveScore, CurveSet
from core.evaluation.protocol import CurveKind
from core.evaluation.settings import CurveSettings
from core.images.slice import Slice
from core.jobs import Curves, CurvesDone
from core.methods import METHODS

BASELINES = ("random", "edge")
KINDS: tuple[CurveKind, ...] = ("aic", "sic")
Protocol = Literal["cells", "pair"]
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


class CurvesModel(QObject):
    """The curves of one image; drawn anew on request, kept until then."""

    changed = Signal()
    progressed = Signal()
    finished = Signal()
    cursor_changed = Signal()

    def __init__(self, worker: JobLink, maps: MapsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._maps = worker, maps
        self._sets: dict[tuple[ImageKey, Protocol], CurveSet] = {}
        self._included: dict[tuple[ImageKey, Protocol], Identities] = {}
        self._asked: Identities = frozenset()
        self._asked_maps: dict[str, MapEntry] = {}
        self._drawn: dict[tuple[ImageKey, Protocol], dict[str, MapEntry]] = {}
        self.cursor: float | None = None
        self.protocol: Protocol = "cells"
        self.phase = Phase.EMPTY
        self.error: SaliscopeError | None = None
        self._image: Slice | None = None
        self._class = ""
        self._job: int | None = None
        self._key: ImageKey | None = None
        self._done, self._total = 0, 0
        maps.changed.connect(self.changed)
        worker.progressed.connect(self._on_progressed)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)

    def set_image(self, image: Slice | None) -> None:
        """Another slice: what runs for the old one is withdrawn."""
        self.cancel()
        self._image, self._class, self.error = image, "", None
        self._settle()

    def set_class(self, name: str) -> None:
        """The class whose probability the curves follow: the predicted one."""
        self._class = name
        self._settle()

    def set_protocol(self, protocol: Protocol) -> None:
        if protocol != self.protocol:
            self.protocol = protocol
            self._settle()

    @property
    def curves(self) -> CurveSet | None:
        key = self._maps.key
        return self._sets.get((key, self.protocol)) if key else None

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def can_start(self) -> bool:
        return bool(self._class and self._judged()) and not self.running

    @property
    def outdated(self) -> bool:
        """There are maps that the drawn curves do not know."""
        if self._maps.key is None or self.curves is None:
            return False
        return not _identities(self._judged()) <= self._included[self._maps.key, self.protocol]

    @property
    def progress(self) -> tuple[float, str]:
        return (self._done / self._total if self._total else 0.0), texts.DRAWING_CURVES

    @property
    def empty_text(self) -> str:
        """What would fill the panel."""
        return texts.CURVES_OFFER if self._judged() else texts.CURVES_NEED_MAPS

    @property
    def settings_words(self) -> str:
        """Protocol and axis in words, with what the image itself says."""
        if self.curves is None:
            return texts.protocol(self.protocol)
        saturated = any(score.saturated for score in self.curves.scores)
        return texts.curve_settings(self.curves.settings, saturated)

    def start(self) -> None:
        """Judge the maps of the shown image."""
        if not self.can_start or self._image is None or self._maps.key is None:
            return
        judged = self._judged()
        records = tuple(entry.record for entry in judged if entry.record is not None)
        request = Curves(
            job=0,
            model=self._maps.key.model,
            maps=records,
            class_name=self._class,
            settings=CurveSettings.model_validate({"protocol": self.protocol}),
        )
        arrays = [self._image.values, *(entry.values for entry in judged if entry.values is not None)]
        self._key, self._done, self._total, self.error = self._maps.key, 0, 0, None
        self._asked = _identities(judged)
        self._asked_maps = {entry.method: entry for entry in judged}
        self._job = self._worker.submit(request, arrays)
        self._settle()
        self.progressed.emit()

    def cancel(self) -> None:
        if self._job is not None:
            self._worker.cancel(self._job)

    def set_cursor(self, x: float | None) -> None:
        """The place on the axis, 0 to 1, that is looked at in the plots and in the revealed pictures."""
        if x != self.cursor:
            self.cursor = x
            self.cursor_changed.emit()

    def drawn_map(self, method: str) -> MapEntry | None:
        """The map of which the drawn curve was made; None for the engine's own baselines."""
        if self._maps.key is None:
            return None
        return self._drawn.get((self._maps.key, self.protocol), {}).get(method)

    def can_judge(self, entry: MapEntry) -> bool:
        """Curves can be drawn now, and would tell of this map."""
        known = entry.method in BASELINES or entry in self._judged()
        return self.can_start and known and entry.target.class_name == self._class

    def score_of(self, entry: MapEntry) -> CurveScore | None:
        """What the curves by cells say of this very map; None while they do not know it."""
        if self._maps.key is None:
            return None
        place: tuple[ImageKey, Protocol] = (self._maps.key, "cells")
        curves, drawn = self._sets.get(place), self._drawn.get(place, {}).get(entry.method)
        if curves is None:
            return None
        if entry.method == "edge" and entry.target.class_name == self._class:
            return curves.score("edge", "sic") or curves.score("edge", "aic")
        if drawn is None or _identities([drawn]) != _identities([entry]):
            return None
        return curves.score(entry.method, "sic") or curves.score(entry.method, "aic")

    def lines(self, kind: CurveKind) -> tuple[PlotLine, ...]:
        """What to plot: baselines first, so that the maps lie above them."""
        if self.curves is None:
            return ()
        rows = {row.method: row for row in self.rows}
        found = []
        for method in self.curves.methods:
            curve, row = self.curves.curve(method, kind), rows[method]
            if curve is not None:
                found.append(PlotLine(method, row.title, curve.x, curve.y, row.baseline, row.number))
        return tuple(sorted(found, key=lambda line: not line.baseline))

    @property
    def rows(self) -> tuple[TableRow, ...]:
        """Maps by falling SIC score, then the baselines."""
        if self.curves is None:
            return ()
        rows = [self._row(self.curves, method, at) for at, method in enumerate(self.curves.methods)]
        return tuple(sorted(rows, key=lambda row: (row.baseline, -_figure(row))))

    @property
    def undefined(self) -> tuple[str, ...]:
        """A sentence for each kind of curve that this image does not have."""
        return tuple(texts.undefined_curve(u) for u in self.curves.undefined) if self.curves else ()

    @property
    def verdict_kind(self) -> CurveKind:
        """The score by which the rows are sorted and compared with random: SIC where there is one."""
        kinds = {score.kind for score in self.curves.scores} if self.curves is not None else set()
        return "aic" if kinds == {"aic"} else "sic"

    @property
    def axis_words(self) -> str:
        """What the horizontal axis of the plots measures."""
        return texts.AXES[self.curves.settings.entropy] if self.curves is not None else ""

    def _row(self, curves: CurveSet, method: str, at: int) -> TableRow:
        title = next((known.title for known in METHODS if known.name == method), method)
        baseline = method in BASELINES
        return TableRow(method, title, baseline, at, curves.score(method, "aic"), curves.score(method, "sic"))

    def _judged(self) -> list[MapEntry]:
        """The newest finished map of each method that explains the class whose probability is followed.

        The baselines are drawn by the engine itself.
        """
        fit = (entry for entry in self._maps.finished if entry.target.class_name == self._class)
        return list({entry.method: entry for entry in fit if entry.method not in BASELINES}.values())

    def _settle(self) -> None:
        if self.running:
            self.phase = Phase.WAITING
        elif self.error is not None:
            self.phase = Phase.FAILED
        else:
            self.phase = Phase.DONE if self.curves is not None else Phase.EMPTY
        self.changed.emit()

    @Slot(int, int, int, str)
    def _on_progressed(self, job: int, done: int, total: int, text: str) -> None:
        if job == self._job:
            self._done, self._total = done, total
            self.progressed.emit()

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: object) -> None:
        if job == self._job and isinstance(message, CurvesDone) and self._key is not None:
            self._job = None
            place = self._key, message.curves.settings.protocol
            self._sets[place], self._included[place] = message.curves, self._asked
            self._drawn[place] = self._asked_maps
            self._settle()
            self.progressed.emit()
            self.finished.emit()

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        if job == self._job:
            self._job = None
            self.error = None if isinstance(error, Cancelled) else error
            self._settle()
            self.progressed.emit()


def _figure(row: TableRow) -> float:
    score = row.sic or row.aic
    return score.score if score is not None else float("-inf")


def _identities(entries: list[MapEntry]) -> Identities:
    return frozenset(map_identity(entry.record) for entry in entries if entry.record is not None)
