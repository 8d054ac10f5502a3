"""The jobs that compute maps: what is with the worker, how far it is, and where its results go."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.texts import explain as texts_explain
from app.texts import window as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.maps import MapsState, MapState
from app.window.states.pace import Pace
from app.window.states.shown import ImageKey
from core.arrays import FloatArray
from core.errors import Cancelled, SaliscopeError
from core.images.slice import Slice
from core.network.cost import Cost
from core.worker.messages import ExplainDone, ExplainRequest, PartialMap


@dataclass(frozen=True, slots=True, eq=False)
class MapJob:
    """A job and the map that it computes: its image and its number in the gallery.

    cost: the expected one; None where it is not known.
    """

    job: Job
    key: ImageKey
    number: int
    cost: Cost | None

    @property
    def is_costly(self) -> bool:
        """It takes calls of the model, as far as is known."""
        return self.cost is None or self.cost.calls > 0


class MapJobs(QObject):
    """Submits requests for maps and keeps their entries in the gallery up to date."""

    ended = Signal()
    progressed = Signal()

    def __init__(self, worker: JobLink, maps: MapsState, pace: Pace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._maps, self._pace = worker, maps, pace
        self._open: list[MapJob] = []
        self._submitted = 0
        """Costly ones since nothing was open the last time."""

    @property
    def running(self) -> bool:
        return bool(self._open)

    @property
    def progress(self) -> tuple[float, str]:
        """Share done of all that was asked for, and what runs, in words."""
        costly = [map_job for map_job in self._open if map_job.is_costly]
        if not costly:
            return 1.0, ""
        entries = [entry for entry in (self._maps.entry(map_job.number) for map_job in costly) if entry]
        finished = self._submitted - len(costly)
        share = (finished + sum(entry.share_done for entry in entries)) / max(self._submitted, 1)
        running = next((entry for entry in entries if entry.state is MapState.RUNNING), None)
        if running is None:
            return share, texts.WAITING
        return share, texts_explain.explaining(running.name, running.done, running.total)

    def submit(
        self, key: ImageKey, number: int, image: Slice, request: ExplainRequest, cost: Cost | None
    ) -> None:
        """Ask for the map of this number. cost: the expected one."""
        if not self._open:
            self._submitted = 0
        job = self._worker.submit(request, image=image)
        map_job = MapJob(job, key, number, cost)
        job.progressed.connect(partial(self._on_progressed, map_job))
        job.refined.connect(partial(self._on_refined, map_job))
        job.done.connect(partial(self._on_done, map_job))
        job.failed.connect(partial(self._on_failed, map_job))
        self._submitted += map_job.is_costly
        self._open.append(map_job)

    def cancel(self, only_costly: bool = False) -> None:
        """End all that runs and waits. only_costly: but for maps that take no call of the model.

        A map whose beginning means something is kept, with how much of it was computed.
        """
        for map_job in self._open[::-1]:
            if map_job.is_costly or not only_costly:
                map_job.job.cancel()

    def cancel_map(self, number: int) -> None:
        """End the job that computes this map, if there is one."""
        for map_job in [map_job for map_job in self._open if map_job.number == number]:
            map_job.job.cancel()

    def _on_progressed(self, map_job: MapJob, done: int, total: int, text: str) -> None:
        self._maps.update(map_job.key, map_job.number, state=MapState.RUNNING, done=done, total=total)
        self.progressed.emit()

    def _on_refined(self, map_job: MapJob, message: PartialMap, arrays: list[FloatArray]) -> None:
        self._maps.update(map_job.key, map_job.number, values=arrays[0], signed=message.signed)

    def _on_done(self, map_job: MapJob, message: ExplainDone, arrays: list[FloatArray]) -> None:
        self._open.remove(map_job)
        record = message.record
        if map_job.cost is not None and record.partial is None:
            self._pace.learn(record.name, map_job.cost, record.seconds, message.warm_up_s)
        finished = {"values": arrays[0], "signed": record.signed, "record": record}
        self._maps.update(map_job.key, map_job.number, state=MapState.DONE, **finished)
        self.ended.emit()

    def _on_failed(self, map_job: MapJob, error: SaliscopeError) -> None:
        self._open.remove(map_job)
        if isinstance(error, Cancelled):
            self._maps.update(map_job.key, map_job.number, state=MapState.CANCELLED, values=None)
        else:
            self._maps.update(map_job.key, map_job.number, state=MapState.FAILED, error=error, values=None)
        self.ended.emit()
