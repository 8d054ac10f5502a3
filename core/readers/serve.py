"""The reader process itself: `python -m core.readers.serve`, spawned by `core.readers.process`."""

import logging
import os
import signal
import sys

from core.arrays import Array
from core.errors import SaliscopeError
from core.link import Failed, Link, LinkError, Message, Progress, own_link
from core.readers.index import contents_of, read
from core.readers.mask import read_mask
from core.readers.messages import (
    REQUESTS,
    FrameRead,
    Indexed,
    IndexPath,
    MaskRead,
    ReadFrame,
    ReadMask,
    Request,
)
from core.readers.process import MEMORY_LIMIT_BYTES, MEMORY_VARIABLE, TIME_LIMIT_S, TIME_VARIABLE


def main() -> None:
    """Answer one request after another until the link closes."""
    link = own_link(REQUESTS)
    # Libraries quote the file in what they log.
    logging.disable(logging.CRITICAL)
    _limit_memory(int(os.environ.get(MEMORY_VARIABLE, MEMORY_LIMIT_BYTES)))
    seconds = float(os.environ.get(TIME_VARIABLE, 10 * TIME_LIMIT_S))
    while (received := link.receive()) is not None:
        _limit_time(seconds)
        link.send(*_answered(received[0], link, seconds))
        _limit_time(0)


def _answered(request: Request, link: Link, seconds: float) -> tuple[Message, list[Array]]:
    def progress(done: int, total: int) -> None:
        _limit_time(seconds)  # holds for each file of a folder
        link.send(Progress(job=request.job, done=done, total=total))

    try:
        match request:
            case IndexPath(job=job, path=path):
                return Indexed.of(job, contents_of(path, progress)), []
            case ReadFrame(job=job, entry=entry, frame=frame):
                return FrameRead.of(job, *read(entry, frame))
            case ReadMask(job=job, entry=entry, frame=frame):
                return MaskRead.of(job, read_mask(entry, frame))
    except LinkError:  # nobody is left to be told
        raise
    except SaliscopeError as error:
        return Failed.of(request.job, error), []


def _limit_memory(limit_bytes: int) -> None:
    if sys.platform == "win32":  # has no such limit for a process by itself
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


def _limit_time(seconds: float) -> None:
    """Let the system end this process after `seconds`, 0 for never, if the one that asked is gone by then."""
    if sys.platform != "win32":  # there, a decoder that hangs is ended by the one that asked, or not at all
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
