"""Curves of the shown image's maps: what is drawn on request, and what is drawn in the background."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import checks as texts_checks
from app.texts import curves as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.background import (
    SHOWN_S,
    BackgroundScheduler,
    BackgroundTask,
    TaskKind,
    is_background_work,
)
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.curve_costs import CurveCosts
from app.window.states.curve_store import CurveStore, is_measured_by
from app.window.states.curve_table import CurveTable
from app.window.states.drawn_curves import (
    CurvesJob,
    CurvesKey,
    DrawnCurves,
    MapIdentities,
    Protocol,
    map_identities,
    named,
    settings_of,
)
from app.window.states.maps import MapEntry, MapsState, empty_words
from app.window.states.pace import Pace
from app.window.states.prediction import Phase, PredictionState
from app.window.states.shown import ShownState
from core.arrays import Array
from core.curves.curve_set import CurveSet
from core.curves.protocol import CurveKind
from core.errors import Cancelled, SaliscopeError, WorkerLost
from core.worker.messages import CurvesDone, CurvesRequest

KINDS: tuple[CurveKind, ...] = ("aic", "sic")


class CurvesState(QObject):
    """The curves of one image, drawn on request.

    Curves by cells are also drawn in the background, for the evidence beside the maps, and shown like others.
    """

    changed = Signal()
    evidence_changed = Signal()  # what is being drawn that will tell of maps
    progressed = Signal()
    cursor_changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        prediction: PredictionState,
        maps: MapsState,
        background: BackgroundScheduler,
        pace: Pace,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._shown, self._prediction, self._maps = worker, shown, prediction, maps
        self._background, self.costs = background, CurveCosts(pace)
        self.store = CurveStore()
        self.cursor: float | None = None
        self.protocol: Protocol = "cells"
        self.phase = Phase.EMPTY
        self.error: SaliscopeError | None = None
        self._jobs: list[CurvesJob] = []
        self._done_steps, self._total_steps = 0, 0
        background.add_source(self._background_tasks)
        maps.changed.connect(self.changed)
        pace.changed.connect(self.changed)
        shown.changed.connect(self._on_shown_changed)
        prediction.changed.connect(self._settle)

    def set_protocol(self, protocol: Protocol) -> None:
        if protocol != self.protocol:
            self.protocol = protocol
            self._settle()

    def set_cursor(self, x: float | None) -> None:
        """The position on the axis, 0 to 1, that is looked at in the plots and in the revealed pictures."""
        if x != self.cursor:
            self.cursor = x
            self.cursor_changed.emit()

    @property
    def drawn(self) -> DrawnCurves | None:
        """The curves that are shown, with their maps."""
        return self.store.drawn(self._maps.key, self.protocol)

    @property
    def curves(self) -> CurveSet | None:
        return self.drawn.curves if self.drawn is not None else None

    @property
    def table(self) -> CurveTable:
        """What of them is plotted and stands in the table."""
        return CurveTable(self.drawn, self._maps)

    @property
    def running(self) -> bool:
        """Curves are being drawn that a person asked for."""
        return any(not curves_job.job.is_background for curves_job in self._jobs)

    @property
    def at_work(self) -> bool:
        """Curves are being drawn, asked for or in the background."""
        return bool(self._jobs)

    @property
    def can_start(self) -> bool:
        return bool(self._prediction.class_name and self._measured_maps()) and not self.running

    @property
    def outdated(self) -> bool:
        """There are maps that the drawn curves do not know."""
        return self.drawn is not None and not map_identities(self._measured_maps()) <= self.drawn.identities

    @property
    def progress(self) -> tuple[float, str]:
        share = self._done_steps / self._total_steps if self._total_steps else 0.0
        return share, texts.DRAWING_CURVES

    @property
    def empty_text(self) -> str:
        """What would fill the panel."""
        maps = self._measured_maps()
        if self.running:
            return texts.CURVES_RUNNING
        if not maps:
            return empty_words(self._maps, texts.CURVES_NEED_MAPS)
        return f"{texts.CURVES_OFFER} {self.costs.words(self.protocol, len(maps))}".rstrip()

    def obstacle(self, entry: MapEntry) -> str:
        """Why no curves can be drawn now that would tell of this map; nothing where they can."""
        if not self._prediction.class_name:
            return texts_checks.CHECK_NEEDS_PREDICTION
        if entry.target.class_name != self._prediction.class_name:
            return texts.OTHER_TARGET
        if not self._measured_maps():
            return texts.ONLY_CONTROL_MAPS
        return texts.OTHER_CURVES if self.running else ""

    def is_measuring(self, entry: MapEntry) -> bool:
        """Curves by cells are being drawn that will tell of this map."""
        class_name, key = self._prediction.class_name, (self._maps.key, "cells")
        jobs = (curves_job for curves_job in self._jobs if curves_job.key == key)
        return any(is_measured_by(entry, curves_job.identities, class_name) for curves_job in jobs)

    # Work

    @Slot()
    def start(self) -> None:
        """Measure the maps of the shown image by the chosen protocol."""
        self.start_with(self.protocol)

    def start_with(self, protocol: Protocol) -> None:
        """The same by this protocol; by cells is what the evidence beside the maps comes from."""
        key, wanted = self._maps.key, map_identities(self._measured_maps())
        if not self.can_start or key is None:
            return
        self.error = None
        drawn = self.store.drawn(key, protocol)
        running = next((curves_job for curves_job in self._jobs if not curves_job.job.is_yielding), None)
        if protocol == "cells":
            self.store.clear_failure(key)
        if drawn is not None and drawn.is_background and drawn.identities == wanted:
            pass  # they are what is asked for
        elif running is not None and (running.key, running.identities) == ((key, protocol), wanted):
            running.job.is_background = False  # the user requests it now
        else:
            self._submit((key, protocol), is_background=False)
        self._settle()
        self.progressed.emit()

    def cancel(self) -> None:
        """End what runs, and do not begin it again before somebody asks for it."""
        for curves_job in self._jobs[::-1]:
            self._background.decline((curves_job.key, curves_job.identities))
            curves_job.job.cancel()

    def _background_tasks(self) -> Iterator[BackgroundTask]:
        """Curves by cells of maps without a known answer, if they are cheap."""
        key, measured = self._maps.key, map_identities(self._measured_maps())
        if not self._prediction.class_name or key is None or self.at_work:
            return
        drawn = self.store.drawn(key, "cells")
        answered = drawn.identities if drawn is not None else MapIdentities()
        if measured <= answered or (drawn is not None and not drawn.curves.scores):
            return
        selected = self._maps.selected
        is_shown = selected is not None and map_identities([selected]) <= measured - answered
        calls = self.costs.calls("cells", len(measured))
        seconds = self.costs.seconds("cells", len(measured))
        if is_background_work(seconds, calls, is_shown, SHOWN_S):
            kind = TaskKind.SHOWN_MAP if is_shown else TaskKind.CURVES
            submit = partial(self._submit, (key, "cells"), is_background=True)
            order = calls if seconds is None else seconds
            yield BackgroundTask(kind, ((key, "cells"), measured), order, submit)

    def _submit(self, key: CurvesKey, is_background: bool) -> Job | None:
        image, maps = self._shown.current.image, named(self._measured_maps())
        if image is None:
            return None
        records = {name: entry.record for name, entry in maps.items() if entry.record is not None}
        request = CurvesRequest(
            model=key[0].model,
            names=tuple(records),
            maps=tuple(records.values()),
            class_name=self._prediction.class_name,
            settings=settings_of(key[1]),
        )
        arrays = [entry.values for entry in maps.values() if entry.values is not None]
        self._done_steps, self._total_steps = 0, 0
        curves_job = CurvesJob(self._worker.submit(request, arrays, image, is_background), key, maps)
        self._jobs.append(curves_job)
        curves_job.job.progressed.connect(self._on_progressed)
        curves_job.job.done.connect(partial(self._on_done, curves_job))
        curves_job.job.failed.connect(partial(self._on_failed, curves_job))
        if is_background:
            self.evidence_changed.emit()
            self.progressed.emit()
        return curves_job.job

    def _measured_maps(self) -> list[MapEntry]:
        """The finished maps that explain the class whose probability is followed.

        The control maps are drawn by the engine itself.
        """
        class_name = self._prediction.class_name
        entries = (entry for entry in self._maps.finished if entry.target.class_name == class_name)
        return [entry for entry in entries if entry.method not in CONTROL_MAPS]

    @Slot()
    def _settle(self) -> None:
        if self.running:
            self.phase = Phase.WAITING
        elif self.error is not None:
            self.phase = Phase.FAILED
        else:
            self.phase = Phase.DONE if self.curves is not None else Phase.EMPTY
        self.changed.emit()

    @Slot()
    def _on_shown_changed(self) -> None:
        """What runs for the slice before is withdrawn."""
        for curves_job in self._jobs[::-1]:
            curves_job.job.cancel()
        self.error = None
        self._settle()

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, text: str) -> None:
        self._done_steps, self._total_steps = done, total
        self.progressed.emit()

    def _on_done(self, curves_job: CurvesJob, message: CurvesDone, arrays: list[Array]) -> None:
        self._jobs.remove(curves_job)
        self.costs.learn(curves_job.key[1], len(curves_job.maps), message)
        drawn = DrawnCurves(message.curves, curves_job.maps, curves_job.job.is_background)
        self.store.store(curves_job.key, drawn)
        self._settle()
        self.progressed.emit()

    def _on_failed(self, curves_job: CurvesJob, error: SaliscopeError) -> None:
        self._jobs.remove(curves_job)
        (key, protocol), is_cancelled = curves_job.key, isinstance(error, Cancelled)
        if protocol == "cells" and not is_cancelled:
            # Not again by itself: what ended it once would do so again.
            self._background.decline((curves_job.key, curves_job.identities))
            if not isinstance(error, WorkerLost):
                self.store.set_failure(key, curves_job.identities, error)
        if curves_job.job.is_background:
            self.evidence_changed.emit()
        else:
            if key == self._maps.key:  # an error about another slice is not told beside this one
                self.error = None if is_cancelled else error
            self._settle()
        self.progressed.emit()
