"""The reader process seen from the one that asks: files are decoded there, within limits."""

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from core.arrays import Array
from core.errors import SaliscopeError, Unreadable
from core.images.mask import Mask
from core.images.slice import Identity, Slice
from core.link import Child, Failed, LinkError, Progress
from core.readers import losses
from core.readers.files import is_text
from core.readers.listing import Listing
from core.readers.messages import (
    ANSWERS,
    Answer,
    FileBegun,
    FrameRead,
    Indexed,
    IndexPath,
    MaskRead,
    ReadFrame,
    ReadMask,
    Request,
    asked_path,
)
from core.readers.protocol import Contents, SeriesEntry

# Loading the decoders is not the file's fault; on a busy machine with a cold disk it takes seconds.
START_LIMIT_S = 30.0
MODULE = "core.readers"
TIME_LIMIT_S = 30.0
# The process keeps a limit of time by itself, this many times as long.
LAST_RESORT = 10
# A crashed process may take a moment until the system has put it away.
END_LIMIT_S = 10.0
# Twice the largest volume that is read, in float64, and the libraries themselves.
MEMORY_LIMIT_BYTES = 6 * 2**30
MEMORY_VARIABLE = "SALISCOPE_READER_MEMORY"
TIME_VARIABLE = "SALISCOPE_READER_SECONDS"


def start_reader(time_limit_s: float = TIME_LIMIT_S, memory_limit_bytes: int = MEMORY_LIMIT_BYTES) -> Child:
    """Spawn the reader process; its link takes `Request` and gives `Answer` messages.

    It keeps the memory limit by itself, and the time limit only as a last resort, LAST_RESORT times as
    long: whoever asks calls `stop` after `time_limit_s`.
    """
    limits = {MEMORY_VARIABLE: str(memory_limit_bytes), TIME_VARIABLE: str(LAST_RESORT * time_limit_s)}
    # One thread of algebra is enough to turn an affine, and each more reserves memory.
    limits |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return Child.start(MODULE, ANSWERS, env=limits, keep_log=False)


class _Patience:
    """Stops a child that stays silent for longer than it may."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._timer: threading.Timer | None = None
        self.is_over = False

    def wait(self, seconds: float) -> None:
        """Count anew."""
        self.end()
        self._timer = threading.Timer(seconds, self._give_up)
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()

    def _give_up(self) -> None:
        self.is_over = True
        self._child.stop()


class _Lost(Exception):
    """The process gave no answer; `error` says why."""

    def __init__(self, error: SaliscopeError) -> None:
        super().__init__()
        self.error = error


class ReaderProcess:
    """One call after another: index and read, from one thread. Starts the process again after its end.

    The time limit holds for each file of a folder.
    """

    def __init__(
        self, time_limit_s: float = TIME_LIMIT_S, memory_limit_bytes: int = MEMORY_LIMIT_BYTES
    ) -> None:
        self._limits = time_limit_s, memory_limit_bytes
        self._child: Child | None = None
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
        """As `core.readers.contents_of`; a file of a folder that costs the process is one of the failures.

        Raises as `core.readers.contents_of`, and for a single file TimedOut, OutOfMemory, or Unreadable if
        its decoder ended with the process.
        """
        absolute = path.absolute()
        if not is_text(absolute):
            raise Unreadable("The path holds bytes that are no text.", "Rename the file or folder.")
        request = IndexPath(job=self._next_job(), path=absolute)
        listing = Listing(request)
        while True:
            try:
                answer, _ = self._ask(request, listing)
                break
            except _Lost as lost:
                following = listing.after_loss(lost.error)
                if following is None:
                    raise lost.error from None
                request = following
        if not isinstance(answer, Indexed):
            raise LinkError("The reader process sent another answer than was asked for.")
        return listing.whole(answer).contents

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        """As `core.readers.read`. Also raises TimedOut, OutOfMemory, or Unreadable if the decoder ended."""
        answer, arrays = self._ask_file(ReadFrame(job=self._next_job(), entry=entry, frame=frame))
        if not isinstance(answer, FrameRead):
            raise LinkError("The reader process sent another answer than was asked for.")
        return answer.frame(arrays)

    def read_mask(self, entry: SeriesEntry, frame: int) -> Mask:
        """As `core.readers.mask.read_mask`. Also raises as `read`."""
        answer, arrays = self._ask_file(ReadMask(job=self._next_job(), entry=entry, frame=frame))
        if not isinstance(answer, MaskRead):
            raise LinkError("The reader process sent another answer than was asked for.")
        return answer.mask(arrays)

    def _next_job(self) -> int:
        self._jobs += 1
        return self._jobs

    def _ask_file(self, request: Request) -> tuple[Answer, list[Array]]:
        """The answer of a request about one file. Raises what failed, or why the process was lost."""
        try:
            return self._ask(request)
        except _Lost as lost:
            raise lost.error from None

    def _ask(self, request: Request, listing: Listing | None = None) -> tuple[Answer, list[Array]]:
        """The answer. Raises what failed, or _Lost if the process was."""
        child = self._started()
        patience = _Patience(child)
        received, understood = None, True
        try:
            received = self._answered(child, request, patience, listing)
        except LinkError:
            understood = False
        finally:
            patience.end()
        if received is None:
            path = listing.current if listing is not None else asked_path(request)
            raise _Lost(self._loss(child, path, patience.is_over, understood))
        if patience.is_over:  # it answered while it was being stopped
            self._end()
        if isinstance(received[0], Failed):
            raise received[0].error()
        return received

    def _answered(
        self, child: Child, request: Request, patience: _Patience, listing: Listing | None
    ) -> tuple[Answer, list[Array]] | None:
        patience.wait(self._limits[0] + (0 if self._has_answered else START_LIMIT_S))
        with suppress(LinkError):  # it is dead, which the next line tells
            child.link.send(request)
        while (received := child.link.receive()) is not None:
            self._has_answered = True
            message = received[0]
            # An answer to an earlier job is one that nobody waited for, as after Ctrl-C.
            if message.job == request.job:
                if not isinstance(message, FileBegun | Progress):
                    break
                if isinstance(message, FileBegun) and listing is not None:
                    listing.take(message)
            patience.wait(self._limits[0])
        return received

    def _loss(self, child: Child, path: Path, late: bool, understood: bool) -> SaliscopeError:
        """Why there was no answer; the next call gets a new process."""
        # A process whose pipe has closed is ending by itself: how, is known before it is stopped.
        outcome = child.outcome(wait_s=END_LIMIT_S if understood else 0)
        self._end()
        if late:
            return losses.timed_out(path, self._limits[0])
        if outcome.exit_code is None:
            return losses.talked_nonsense(path)
        return losses.ended(path, outcome, LAST_RESORT * self._limits[0])

    def _started(self) -> Child:
        if self._child is not None and self._child.outcome().exit_code is not None:
            self._end()  # it ended between two calls, which is the fault of no file
        if self._child is None:
            self._child = start_reader(*self._limits)
            self._has_answered = False
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None
