"""What a process does while a person asks for nothing: the cheapest task first, until somebody does."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from app.window.jobs import Job
from app.window.links import JobLink, LinkState
from core.errors import SaliscopeError, WorkerLost

# A check that is expected to take no longer is made in the background; it yields within a batch.
CHEAP_S = 20.0
# The same for the short answers beside the map over the image, which a person looks at, and for curves,
# which answer for all maps at once.
SHOWN_S = 120.0
# The same for answers while the machine's speed is not known: the curves of one map take fewer.
FEW_CALLS = 600
# So long the process must have had no job before it is given a background task.
IDLE_MS = 250


class TaskKind(IntEnum):
    """Kinds of background tasks, in the order in which they are done.

    SHOWN_MAP: short answers about the map over the image.
    """

    SECOND_PREDICTION = 0
    SCAN = 1
    PLACING = 2
    UNITS = 3
    LAYERS = 4
    SHOWN_MAP = 5
    CALIBRATION = 6
    CHECK = 7
    CURVES = 8


# What a person started or looks at and waits for, and the measurement from which all expected times follow.
WAITED_FOR = (
    TaskKind.SECOND_PREDICTION,
    TaskKind.SCAN,
    TaskKind.PLACING,
    TaskKind.UNITS,
    TaskKind.LAYERS,
    TaskKind.CALIBRATION,
)
# What a person has just opened, and what may take minutes and makes way for it.
LOOKED_AT = (TaskKind.UNITS, TaskKind.LAYERS)
MAKE_WAY = (TaskKind.SHOWN_MAP, TaskKind.CHECK, TaskKind.CURVES)


@dataclass(frozen=True, slots=True)
class BackgroundTask:
    """Work that makes way for everything else that a person asks for.

    key: tells tasks apart. seconds: its expected duration, or the number of model calls while the machine's
    speed is not known: it orders tasks of one kind. submit: begins it as a background job; None if
    that has become impossible.
    """

    kind: TaskKind
    key: Hashable
    seconds: float
    submit: Callable[[], Job | None]


def is_background_work(seconds: float | None, calls: int, is_shown: bool, most_s: float = CHEAP_S) -> bool:
    """Whether an answer about a map is worked out in the background without a request.

    seconds: expected, None while the machine's speed is not known. is_shown: of the map over the image.
    most_s: the limit for other maps.
    """
    if seconds is None:
        return is_shown and calls <= FEW_CALLS
    return seconds <= (SHOWN_S if is_shown else most_s)


TaskSource = Callable[[], Iterable[BackgroundTask]]


class BackgroundScheduler(QObject):
    """Runs one background task at a time on an idle process, and cancels it for any other job.

    A task that was cancelled for a person's request is offered by its source again; one that was declined,
    or that killed the process, is not started again.
    """

    def __init__(self, link: JobLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._sources: list[TaskSource] = []
        self._declined: set[Hashable] = set()
        self._is_held = False
        self._are_answers_allowed = True
        self._kind: TaskKind | None = None
        """Of the task that was begun last."""
        self._idle_timer = QTimer(self)
        self._idle_timer.setSingleShot(True)
        self._idle_timer.setInterval(IDLE_MS)
        self._idle_timer.timeout.connect(self.run_next)
        link.queue_changed.connect(self.review)
        link.state_changed.connect(self.review)

    def add_source(self, source: TaskSource) -> None:
        """source: gives the tasks that could be done now."""
        self._sources.append(source)

    def decline(self, key: Hashable) -> None:
        """Do not begin this task by itself any more."""
        self._declined.add(key)

    def set_held(self, is_held: bool) -> None:
        """Do nothing in the background while another process needs the machine for a person."""
        if is_held != self._is_held:
            self._is_held = is_held
            self.review()

    def set_answers_allowed(self, is_allowed: bool) -> None:
        """Whether to begin what nobody waits for. If not, such a task that is running ends."""
        if is_allowed != self._are_answers_allowed:
            self._are_answers_allowed = is_allowed
            if self._kind is not None and not self._is_allowed(self._kind):
                self._cancel_running()
            self.review()

    @Slot()
    def review(self) -> None:
        """Cancel the background task if a person waits; begin to wait if the process is idle."""
        jobs = self._link.open_jobs
        if self._is_held or any(not job.is_background for job in jobs):
            self._cancel_running()
        if self._is_idle:
            self._idle_timer.start()
        else:
            self._idle_timer.stop()

    @Slot()
    def run_next(self) -> None:
        """Begin the next task, if the process is idle and there is one.

        An answer that nobody waits for, and that is being worked out, makes way for what is looked at.
        """
        tasks = self._tasks
        if not self._is_idle:
            if self._kind in MAKE_WAY and any(task.kind in LOOKED_AT for task in tasks):
                self._cancel_running()
            return
        if not tasks:
            return
        task = min(tasks, key=lambda task: (task.kind, task.seconds))
        self._kind = task.kind
        job = task.submit()
        if job is not None:
            job.failed.connect(partial(self._on_failed, task.key))

    @property
    def _tasks(self) -> list[BackgroundTask]:
        """What could be done now."""
        offered = (task for source in self._sources for task in source())
        return [task for task in offered if task.key not in self._declined and self._is_allowed(task.kind)]

    def _cancel_running(self) -> None:
        for job in self._link.open_jobs:
            if job.is_background:
                job.cancel()

    def _is_allowed(self, kind: TaskKind) -> bool:
        return self._are_answers_allowed or kind in WAITED_FOR

    @property
    def _is_idle(self) -> bool:
        return not self._is_held and not self._link.open_jobs and self._link.state is LinkState.READY

    def _on_failed(self, key: Hashable, error: SaliscopeError) -> None:
        if isinstance(error, WorkerLost):
            self.decline(key)
