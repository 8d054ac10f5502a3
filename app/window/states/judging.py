"""The checks of maps by metrics: asked for by a person, or, if not dear, made while nothing else runs."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.texts import checks as texts
from app.window.links import JobLink, LinkState
from app.window.states.explain import ExplainState
from app.window.states.maps import MapEntry, MapsState
from app.window.states.region import on_grid
from core.arrays import Array, FloatArray
from core.checks import CHECKS, check_named
from core.checks.contract import (
    Check,
    CheckFacts,
    CheckFamily,
    Finding,
    is_constant_image,
    require_checkable,
)
from core.errors import Cancelled, SaliscopeError, WorkerLost
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.methods import method_named
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.parameters import checked_parameters
from core.worker.messages import CheckDone, CheckRequest, PartialFinding, PartialMap

# What is expected to take no longer is checked unasked: what gives way within a batch may take a while.
CHEAP_S = 20.0
# So long nothing must have been asked of the worker before it is given work that nobody asked for.
IDLE_MS = 500
SEED = 0


class CheckPhase(Enum):
    """Where a check stands."""

    OPEN = "open"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class CheckResult:
    """One metric on one map. finding: so far, or in the end. maps: (rows, columns) each, as they were made.

    error: why there is no finding.
    """

    state: CheckPhase = CheckPhase.OPEN
    finding: Finding | None = None
    error: SaliscopeError | None = None
    done: int = 0
    total: int = 0
    maps: tuple[FloatArray, ...] = ()

    @property
    def under_way(self) -> bool:
        return self.state in (CheckPhase.WAITING, CheckPhase.RUNNING)

    @property
    def share_done(self) -> float:
        """0 to 1."""
        return self.done / self.total if self.total else 0.0


UNCHECKED = CheckResult()
Place = tuple[int, str]


class JudgingState(QObject):
    """All checks of this session, by the number of the map and the name of the metric.

    unasked_metrics: names of those that are computed while the worker is idle, the cheapest first, if they
    are not dear.
    """

    changed = Signal(int, str)  # the map's number and the metric's name; 0 and nothing for all of them
    progressed = Signal()
    spare_time = Signal()  # the worker is idle, and no check is left to be made unasked

    def __init__(
        self, worker: JobLink, maps: MapsState, explain: ExplainState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._worker, self._maps, self._explain = worker, maps, explain
        self._checks: dict[Place, CheckResult] = {}
        self._jobs: dict[int, Place] = {}
        self._unasked: int | None = None
        self._gives_way = False
        self._declined: set[Place] = set()
        self._image: Slice | None = None
        self._input: FloatArray | None = None
        self.region: Array | None = None
        self._cells: tuple[GridMap, Array | None] | None = None
        self.unasked_metrics: tuple[str, ...] = ()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._use_idle_time)
        worker.queue_changed.connect(self._on_queue_changed)
        worker.state_changed.connect(self._on_queue_changed)
        worker.progressed.connect(self._on_progressed)
        worker.refined.connect(self._on_refined)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)
        maps.changed.connect(self._on_queue_changed)

    def set_image(self, image: Slice | None) -> None:
        """Another slice: what runs for the old one is withdrawn; its findings stay with its maps."""
        self._withdraw()
        self._image, self._input = image, None

    def set_input(self, x: FloatArray | None) -> None:
        """What the network saw of the slice, (height, width, channels)."""
        self._input = x
        self.changed.emit(0, "")
        self._on_queue_changed()

    def set_region(self, region: Array | None) -> None:
        """Where the evidence should lie, (rows, columns) bool of the slice; findings about another go."""
        self.region, self._cells = region, None
        located = {one.name for one in CHECKS if one.family is CheckFamily.LOCALISATION}
        for job in [job for job, (_, name) in self._jobs.items() if name in located]:
            self._worker.cancel(job)
        for place in [place for place in self._checks if place[1] in located]:
            del self._checks[place]
        self._declined = {place for place in self._declined if place[1] not in located}
        self.changed.emit(0, "")
        self._on_queue_changed()

    # What can be asked

    def check(self, number: int, name: str) -> CheckResult:
        return self._checks.get((number, name), UNCHECKED)

    def obstacle(self, entry: MapEntry, name: str) -> str:
        """Why this map cannot be checked so; nothing where it can."""
        facts = self._facts(entry)
        if facts is None:
            return texts.CHECK_NEEDS_PREDICTION
        try:
            require_checkable(check_named(name), facts)
        except SaliscopeError as error:
            return error.message
        return ""

    def seconds(self, entry: MapEntry, name: str) -> float | None:
        """What the check is expected to take on this machine; None where no map has told its speed yet."""
        cost = self.cost(entry, name)
        return self.seconds_of(cost) if cost is not None else None

    def seconds_of(self, cost: Cost) -> float | None:
        """What so many model calls are expected to take; None where the machine's speed is not known."""
        return self._explain.seconds_of(cost)

    def cost(self, entry: MapEntry, name: str) -> Cost | None:
        """The model calls of the check; None where it cannot be made."""
        facts = self._facts(entry)
        if facts is None:
            return None
        chosen = check_named(name)
        try:
            return chosen.cost(chosen.Params(), facts)
        except SaliscopeError:
            return None  # said as the obstacle

    @property
    def running(self) -> bool:
        """Something runs that a person asked for."""
        return any(job != self._unasked for job in self._jobs)

    @property
    def progress(self) -> tuple[float | None, str]:
        """Share done of what runs and waits, and what runs, in words; nothing if nothing does."""
        if not self._jobs:
            return None, ""
        number, name = self._jobs.get(self._worker.running_job or 0) or next(iter(self._jobs.values()))
        check, entry = self.check(number, name), self._maps.entry(number)
        title = entry.title if entry is not None else ""
        share = check.share_done if check.total else None
        return share, texts.checking(title, check_named(name).title, check.done, check.total)

    # Work

    def start(self, number: int, name: str) -> None:
        """Check a map of the shown image; nothing if that is under way."""
        entry = self._maps.entry(number)
        jobs = [job for job, place in self._jobs.items() if place == (number, name)]
        unasked = jobs == [self._unasked]
        if unasked and not self._gives_way:
            self._unasked = None  # it was asked for now
            self.progressed.emit()
        elif entry is not None and (unasked or not jobs):
            self._submit(entry, name)

    def cancel(self) -> None:
        """End all checks that run or wait, and make none of them before somebody asks for it."""
        self._declined.update(self._jobs.values())
        self._withdraw()

    def _withdraw(self) -> None:
        for job in list(self._jobs)[::-1]:
            self._worker.cancel(job)

    def cancel_check(self, number: int, name: str) -> None:
        self._declined.add((number, name))
        for job in [job for job, place in self._jobs.items() if place == (number, name)]:
            self._worker.cancel(job)

    def _submit(self, entry: MapEntry, name: str, unasked: bool = False) -> None:
        if self._image is None or self._maps.key is None or entry.record is None or entry.values is None:
            return
        chosen = check_named(name)
        request = CheckRequest(
            model=self._maps.key.model,
            check=name,
            parameters=chosen.Params().model_dump(mode="json"),
            map=entry.record,
            seed=SEED,
        )
        arrays: list[Array] = [entry.values]
        if chosen.family is CheckFamily.LOCALISATION and self.region is not None:
            arrays.append(self.region)
        place = entry.number, name
        self._set(place, CheckResult(CheckPhase.WAITING))
        if unasked:
            # Known as unasked before the queue changes, which would withdraw it.
            self._unasked = 0
        job = self._worker.submit(request, arrays, self._image)
        self._jobs[job] = place
        self._unasked = job if unasked else self._unasked
        self.progressed.emit()

    def _facts(self, entry: MapEntry) -> CheckFacts | None:
        """What obstacles and costs follow from; None before the prediction or the map are there."""
        network, record, x = self._explain.network, entry.record, self._input
        if network is None or record is None or entry.values is None or x is None:
            return None
        chosen = method_named(record.name)
        return CheckFacts(
            network=network,
            map=AttributionMap(entry.values, record.signed, record.cells, record.diagnostics, record.choices),
            method=chosen,
            params=checked_parameters(chosen, dict(record.parameters)),
            target=record.target.target((record.target.class_name, record.target.against or "")),
            region=self._region_on_grid(),
            is_image_constant=is_constant_image(x),
            no_share=record.no_share,
            no_order=record.no_order,
        )

    def _region_on_grid(self) -> Array | None:
        grid_map = self._maps.grid_map
        if self.region is None or grid_map is None:
            return None
        if self._cells is None or self._cells[0] is not grid_map:
            self._cells = grid_map, on_grid(self.region, grid_map)
        return self._cells[1]

    # Work that nobody asked for

    @Slot()
    def _on_queue_changed(self) -> None:
        asked = [job for job in self._worker.open_jobs if job != self._unasked]
        if self._unasked and asked and self._unasked in self._jobs and not self._gives_way:
            self._gives_way = True
            self._worker.cancel(self._unasked)
        if not self._worker.open_jobs and self._worker.state is LinkState.READY:
            self._idle.start()
        else:
            self._idle.stop()

    @Slot()
    def _use_idle_time(self) -> None:
        if self._worker.open_jobs or self._worker.state is not LinkState.READY:
            return
        found = self._cheapest()
        if found is not None:
            self._submit(*found, unasked=True)
        else:
            self.spare_time.emit()

    def _cheapest(self) -> tuple[MapEntry, str] | None:
        """The open check that is expected to take least, if that is not much."""
        costs = {
            (entry.number, name): seconds
            for entry in self._maps.finished
            for name in self.unasked_metrics
            if self.check(entry.number, name).state is CheckPhase.OPEN
            and (entry.number, name) not in self._declined
            and (seconds := self.seconds(entry, name)) is not None
            and seconds <= CHEAP_S
            and not self.obstacle(entry, name)
        }
        if not costs:
            return None
        number, name = min(costs, key=lambda place: costs[place])
        entry = self._maps.entry(number)
        return (entry, name) if entry is not None else None

    # What comes back

    def _set(self, place: Place, check: CheckResult) -> None:
        self._checks[place] = check
        self.changed.emit(*place)

    @Slot(int, int, int, str)
    def _on_progressed(self, job: int, done: int, total: int, text: str) -> None:
        if job in self._jobs:
            place = self._jobs[job]
            before = self.check(*place)
            self._set(place, replace(before, state=CheckPhase.RUNNING, done=done, total=total))
            self.progressed.emit()

    @Slot(int, object, object)
    def _on_refined(self, job: int, message: object, arrays: list[Any]) -> None:
        if job not in self._jobs:
            return
        place = self._jobs[job]
        before = replace(self.check(*place), state=CheckPhase.RUNNING)
        match message:
            case PartialFinding(finding=finding):
                self._set(place, replace(before, finding=finding))
            case PartialMap():
                self._set(place, replace(before, maps=(*before.maps, arrays[0])))

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: object) -> None:
        if job in self._jobs and isinstance(message, CheckDone):
            place = self._ended(job)
            done = replace(self.check(*place), state=CheckPhase.DONE, finding=message.finding)
            self._set(place, done)
            self.progressed.emit()

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        if job not in self._jobs:
            return
        unasked = job == self._unasked
        place = self._ended(job)
        if unasked and isinstance(error, WorkerLost):
            # What killed the worker once would do so again.
            self._declined.add(place)
        if place in self._jobs.values():
            pass  # it was asked for again while it gave way
        elif isinstance(error, Cancelled | WorkerLost):
            self._set(place, UNCHECKED)
        else:
            self._set(place, CheckResult(CheckPhase.FAILED, error=error))
        self.progressed.emit()

    def _ended(self, job: int) -> Place:
        if job == self._unasked:
            self._unasked, self._gives_way = None, False
        return self._jobs.pop(job)


def metrics_of(*families: CheckFamily) -> tuple[Check, ...]:
    """The metrics of these families, in the order of CHECKS."""
    return tuple(one for one in CHECKS if one.family in families)
