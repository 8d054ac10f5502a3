"""The pictures of revealed images, computed by the worker when they are looked at, and kept for a while."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.shown import ImageKey
from core.arrays import Array
from core.curves.protocol import Direction
from core.errors import Cancelled, SaliscopeError, WorkerLost
from core.images.slice import Slice
from core.worker.messages import RevealDone, RevealRequest

# The image, the map's number, the settings as JSON, and the order.
PicturesKey = tuple[ImageKey, int, str, Direction]
# Pictures of this many strips are kept; one takes some two megabytes.
MOST_STRIPS = 12


class RevealPictures(QObject):
    """One job at a time, for the strip that is looked at."""

    changed = Signal()
    failed = Signal()

    def __init__(self, worker: JobLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._pictures: dict[PicturesKey, Array] = {}
        self._errors: dict[PicturesKey, SaliscopeError] = {}
        self._job: Job | None = None
        self.wanted: PicturesKey | None = None
        """What the job computes, None without a job."""

    @property
    def making(self) -> bool:
        return self._job is not None

    def pictures(self, key: PicturesKey | None) -> Array | None:
        """(pictures, height, width, channels) uint8; None until they are there."""
        return self._pictures.get(key) if key is not None else None

    def error(self, key: PicturesKey | None) -> SaliscopeError | None:
        """Why there are none and will be none."""
        return self._errors.get(key) if key is not None else None

    def is_open(self, key: PicturesKey) -> bool:
        """Whether they could be asked for: they are not there, have not failed, and are not on their way."""
        return self._job is None and key not in self._pictures and key not in self._errors

    def ask(self, key: PicturesKey, request: RevealRequest, values: Array, image: Slice) -> None:
        """Let them be made of the map `values`."""
        self.wanted, self._job = key, self._worker.submit(request, [values], image)
        self._job.done.connect(partial(self._on_done, self._job, key))
        self._job.failed.connect(partial(self._on_failed, self._job, key))

    def forget(self, cases: Collection[int]) -> None:
        """Let go of the pictures of closed cases, named by their numbers."""
        if self.wanted is not None and self.wanted[0].case in cases:
            self.withdraw()
        self._pictures = {key: each for key, each in self._pictures.items() if key[0].case not in cases}
        self._errors = {key: error for key, error in self._errors.items() if key[0].case not in cases}

    @Slot()
    def withdraw(self) -> None:
        """End what is on its way."""
        job, self._job, self.wanted = self._job, None, None
        if job is not None:
            job.cancel()

    def _on_done(self, job: Job, key: PicturesKey, message: RevealDone, arrays: list[Array]) -> None:
        if job is self._job:
            self._job, self.wanted = None, None
            self._pictures[key] = arrays[0]
            while len(self._pictures) > MOST_STRIPS:
                del self._pictures[next(iter(self._pictures))]
            self.changed.emit()

    def _on_failed(self, job: Job, key: PicturesKey, error: SaliscopeError) -> None:
        if job is self._job:
            self._job, self.wanted = None, None
            # A lost worker is told above the image, and the strip is asked for again.
            if not isinstance(error, Cancelled | WorkerLost):
                self._errors[key] = error
            self.failed.emit()
