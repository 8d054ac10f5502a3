"""One check of one map: where it stands, what it gives so far, and the job that computes it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from core.arrays import FloatArray
from core.checks.contract import Finding
from core.errors import Cancelled, SaliscopeError, WorkerLost
from core.worker.messages import CheckDone, PartialFinding, PartialMap

# The map's number and the check's name.
CheckKey = tuple[int, str]


class CheckPhase(Enum):
    """Where a check stands."""

    OPEN = "open"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class CheckResult:
    """One check of one map. finding: so far, or in the end. maps: (rows, columns) each, as they were made.

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


class CheckResults:
    """The results by the map's number and the check's name; numbers of maps are never used again."""

    def __init__(self) -> None:
        self._results: dict[CheckKey, CheckResult] = {}
        self._forgotten_maps: set[int] = set()

    def __getitem__(self, key: CheckKey) -> CheckResult:
        """UNCHECKED where there is none."""
        return self._results.get(key, UNCHECKED)

    def __setitem__(self, key: CheckKey, result: CheckResult) -> None:
        if key[0] in self._forgotten_maps:
            return
        if result is UNCHECKED:
            self._results.pop(key, None)
        else:
            self._results[key] = result

    def forget(self, maps: Collection[int]) -> None:
        """Let go of the results of maps that are gone, and of those that still come."""
        self._forgotten_maps |= set(maps)
        self._results = {key: result for key, result in self._results.items() if key[0] not in maps}

    def forget_checks(self, is_outdated: Callable[[str], bool]) -> None:
        """Let go of the results of some checks, named to `is_outdated`."""
        self._results = {key: result for key, result in self._results.items() if not is_outdated(key[1])}


class CheckRun(QObject):
    """A check under way: turns what its job tells into a result."""

    changed = Signal()
    ended = Signal()

    def __init__(self, job: Job, key: CheckKey, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.job, self.key = job, key
        self.result = CheckResult(CheckPhase.WAITING)
        job.progressed.connect(self._on_progressed)
        job.refined.connect(self._on_refined)
        job.done.connect(self._on_done)
        job.failed.connect(self._on_failed)

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, text: str) -> None:
        self.result = replace(self.result, state=CheckPhase.RUNNING, done=done, total=total)
        self.changed.emit()

    @Slot(object, object)
    def _on_refined(self, message: object, arrays: list[FloatArray]) -> None:
        match message:
            case PartialFinding(finding=finding):
                self.result = replace(self.result, state=CheckPhase.RUNNING, finding=finding)
            case PartialMap():
                maps = (*self.result.maps, arrays[0])
                self.result = replace(self.result, state=CheckPhase.RUNNING, maps=maps)
        self.changed.emit()

    @Slot(object, object)
    def _on_done(self, message: CheckDone, arrays: object) -> None:
        self.result = replace(self.result, state=CheckPhase.DONE, finding=message.finding)
        self.ended.emit()

    @Slot(object)
    def _on_failed(self, error: SaliscopeError) -> None:
        if isinstance(error, Cancelled | WorkerLost):
            self.result = UNCHECKED
        else:
            self.result = CheckResult(CheckPhase.FAILED, error=error)
        self.ended.emit()
