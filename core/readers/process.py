"""The reader process seen from the one that starts it: files are decoded there, within limits."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from core.arrays import Array
from core.errors import SaliscopeError, Unreadable
from core.images.mask import Mask
from core.images.planes import Axis
from core.images.slice import Identity, Slice
from core.images.slice_place import SlicePlace
from core.link import Child, Failed, JobProgress, LinkError, Message, Received
from core.processes import command_of
from core.readers import losses
from core.readers.archive_folder import FOLDER_VARIABLE, archive_folder
from core.readers.element_changes import DeidentifiedFile
from core.readers.files import is_text
from core.readers.listing import Listing
from core.readers.messages import (
    ANSWERS,
    Deidentified,
    Deidentify,
    FileStarted,
    FrameRead,
    Indexed,
    IndexPath,
    MaskRead,
    ReaderRequest,
    ReadFrame,
    ReadMask,
    ReadPlane,
    requested_path,
)
from core.readers.protocol import Contents, SeriesEntry
from core.readers.series_slots import SeriesSender

# Loading the decoders is not the file's fault; on a busy machine with a cold disk it takes seconds.
START_LIMIT_S = 30.0
TIME_LIMIT_S = 30.0
# The process keeps a time limit by itself, this many times as long.
FALLBACK_FACTOR = 10
# A crashed process may take a moment until the system has put it away.
END_LIMIT_S = 10.0
# Twice the largest volume that is read, in float64, and the libraries themselves.
MEMORY_LIMIT_BYTES = 6 * 2**30
WRONG_ANSWER = "The reader process sent the answer to another request."
MEMORY_VARIABLE = "SALISCOPE_READER_MEMORY"
TIME_VARIABLE = "SALISCOPE_READER_SECONDS"


def start_reader(time_limit_s: float = TIME_LIMIT_S, memory_limit_bytes: int = MEMORY_LIMIT_BYTES) -> Child:
    """Spawn the reader process; its link takes `ReaderRequest` and gives `ReaderAnswer` messages.

    It keeps the memory limit by itself, and the time limit only as a fallback, FALLBACK_FACTOR times as
    long: whoever sends a request calls `stop` after `time_limit_s`.
    """
    limits = {MEMORY_VARIABLE: str(memory_limit_bytes), TIME_VARIABLE: str(FALLBACK_FACTOR * time_limit_s)}
    limits |= {FOLDER_VARIABLE: str(archive_folder())}
    # One thread of algebra is enough to turn an affine, and each more reserves memory.
    limits |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return Child.start(command_of("reader"), ANSWERS, env=limits)


Answer = TypeVar("Answer", bound=Message)


class _Timeout:
    """Stops a child that sends nothing for longer than it may. One thread waits for all that it sends."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._changed = threading.Condition()
        self._deadline: float | None = None
        self._wakes_at = 0.0
        self._thread: threading.Thread | None = None
        self.has_expired = False

    def restart(self, seconds: float) -> None:
        """Count `seconds` from now."""
        with self._changed:
            self._deadline = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait, daemon=True)
                self._thread.start()
            elif self._deadline < self._wakes_at:
                self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._deadline = None
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _wait(self) -> None:
        with self._changed:
            while self._deadline is not None and (left := self._deadline - time.monotonic()) > 0:
                self._wakes_at = self._deadline
                self._changed.wait(left)
            if self._deadline is None:
                return
        self._expire()

    def _expire(self) -> None:
        self.has_expired = True
        self._child.stop()


class _Lost(Exception):
    """The process gave no answer; `error` is the reason."""

    def __init__(self, error: SaliscopeError) -> None:
        super().__init__()
        self.error = error


class ReaderProcess:
    """Index and read, one call at a time, from one thread. Starts the process again after its end.

    The time limit holds for each file of a folder.
    """

    def __init__(
        self, time_limit_s: float = TIME_LIMIT_S, memory_limit_bytes: int = MEMORY_LIMIT_BYTES
    ) -> None:
        self._limits = time_limit_s, memory_limit_bytes
        self._child: Child | None = None
        self._series = SeriesSender()
        self._has_answered = False
        self._jobs = 0

    def __enter__(self) -> Self:
        self._started()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def index(self, path: Path) -> list[SeriesEntry]:
        """The images of `contents`."""
        return list(self.contents(path).entries)

    def contents(self, path: Path) -> Contents:
        """As `core.readers.index.contents_of`; a file of a folder that ends the process is a failure.

        Raises as that, LinkError for an invalid answer, and for a single file TimedOut, OutOfMemory, or
        Unreadable if its decoder ended with the process.
        """
        absolute = path.absolute()
        if not is_text(absolute):
            raise Unreadable("The path holds bytes that are not text.", "Rename the file or folder.")
        request = IndexPath(path=absolute)
        listing = Listing(request)
        while True:
            try:
                answer = self._answer(request, listing).message
                break
            except _Lost as lost:
                next_request = listing.after_loss(lost.error)
                if next_request is None:
                    raise lost.error from None
                request = next_request
        if not isinstance(answer, Indexed):
            raise LinkError(WRONG_ANSWER)
        return listing.whole(answer).contents

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        """One frame of an entry, as `core.readers.index.read`. Raises as that and as `ask`."""
        answer, arrays = self.ask(ReadFrame(entry=entry, frame=frame), FrameRead)
        return answer.frame(arrays)

    def read_plane(self, entry: SeriesEntry, volume: int, axis: Axis, index: int) -> tuple[Slice, Identity]:
        """One slice across an axis of a volume of an entry, as `core.readers.volumes.read_plane`.

        Raises as that and as `ask`. The volume stays in the process until it is asked to CloseSeries.
        """
        request = ReadPlane(entry=entry, volume=volume, axis=axis, index=index)
        answer, arrays = self.ask(request, FrameRead)
        return answer.frame(arrays)

    def read_mask(self, entry: SeriesEntry, place: SlicePlace) -> Mask:
        """The mask of a slice, as `core.readers.mask_slice.read_mask_slice`. Raises as that and as `ask`."""
        answer, arrays = self.ask(ReadMask(entry=entry, place=place), MaskRead)
        return answer.mask(arrays)

    def deidentified(self, path: Path, secret: str) -> tuple[DeidentifiedFile, Array]:
        """What was done to a DICOM file, and the bytes (n,) uint8 of the new one without identity.

        Raises as `core.readers.dicom_deidentify.deidentified` and as `ask`, and LinkError without the bytes.
        """
        answer, arrays = self.ask(Deidentify(path=path.absolute(), secret=secret), Deidentified)
        if len(arrays) != 1:
            raise LinkError(WRONG_ANSWER)
        return answer.file, arrays[0]

    def ask(self, request: ReaderRequest, kind: type[Answer]) -> tuple[Answer, list[Array]]:
        """The answer of a `kind` to a request about one file or series, and its arrays of any shape.

        Raises the error that the process answers; TimedOut, OutOfMemory or Unreadable if it was lost with
        the file; LinkError for another kind of answer.
        """
        try:
            _, answer, arrays = self._answer(request)
        except _Lost as lost:
            raise lost.error from None
        if not isinstance(answer, kind):
            raise LinkError(WRONG_ANSWER)
        return answer, arrays

    def _answer(self, request: ReaderRequest, listing: Listing | None = None) -> Received:
        """The answer. Raises its error, or _Lost if the process was lost."""
        child = self._started()
        timeout = _Timeout(child)
        received, is_valid = None, True
        try:
            received = self._receive(child, request, timeout, listing)
        except LinkError:
            is_valid = False
        finally:
            timeout.end()
        if received is None:
            path = listing.current if listing is not None else requested_path(request)
            raise _Lost(self._loss(child, path, timeout.has_expired, is_valid))
        if timeout.has_expired:  # it answered while it was being stopped
            self._end()
        if isinstance(received.message, Failed):
            raise received.message.error()
        return received

    def _receive(
        self, child: Child, request: ReaderRequest, timeout: _Timeout, listing: Listing | None
    ) -> Received | None:
        self._jobs += 1
        timeout.restart(self._limits[0] + (0 if self._has_answered else START_LIMIT_S))
        with suppress(LinkError):  # the process has ended, which the next line shows
            child.link.send(self._series.shortened(request), job=self._jobs)
        while (received := child.link.receive()) is not None:
            self._has_answered = True
            # An answer to an earlier job is one that nobody waited for, as after Ctrl-C.
            if received.job == self._jobs:
                if not isinstance(received.message, FileStarted | JobProgress):
                    break
                if isinstance(received.message, FileStarted) and listing is not None:
                    listing.take(received.message)
            timeout.restart(self._limits[0])
        return received

    def _loss(self, child: Child, path: Path, has_timed_out: bool, is_valid: bool) -> SaliscopeError:
        """Why there was no answer; the next call gets a new process."""
        # A process whose pipe has closed is ending by itself: its outcome is awaited before it is stopped.
        outcome = child.outcome(wait_s=END_LIMIT_S if is_valid else 0)
        self._end()
        if has_timed_out:
            return losses.timed_out(path, self._limits[0])
        if outcome.exit_code is None:
            return losses.invalid_answer(path)
        return losses.ended(path, outcome, FALLBACK_FACTOR * self._limits[0])

    def _started(self) -> Child:
        if self._child is not None and self._child.outcome().exit_code is not None:
            self._end()  # it ended between two calls, through no fault of a file
        if self._child is None:
            self._child = start_reader(*self._limits)
            self._series = SeriesSender()
            self._has_answered = False
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None
