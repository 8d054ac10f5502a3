"""The files process as the window sees it: a file that costs the process costs its own job, no other."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.texts import processes as texts
from app.window.jobs import Job
from app.window.links import LinkState, ProcessLink, Spawn
from core.arrays import Array
from core.errors import SaliscopeError, WorkerLost
from core.exports.process import start_files
from core.images.slice import Slice
from core.link import Message, Outcome


class FilesLink(ProcessLink):
    """The process that writes and reads workspaces and exports; started by its first job."""

    def __init__(self, parent: QObject | None = None, spawn: Spawn = start_files) -> None:
        super().__init__(spawn, parent)

    def submit(
        self,
        request: Message,
        arrays: Sequence[Array] = (),
        image: Slice | None = None,
        is_background: bool = False,
    ) -> Job:
        self.start()
        return super().submit(request, arrays, image, is_background)

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
