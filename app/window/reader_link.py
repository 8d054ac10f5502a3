"""The reader process as the window sees it: a file that crashes or hangs costs itself alone."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from app.texts import processes as texts
from app.window.jobs import Delivery, Job
from app.window.links import LinkState, ProcessLink, Spawn
from core.arrays import Array
from core.errors import Cancelled, NoImages, SaliscopeError
from core.images.slice import Slice
from core.link import Failed, JobProgress, Message, Outcome, Received
from core.readers import losses
from core.readers.listing import Listing
from core.readers.messages import FileStarted, Indexed, IndexPath, ReaderRequest, requested_path
from core.readers.process import FALLBACK_FACTOR, START_LIMIT_S, TIME_LIMIT_S, start_reader
from core.readers.series_slots import SeriesSender

# How often a listing that goes on tells what it has found.
SNAPSHOT_INTERVAL_S = 0.25
PAUSE_FACTOR = 8


class ReaderLink(ProcessLink):
    """The process that decodes files. A file that crashes or holds it up costs its own job, no other.

    In a folder it costs itself alone: the process is started again for the files behind it, and the
    job goes on.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        spawn: Spawn = start_reader,
        limit_s: float = TIME_LIMIT_S,
        start_limit_s: float = START_LIMIT_S,
    ) -> None:
        """limit_s: without a word; start_limit_s: on top until a new process has said its first one."""
        super().__init__(spawn, parent)
        self.limit_s, self._start_limit_s = limit_s, start_limit_s
        self._has_answered = False
        self._series = SeriesSender()
        self._next_snapshot_s = 0.0
        self._listing: Listing | None = None
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._on_timeout)

    def submit(
        self,
        request: Message,
        arrays: Sequence[Array] = (),
        image: Slice | None = None,
        is_background: bool = False,
    ) -> Job:
        self.start()
        return super().submit(request, arrays, image, is_background)

    def _cancel(self, job: Job) -> None:
        # A running decoder hears nothing, so it is ended and started again.
        if job is self.running_job:
            self._begin_again(Cancelled())
        else:
            super()._cancel(job)

    def shut_down(self) -> None:
        self._clock.stop()
        super().shut_down()

    def _started(self) -> None:
        self._series = SeriesSender()
        self._has_answered = False
        self._set_state(LinkState.READY, "")

    def _began(self) -> None:
        grace_s = 0 if self._has_answered else self._start_limit_s
        self._clock.start(round((self.limit_s + grace_s) * 1000))

    def _receive(self, received: Received) -> None:
        self._has_answered = True
        number, message, arrays = received
        job = self.running_job
        if job is None or number != job.number:
            return
        match message:
            case FileStarted(done=done, total=total):
                self._began()  # the limit holds for each file of a folder
                job.progressed.emit(done, total, "")
                if self._listing is not None:
                    self._listing.take(message)
                    self._tell_snapshot(job, self._listing)
            case JobProgress():
                self._began()
                super()._receive(received)
            case Indexed() if self._listing is not None:
                try:
                    answer: Message = self._listing.whole(message)
                except NoImages as error:
                    answer = Failed.of(error)
                super()._receive(Received(number, answer, arrays))
            case _:
                super()._receive(received)

    def _tell_snapshot(self, job: Job, listing: Listing) -> None:
        """What has been listed so far, at most once in SNAPSHOT_INTERVAL_S."""
        begun_s = time.monotonic()
        if begun_s < self._next_snapshot_s:
            return
        snapshot = listing.snapshot()
        if snapshot.entries:
            job.refined.emit(snapshot, [])
            # The window keeps most of its time, however many files there are.
            ended_s = time.monotonic()
            self._next_snapshot_s = ended_s + max(SNAPSHOT_INTERVAL_S, PAUSE_FACTOR * (ended_s - begun_s))

    def _deliver(self, delivery: Delivery) -> None:
        # A request with `after` goes on with the listing that was begun.
        if not isinstance(delivery.request, IndexPath):
            self._listing = None
        elif delivery.request.after is None:
            self._listing = Listing(delivery.request)
            self._next_snapshot_s = 0.0
        super()._deliver(replace(delivery, request=self._series.shortened(delivery.request)))

    def _end_running(self) -> None:
        self._clock.stop()
        super()._end_running()

    def _died(self, outcome: Outcome) -> None:
        if self.running_job is None:
            self._begin_again(None)
        elif outcome.exit_code is None:
            self._lose_file(losses.invalid_answer(self._current_file))
        else:
            self._lose_file(losses.ended(self._current_file, outcome, FALLBACK_FACTOR * self.limit_s))

    @Slot()
    def _on_timeout(self) -> None:
        self._lose_file(losses.timed_out(self._current_file, self.limit_s))

    @property
    def _current_file(self) -> Path:
        """The file that the running job is about: in a folder, the one that is looked into now."""
        assert self.running_job is not None
        request = self.running_job.delivery.request
        if isinstance(request, IndexPath) and self._listing is not None:
            return self._listing.current
        return requested_path(request) if isinstance(request, ReaderRequest) else Path(texts.THIS_FILE)

    def _lose_file(self, error: SaliscopeError) -> None:
        """Go on with the files behind it, or fail the running job if there are none."""
        job, following = self.running_job, None
        if job is not None and isinstance(job.delivery.request, IndexPath) and self._listing is not None:
            following = self._listing.after_loss(error)
        if job is None or following is None:
            self._begin_again(error)
            return
        self._clock.stop()
        self._dispose()
        self.start()
        job.delivery = replace(job.delivery, request=following)
        self._deliver(job.delivery)
        self._began()

    def _begin_again(self, error: SaliscopeError | None) -> None:
        """End the running job and the process; a new one takes the jobs that wait."""
        job = self.running_job
        self._end_running()
        self._dispose()
        self._set_state(LinkState.OFF, "")
        if job is not None and error is not None:
            self._fail(job, error)
        if self._waiting:
            self.start()
            self._advance()
