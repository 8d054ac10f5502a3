"""Curves of the shown image's maps: what to plot, what stands in the table, and what is undefined."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import checks as texts_checks
from app.texts import curves as texts
from app.window.links import JobLink
from app.window.states.drawn import (
    CurveJob,
    Drawn,
    Identities,
    Place,
    PlotLine,
    Protocol,
    TableRow,
    identities,
    named,
    settings_of,
)
from app.window.states.maps import ImageKey, MapEntry, MapsState
from app.window.states.prediction import Phase
from core.curves.curve_set import CurveScore, CurveSet
from core.curves.protocol import CurveKind
from core.errors import Cancelled, SaliscopeError, WorkerLost
from core.images.slice import Slice
from core.methods import METHODS
from core.network.cost import Cost
from core.worker.messages import CurvesDone, CurvesRequest

BASELINES = ("random", "edge")
KINDS: tuple[CurveKind, ...] = ("aic", "sic")


class CurvesState(QObject):
    """The curves of one image; drawn anew on request, kept until then.

    Curves by cells are also made unasked, for the evidence beside the maps. They are shown when somebody
    asks for them, at once.
    """

    changed = Signal()
    known_changed = Signal()  # what is known of the maps, without a change of what is shown
    progressed = Signal()
    cursor_changed = Signal()

    def __init__(self, worker: JobLink, maps: MapsState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._maps = worker, maps
        self._drawn: dict[Place, Drawn] = {}
        self._ahead: dict[ImageKey, Drawn] = {}
        self._failures: dict[ImageKey, tuple[Identities, SaliscopeError]] = {}
        self._declined: set[tuple[ImageKey, Identities]] = set()
        self.cursor: float | None = None
        self.protocol: Protocol = "cells"
        self.phase = Phase.EMPTY
        self.error: SaliscopeError | None = None
        self._image: Slice | None = None
        self._class = ""
        self._asked: CurveJob | None = None
        self._unasked: CurveJob | None = None
        self._done, self._total = 0, 0
        maps.changed.connect(self.changed)
        worker.queue_changed.connect(self._on_queue_changed)
        worker.progressed.connect(self._on_progressed)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)

    def set_image(self, image: Slice | None) -> None:
        """Another slice: what runs for the old one is withdrawn."""
        self._withdraw()
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
        return self._shown.curves if self._shown is not None else None

    @property
    def _shown(self) -> Drawn | None:
        key = self._maps.key
        return self._drawn.get((key, self.protocol)) if key else None

    @property
    def running(self) -> bool:
        """Something runs that a person asked for."""
        return self._asked is not None

    @property
    def at_work(self) -> bool:
        """Something runs, asked for or not."""
        return self._asked is not None or self._unasked is not None

    @property
    def can_start(self) -> bool:
        return bool(self._class and self._judged()) and not self.running

    @property
    def outdated(self) -> bool:
        """There are maps that the drawn curves do not know."""
        if self._shown is None:
            return False
        return not identities(self._judged()) <= self._shown.identities

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
        """Judge the maps of the shown image by the chosen protocol."""
        self._start(self.protocol)

    def start_cells(self) -> None:
        """The same by cells, which the evidence beside the maps comes from."""
        self._start("cells")

    def _start(self, protocol: Protocol) -> None:
        if not self.can_start or self._image is None or self._maps.key is None:
            return
        place, judged = (self._maps.key, protocol), named(self._judged())
        wanted = identities(judged.values())
        self.error = None
        if protocol == "cells":
            self._failures.pop(place[0], None)
            ahead = self._ahead.get(place[0])
            if ahead is not None and ahead.identities == wanted:
                self._show(place, ahead)
                return
        begun = self._unasked
        if begun is not None and (begun.place, begun.identities, begun.gives_way) == (place, wanted, False):
            self._asked, self._unasked = begun, None  # it was asked for now
        else:
            self._done, self._total = 0, 0
            self._asked = self._submitted(place, judged)
        self._settle()
        self.progressed.emit()

    def _submitted(self, place: Place, judged: Mapping[str, MapEntry]) -> CurveJob:
        assert self._image is not None
        known = {name: entry.record for name, entry in judged.items() if entry.record is not None}
        request = CurvesRequest(
            model=place[0].model,
            names=tuple(known),
            maps=tuple(known.values()),
            class_name=self._class,
            settings=settings_of(place[1]),
        )
        arrays = [entry.values for entry in judged.values() if entry.values is not None]
        return CurveJob(self._worker.submit(request, arrays, self._image), place, judged)

    def cancel(self) -> None:
        """End what runs, and do not begin it again before somebody asks for it."""
        for job in (self._asked, self._unasked):
            if job is not None and job.place[1] == "cells":
                self._declined.add((job.place[0], job.identities))
        self._withdraw()

    def _withdraw(self) -> None:
        for job in (self._unasked, self._asked):
            if job is not None:
                self._worker.cancel(job.number)

    # What nobody asked for

    @property
    def unasked_cost(self) -> Cost | None:
        """Of curves by cells that would tell of maps of which nothing is known; None where there are none."""
        key, judged = self._maps.key, identities(self._judged())
        if not self._class or self._image is None or key is None or self.at_work:
            return None
        undefined = any(not drawn.curves.scores for drawn in self._known())
        known = Identities().union(*(drawn.identities for drawn in self._known()))
        if undefined or judged <= known or (key, judged) in self._declined:
            return None
        return Cost(forwards=settings_of("cells").evaluations(len(judged)))

    def start_unasked(self) -> None:
        """Make them, until anything else is asked of the worker."""
        if self.unasked_cost is not None and self._maps.key is not None:
            self._done, self._total = 0, 0
            self._unasked = self._submitted((self._maps.key, "cells"), named(self._judged()))
            self.known_changed.emit()
            self.progressed.emit()

    @Slot()
    def _on_queue_changed(self) -> None:
        """Work that nobody asked for gives way."""
        job = self._unasked
        if job is not None and not job.gives_way and set(self._worker.open_jobs) > {job.number}:
            job.gives_way = True
            self._worker.cancel(job.number)

    # What the curves say of a map

    def _known(self) -> list[Drawn]:
        """The curves by cells of the shown image, those that are shown first."""
        key = self._maps.key
        if key is None:
            return []
        found = self._drawn.get((key, "cells")), self._ahead.get(key)
        return [drawn for drawn in found if drawn is not None]

    def obstacle(self, entry: MapEntry) -> str:
        """Why no curves can be drawn now that would tell of this map; nothing where they can."""
        if not self._class:
            return texts_checks.CHECK_NEEDS_PREDICTION
        if entry.target.class_name != self._class:
            return texts.OTHER_TARGET
        if not self._judged():
            return texts.ONLY_CONTROL_MAPS
        return texts.OTHER_CURVES if self.running else ""

    def judges(self, entry: MapEntry) -> bool:
        """Curves by cells are being drawn that will tell of this map."""
        jobs = [job for job in (self._asked, self._unasked) if job is not None]
        here = [job for job in jobs if job.place == (self._maps.key, "cells")]
        return any(self._is_of(entry, job.identities) for job in here)

    def score_of(self, entry: MapEntry) -> CurveScore | None:
        """What the curves by cells say of this very map; None while they do not know it."""
        for drawn in self._known():
            name = entry.method if self._is_followed_edge(entry) else drawn.name_of(entry)
            score = drawn.curves.score(name, "sic") or drawn.curves.score(name, "aic")
            if score is not None:
                return score
        return None

    def undefined_for(self, entry: MapEntry) -> str:
        """Why this image has no curves by cells, for whatever map of the followed class."""
        if entry.target.class_name != self._class:
            return ""
        missing = next((drawn.curves.undefined for drawn in self._known() if not drawn.curves.scores), ())
        return texts.no_curves(missing) if missing else ""

    def failure_of(self, entry: MapEntry) -> SaliscopeError | None:
        """What ended the last curves by cells that were to tell of this map."""
        key = self._maps.key
        if key is None or key not in self._failures:
            return None
        of, error = self._failures[key]
        return error if self._is_of(entry, of) else None

    def _is_of(self, entry: MapEntry, maps: Identities) -> bool:
        return self._is_followed_edge(entry) or identities([entry]) <= maps

    def _is_followed_edge(self, entry: MapEntry) -> bool:
        return entry.method == "edge" and entry.target.class_name == self._class

    # What is shown

    def set_cursor(self, x: float | None) -> None:
        """The place on the axis, 0 to 1, that is looked at in the plots and in the revealed pictures."""
        if x != self.cursor:
            self.cursor = x
            self.cursor_changed.emit()

    def drawn_map(self, name: str) -> MapEntry | None:
        """The map of which the drawn curve was made; None for the engine's own baselines."""
        return self._shown.maps.get(name) if self._shown is not None else None

    def name_of(self, entry: MapEntry) -> str:
        """The name that the drawn curves have for this very map; empty where they do not know it."""
        return self._shown.name_of(entry) if self._shown is not None else ""

    def title_of(self, name: str) -> str:
        """Maps of one method are told apart as everywhere, by their number among them."""
        entry = self.drawn_map(name)
        if entry is None:
            return next((known.title for known in METHODS if known.name == name), name)
        wanted, titles = identities([entry]), dict(self._maps.choices)
        same = (one.number for one in self._maps.finished if identities([one]) == wanted)
        return titles.get(next(same, 0), entry.title)

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
        return tuple(sorted(rows, key=lambda row: (row.baseline, -row.figure)))

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
        baseline = method in BASELINES
        scores = curves.score(method, "aic"), curves.score(method, "sic")
        return TableRow(method, self.title_of(method), baseline, at, *scores)

    def _judged(self) -> list[MapEntry]:
        """The finished maps that explain the class whose probability is followed.

        The baselines are drawn by the engine itself.
        """
        fit = (entry for entry in self._maps.finished if entry.target.class_name == self._class)
        return [entry for entry in fit if entry.method not in BASELINES]

    def _show(self, place: Place, drawn: Drawn) -> None:
        self._drawn[place] = drawn
        if place[1] == "cells":
            self._ahead.pop(place[0], None)
        self._settle()
        self.progressed.emit()

    def _settle(self) -> None:
        if self.running:
            self.phase = Phase.WAITING
        elif self.error is not None:
            self.phase = Phase.FAILED
        else:
            self.phase = Phase.DONE if self.curves is not None else Phase.EMPTY
        self.changed.emit()

    def _job(self, number: int) -> CurveJob | None:
        jobs = (job for job in (self._asked, self._unasked) if job is not None)
        return next((job for job in jobs if job.number == number), None)

    @Slot(int, int, int, str)
    def _on_progressed(self, number: int, done: int, total: int, text: str) -> None:
        if self._job(number) is not None:
            self._done, self._total = done, total
            self.progressed.emit()

    @Slot(int, object, object)
    def _on_finished(self, number: int, message: object, arrays: object) -> None:
        job = self._job(number)
        if job is None or not isinstance(message, CurvesDone):
            return
        drawn = Drawn(message.curves, job.maps)
        if job is self._asked:
            self._asked = None
            self._show(job.place, drawn)
        else:
            self._unasked = None
            self._ahead[job.place[0]] = drawn
            self.known_changed.emit()
            self.progressed.emit()

    @Slot(int, object)
    def _on_failed(self, number: int, error: SaliscopeError) -> None:
        job = self._job(number)
        if job is None:
            return
        (key, protocol), ended = job.place, isinstance(error, Cancelled)
        if protocol == "cells" and not ended:
            # Not again unasked: what killed the worker once would do so again.
            self._declined.add((key, job.identities))
            if not isinstance(error, WorkerLost):
                self._failures[key] = job.identities, error
        if job is self._asked:
            self._asked, self.error = None, None if ended else error
            self._settle()
        else:
            self._unasked = None
            self.known_changed.emit()
        self.progressed.emit()
