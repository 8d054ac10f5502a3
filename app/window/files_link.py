"""The files process as the window sees it: a file that costs the process costs its own job, no other.

Searches make way for everything else, so that no save waits until the files of a folder are hashed.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from app.texts import processes as texts
from app.window.jobs import Delivery, Job
from app.window.links import LinkState, ProcessLink, Spawn
from core.arrays import Array
from core.errors import SaliscopeError, WorkerLost
from core.exports.messages import HashFiles, LocateSources
from core.exports.process import start_files
from core.images.slice import Slice
from core.link import Cancel, CancelledJob, Message, Outcome, Received


class FilesLink(ProcessLink):
    """The process that writes and reads workspaces and exports; started by its first job."""

    def __init__(self, parent: QObject | None = None, spawn: Spawn = start_files) -> None:
        super().__init__(spawn, parent)
        # A search that was asked to make way, and is begun again afterwards.
        self._interrupted: Job | None = None

    def submit(
        self,
        request: Message,
        arrays: Sequence[Array] = (),
        image: Slice | None = None,
        is_background: bool = False,
    ) -> Job:
        self.start()
        job = super().submit(request, arrays, image, is_background)
        if not _is_search(job):
            if job in self._waiting:
                self._waiting.remove(job)
                self._put_before_searches(job)
            self._interrupt_search()
        return job

    def _put_before_searches(self, job: Job) -> None:
        place = next((place for place, other in enumerate(self._waiting) if _is_search(other)), None)
        self._waiting.insert(len(self._waiting) if place is None else place, job)

    def _interrupt_search(self) -> None:
        running = self.running_job
        if running is None or not _is_search(running) or running.is_ending or running is self._interrupted:
            return
        self._interrupted = running
        self._deliver(Delivery(running.number, Cancel()))

    def _receive(self, received: Received) -> None:
        job = self.running_job
        if (
            job is not None
            and job is self._interrupted
            and not job.is_ending
            and (received.job, type(received.message)) == (job.number, CancelledJob)
        ):
            # Under another number, as the process may still have the old one among those that were cancelled.
            job.delivery = replace(job.delivery, job=next(self._numbers))
            self._end_running()
            self._put_before_searches(job)
            self._advance()
        else:
            super()._receive(received)

    def _end_running(self) -> None:
        self._interrupted = None
        super()._end_running()

    def _started(self) -> None:
        self._set_state(LinkState.READY, "")

    def _died(self, outcome: Outcome) -> None:
        """The running job is lost; a new process takes those that wait."""
        job = self.running_job
        self._end_running()
        self._set_state(LinkState.OFF, "")
        if job is not None:
            self._fail(job, self._loss(texts.INVALID_ANSWER if outcome.exit_code is None else str(outcome)))
        if self._waiting:
            self.start()
            self._advance()

    def _loss(self, how: str) -> SaliscopeError:
        return WorkerLost(texts.files_lost(how), texts.FILES_LOST_HINT)


def _is_search(job: Job) -> bool:
    return isinstance(job.delivery.request, LocateSources | HashFiles)
