"""The reader process seen from the one that asks: files are decoded there, within limits."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from core.arrays import Array
from core.errors import TimedOut, Unreadable
from core.images.mask import Mask
from core.images.slice import Identity, Slice
from core.link import Child, Failed, LinkError, Progress
from core.readers.messages import (
    ANSWERS,
    Answer,
    FrameRead,
    Indexed,
    IndexPath,
    MaskRead,
    ReadFrame,
    ReadMask,
    Request,
)
from core.readers.protocol import Contents, SeriesEntry

# Loading the decoders is not the file's fault; on a busy machine with a cold disk it takes seconds.
START_LIMIT_S = 30.0
MODULE = "core.readers.serve"
TIME_LIMIT_S = 30.0
# Twice the largest volume that is read, in float64, and the libraries themselves.
MEMORY_LIMIT_BYTES = 6 * 2**30
MEMORY_VARIABLE = "SALISCOPE_READER_MEMORY"
TIME_VARIABLE = "SALISCOPE_READER_SECONDS"


def start_reader(time_limit_s: float = TIME_LIMIT_S, memory_limit_bytes: int = MEMORY_LIMIT_BYTES) -> Child:
    """Spawn the reader process; its link takes `Request` and gives `Answer` messages.

    It keeps the memory limit by itself, and the time limit only as a last resort, tenfold: whoever asks
    calls `stop` after `time_limit_s`.
    """
    limits = {MEMORY_VARIABLE: str(memory_limit_bytes), TIME_VARIABLE: str(10 * time_limit_s)}
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
        """As `core.readers.index_path`. Raises TimedOut, or Unreadable if a decoder crashed, as well."""
        return list(self.contents(path).entries)

    def contents(self, path: Path) -> Contents:
        """As `core.readers.contents_of`. Raises TimedOut, or Unreadable if a decoder crashed, as well."""
        absolute = path.absolute()
        try:
            str(absolute).encode()
        except UnicodeEncodeError:
            raise Unreadable("The path holds bytes that are no text.", "Rename the file or folder.") from None
        answer, _ = self._ask(IndexPath(job=self._next_job(), path=absolute), path)
        if not isinstance(answer, Indexed):
            raise LinkError("The reader process sent another answer than was asked for.")
        return answer.contents

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        """As `core.readers.read`. Raises TimedOut, or Unreadable if a decoder crashed, as well."""
        answer, arrays = self._ask(ReadFrame(job=self._next_job(), entry=entry, frame=frame), entry.path)
        if not isinstance(answer, FrameRead):
            raise LinkError("The reader process sent another answer than was asked for.")
        return answer.frame(arrays)

    def read_mask(self, entry: SeriesEntry, frame: int) -> Mask:
        """As `core.readers.mask.read_mask`. Raises TimedOut, or Unreadable if a decoder crashed, as well."""
        answer, arrays = self._ask(ReadMask(job=self._next_job(), entry=entry, frame=frame), entry.path)
        if not isinstance(answer, MaskRead):
            raise LinkError("The reader process sent another answer than was asked for.")
        return answer.mask(arrays)

    def _next_job(self) -> int:
        self._jobs += 1
        return self._jobs

    def _ask(self, request: Request, path: Path) -> tuple[Answer, list[Array]]:
        child = self._started()
        patience = _Patience(child)
        try:
            received = self._answered(child, request, patience)
        except LinkError:  # it died before it heard, or talks nonsense
            received = None
        finally:
            patience.end()
        if received is None:
            raise self._lost(child, path, patience.is_over)
        if isinstance(received[0], Failed):
            raise received[0].error()
        return received

    def _answered(
        self, child: Child, request: Request, patience: _Patience
    ) -> tuple[Answer, list[Array]] | None:
        patience.wait(self._limits[0] + (0 if self._has_answered else START_LIMIT_S))
        child.link.send(request)
        while (received := child.link.receive()) is not None:
            self._has_answered = True
            # An answer to an earlier job is one that nobody waited for, as after Ctrl-C.
            if received[0].job == request.job and not isinstance(received[0], Progress):
                break
            patience.wait(self._limits[0])
        return received

    def _lost(self, child: Child, path: Path, late: bool) -> TimedOut | Unreadable:
        """Why there was no answer; the next call gets a new process."""
        child.stop()
        outcome = child.outcome(wait_s=10)
        self._end()
        if late:
            return TimedOut(
                f"Reading {path.name} took longer than {self._limits[0]:g} seconds and was stopped.",
                "Convert the file to a simpler form, or open fewer files at once.",
            )
        return Unreadable(
            f"The decoder crashed on {path.name}: its process {outcome}.",
            "The file is damaged or of a rare kind; export it again uncompressed.",
        )

    def _started(self) -> Child:
        if self._child is None:
            self._child = start_reader(*self._limits)
            self._has_answered = False
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None
