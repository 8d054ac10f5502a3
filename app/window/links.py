"""The processes as the window sees them: jobs go out, signals come in, nothing waits.

One job is with the process at a time and the others stay here, so that a queued one is cancelled at
once and a time limit counts from the moment its job began.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from itertools import count
from queue import SimpleQueue

from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.texts import processes as texts
from app.window.jobs import Delivery, Job
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError, UnknownSubject, WorkerLost
from core.images.slice import Slice
from core.link import (
    Cancel,
    CancelledJob,
    Child,
    Failed,
    JobProgress,
    Link,
    LinkError,
    Message,
    Outcome,
    Received,
)
from core.models.device import ComputingDevice
from core.worker.messages import PartialFinding, PartialMap, PartialPicture, Ready
from core.worker.process import start_worker
from core.worker.subjects import SubjectSender

# How long the window waits to hear how a process ended.
END_WAIT_S = 1.0
Spawn = Callable[[], Child]


class LinkState(Enum):
    """Where a process stands: not started, coming up, at work, gone, or there without its software.

    One without its software answers every job with the error that says what it lacks.
    """

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    LOST = "lost"
    REFUSED = "refused"


class JobLink(QObject):
    """The queue of jobs, without a process: one is with the process, the others wait."""

    state_changed = Signal()
    queue_changed = Signal()
    answered = Signal(object)  # the message that ends a job well

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._waiting: deque[Job] = deque()
        self.running_job: Job | None = None
        self.state = LinkState.OFF
        self.state_text = ""
        self.device: ComputingDevice | None = None
        self.refusal: SaliscopeError | None = None
        """What keeps the process from its work; None unless its state is REFUSED."""
        self.versions: dict[str, str] = {}

    @property
    def open_jobs(self) -> list[Job]:
        """The running job first, then those that wait."""
        running = [self.running_job] if self.running_job is not None else []
        return [*running, *self._waiting]

    def submit(
        self,
        request: Message,
        arrays: Sequence[Array] = (),
        image: Slice | None = None,
        is_background: bool = False,
    ) -> Job:
        """Queue a request about `image`; is_background: started by the program, not by the user."""
        delivery = Delivery(next(self._numbers), request, tuple(arrays), image)
        job = Job(delivery, self._cancel, is_background)
        self._waiting.append(job)
        self.queue_changed.emit()
        self._advance()
        return job

    def start(self) -> None:
        """Bring up the process behind the link; nothing if it is there."""
        raise NotImplementedError

    def restart(self) -> None:
        """Start it again; open jobs, if any, are lost."""
        raise NotImplementedError

    def shut_down(self) -> None:
        """End it for good; open jobs end as cancelled."""
        raise NotImplementedError

    def _cancel(self, job: Job) -> None:
        if job is self.running_job:
            self._deliver(Delivery(job.number, Cancel()))
        elif job in self._waiting:
            self._waiting.remove(job)
            self._fail(job, Cancelled())

    def _advance(self) -> None:
        answers = self.state in (LinkState.READY, LinkState.REFUSED)
        if answers and self.running_job is None and self._waiting:
            self.running_job = job = self._waiting.popleft()
            self._deliver(job.delivery)
            self._began()

    def _deliver(self, delivery: Delivery) -> None:
        """Hand it to the process; must not wait."""
        raise NotImplementedError

    def _began(self) -> None:
        """A job was handed over."""

    def _receive(self, received: Received) -> None:
        number, message, arrays = received
        job = self.running_job
        if job is None or number != job.number:
            return  # the last messages of a job that has already ended in the window
        match message:
            case JobProgress(done=done, total=total, text=text):
                job.progressed.emit(done, total, text)
            case PartialMap() | PartialFinding() | PartialPicture():
                job.refined.emit(message, arrays)
            case Failed(code=UnknownSubject.code) if job.is_ending:
                self._end_running()
                self._fail(job, Cancelled())
            case Failed(code=UnknownSubject.code) if not job.delivery.is_repeat:
                job.delivery = replace(job.delivery, is_repeat=True)
                self._deliver(job.delivery)
            case Failed():
                self._end_running()
                self._fail(job, message.error())
            case CancelledJob():
                self._end_running()
                self._fail(job, Cancelled())
            case _:
                self._end_running()
                self.answered.emit(message)
                job.finish(message, arrays)
        self._advance()

    def _end_running(self) -> None:
        self.running_job = None
        self.queue_changed.emit()

    def _fail(self, job: Job, error: SaliscopeError) -> None:
        self.queue_changed.emit()
        job.fail(error)

    def _lose_all(self, error: SaliscopeError) -> None:
        lost = self.open_jobs
        self.running_job = None
        self._waiting.clear()
        for job in lost:
            self._fail(job, error)

    def _set_state(self, state: LinkState, text: str) -> None:
        if (state, text) != (self.state, self.state_text):
            self.state, self.state_text = state, text
            self.state_changed.emit()


class _Listener(QThread):
    """Waits on the pipe and hands on what comes; ends when the pipe does."""

    received = Signal(int, object)  # generation, Received
    ended = Signal(int, bool)  # generation, whether all that came was valid

    def __init__(self, link: Link, generation: int, parent: QObject) -> None:
        super().__init__(parent)
        self._link, self._generation = link, generation

    def run(self) -> None:
        is_valid = True
        try:
            while (received := self._link.receive()) is not None:
                self.received.emit(self._generation, received)
        except LinkError:
            is_valid = False  # a process that sends invalid data is ended like one that died
        self.ended.emit(self._generation, is_valid)


class _Sender(QThread):
    """Writes to the pipe, so that a full one holds up no event; ends at None or with the pipe."""

    def __init__(self, link: Link, parent: QObject) -> None:
        super().__init__(parent)
        self._subjects = SubjectSender(link)
        self.queue: SimpleQueue[Delivery | None] = SimpleQueue()

    def run(self) -> None:
        try:
            while (item := self.queue.get()) is not None:
                self._subjects.send(item.request, item.arrays, item.job, item.image, item.is_repeat)
        except LinkError:
            return  # the listener sees the same end and tells it


class ProcessLink(JobLink):
    """A `JobLink` to a process of its own, which may be started again after it died."""

    def __init__(self, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._generation = 0
        self._over = False
        self._child: Child | None = None
        self._listener: _Listener | None = None
        self._sender: _Sender | None = None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self) -> None:
        if self._child is not None or self._over:
            return
        self._generation += 1
        self._child = self._spawn()
        self._listener = _Listener(self._child.link, self._generation, self)
        self._listener.received.connect(self._on_received)
        self._listener.ended.connect(self._on_ended)
        self._sender = _Sender(self._child.link, self)
        self._listener.start()
        self._sender.start()
        self._started()

    def restart(self) -> None:
        self._dispose()
        self._lose_all(self._loss(""))
        self.start()

    def shut_down(self) -> None:
        # Whoever hears that its job has ended may ask for the next one; it must not begin.
        self._over = True
        self._dispose()
        self._lose_all(Cancelled())
        self._set_state(LinkState.OFF, "")

    def _started(self) -> None:
        """The process has been spawned."""
        raise NotImplementedError

    def _died(self, outcome: Outcome) -> None:
        """The process ended by itself; without an exit code, it is stopped since it talked nonsense."""
        raise NotImplementedError

    def _loss(self, how: str) -> SaliscopeError:
        return WorkerLost(texts.worker_lost(how), texts.WORKER_LOST_HINT)

    def _deliver(self, delivery: Delivery) -> None:
        if self._sender is not None:
            self._sender.queue.put(delivery)

    @Slot(int, object)
    def _on_received(self, generation: int, received: Received) -> None:
        if generation == self._generation and self._child is not None:
            self._receive(received)

    @Slot(int, bool)
    def _on_ended(self, generation: int, is_valid: bool) -> None:
        if generation == self._generation and self._child is not None:
            # A pipe closes when its process ends, a moment before the system knows how it ended.
            outcome = self._child.outcome(wait_s=END_WAIT_S if is_valid else 0)
            self._dispose()
            self._died(outcome)

    def _dispose(self) -> None:
        if self._child is None or self._listener is None or self._sender is None:
            return
        child, threads = self._child, (self._listener, self._sender)
        self._child = self._listener = self._sender = None
        child.stop()
        threads[1].queue.put(None)
        for thread in threads:
            thread.wait()
            thread.deleteLater()
        child.kill()


class WorkerLink(ProcessLink):
    """The process that computes. It says itself when it is ready; a lost one waits for `restart`."""

    def __init__(self, parent: QObject | None = None, spawn: Spawn | None = None) -> None:
        super().__init__(spawn or start_worker, parent)

    def _started(self) -> None:
        self.refusal = None
        self._set_state(LinkState.STARTING, texts.WORKER_STARTING)

    def _receive(self, received: Received) -> None:
        message = received.message
        if isinstance(message, Ready):
            self.device, self.versions = message.device, message.versions
            self._set_state(LinkState.READY, texts.worker_ready(message.device.words))
            self._advance()
        elif isinstance(message, Failed) and self.state is LinkState.STARTING:
            self.refusal = message.error()
            self._set_state(LinkState.REFUSED, texts.WORKER_REFUSED)
            self._advance()
        else:
            super()._receive(received)

    def _died(self, outcome: Outcome) -> None:
        how = texts.INVALID_ANSWER if outcome.exit_code is None else str(outcome)
        self._set_state(LinkState.LOST, texts.worker_lost(how))
        self._lose_all(self._loss(how))


def drop_answer(job: Job | None, link: JobLink) -> None:
    """Want no answer any more. A running job is let finish: to end its process costs more than its work."""
    if job is not None and job is not link.running_job:
        job.cancel()
