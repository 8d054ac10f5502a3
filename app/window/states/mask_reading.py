"""A mask of the shown slice is read from a file by the reader process: first its header, then its values."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import region as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.shown import Shown, ShownState
from core.arrays import Array
from core.errors import Cancelled, IncompatibleInput, SaliscopeError
from core.images.region import EMPTY, HINT, mask_frame, mask_region
from core.link import Message
from core.readers.messages import Indexed, IndexPath, MaskRead, ReadMask


class MaskReading(QObject):
    """Reads one mask at a time; what is read of a slice that is shown no more is dropped."""

    read = Signal(object)  # Region
    failed = Signal(object)  # SaliscopeError

    def __init__(self, reader: JobLink, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._shown = reader, shown
        self._job: Job | None = None
        shown.changed.connect(self.withdraw)

    def open(self, path: Path) -> None:
        """Read the mask in this file."""
        self.withdraw()
        self._submit(IndexPath(path=path))

    @Slot()
    def withdraw(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _submit(self, request: Message) -> None:
        self._job = job = self._reader.submit(request)
        job.done.connect(partial(self._on_done, job, self._shown.current))
        job.failed.connect(partial(self._on_failed, job))

    def _on_done(self, job: Job, shown: Shown, message: object, arrays: list[Array]) -> None:
        if job is not self._job or shown.case is None or shown.case.entry is None or shown.image is None:
            return
        self._job = None
        try:
            match message:
                case Indexed(entries=entries):
                    if shown.position.axis != 0:
                        raise IncompatibleInput(texts.MASK_OF_ACQUIRED, texts.MASK_OF_ACQUIRED_HINT)
                    frame = mask_frame(entries[0], shown.case.entry, shown.position.frame(shown.case.entry))
                    self._submit(ReadMask(entry=entries[0], frame=frame))
                case MaskRead():
                    region = mask_region(message.mask(arrays), shown.image)
                    if not region.mask.any():
                        raise IncompatibleInput(EMPTY, HINT)
                    self.read.emit(region)
        except IncompatibleInput as error:
            self.failed.emit(error)

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            if not isinstance(error, Cancelled):
                self.failed.emit(error)
