"""The main loop of the reader process."""

import logging
import os
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from math import prod
from pathlib import Path

from core.arrays import Array
from core.errors import SaliscopeError
from core.link import Failed, JobProgress, Link, LinkError, Message, own_link
from core.logs import MOST_BYTES as MOST_BYTES_OF_LOG
from core.readers.archive_folder import delete_left_folders, delete_without_program
from core.readers.archives import MOST_BYTES
from core.readers.decoders import load_decoders
from core.readers.dicom_deidentify import deidentified
from core.readers.index import FolderStep, contents_of, pixels_at_once, read, tags_of
from core.readers.losses import needs_too_much_memory
from core.readers.mask_areas import mask_areas
from core.readers.mask_slice import read_mask_slice
from core.readers.messages import (
    REQUESTS,
    CloseSeries,
    Deidentified,
    Deidentify,
    FileStarted,
    FrameRead,
    Indexed,
    IndexPath,
    MaskAreas,
    MaskRead,
    ReaderRequest,
    ReadFrame,
    ReadMask,
    ReadMaskAreas,
    ReadPlane,
    ReadTags,
    SeriesClosed,
    TagsRead,
    requested_path,
)
from core.readers.process import (
    FALLBACK_FACTOR,
    MEMORY_LIMIT_BYTES,
    MEMORY_VARIABLE,
    TIME_LIMIT_S,
    TIME_VARIABLE,
)
from core.readers.series_slots import SeriesStore
from core.readers.volume_cache import KEPT_VOLUMES
from core.readers.volumes import ReadCallback, read_plane, release

log = logging.getLogger("core.readers")
# A deflated data set or the decoders' own tables; what is made of a pixel on its way to a slice.
BASE_BYTES = 3 * 2**29
PIXEL_BYTES = 40
# Of a voxel of a stack: its value, while the array gets a larger type, and its padding.
VOXEL_BYTES = 17
# Between two messages on the progress of a stack.
PROGRESS_STEP_S = 0.1


def main() -> None:
    """Answer one request after another until the link closes."""
    load_decoders()
    link = own_link(REQUESTS)
    _limit_memory(int(os.environ.get(MEMORY_VARIABLE, MEMORY_LIMIT_BYTES)))
    program = os.getppid()
    delete_left_folders()
    seconds = float(os.environ.get(TIME_VARIABLE, FALLBACK_FACTOR * TIME_LIMIT_S))
    series = SeriesStore()
    while (received := link.receive()) is not None:
        request = series.whole(received.message)
        _limit_time(seconds)
        _clear_standard_error()
        _allow_memory(_memory_for(request))
        link.send(*_answer(request, received.job, link, seconds), job=received.job)
        _limit_time(0)
    delete_without_program(program)


def _answer(request: ReaderRequest, job: int, link: Link, seconds: float) -> tuple[Message, list[Array]]:
    def begins(step: FolderStep) -> None:
        _limit_time(seconds)  # holds for each file of a folder
        started = FileStarted(path=step.path, done=step.done, total=step.total, before=step.before)
        link.send(started, job=job)

    last_sent_s = 0.0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal last_sent_s
        _limit_time(seconds)  # holds for each frame of a stack and each block of an archive
        if (now_s := time.monotonic()) - last_sent_s >= PROGRESS_STEP_S:
            last_sent_s = now_s
            link.send(JobProgress(done=done, total=total, text=text), job=job)

    reads = partial(tell, text="Reading the slices")
    unpacks = partial(tell, text="Unpacking the archive")
    try:
        match request:
            case IndexPath(path=path, after=after):
                return Indexed.of(contents_of(path, begins, after, unpacks)), []
            case ReadFrame(entry=entry, frame=frame):
                return FrameRead.of(*read(entry, frame), KEPT_VOLUMES.kept_bytes)
            case ReadPlane() | ReadMaskAreas() | CloseSeries():
                return _answer_on_volume(request, reads)
            case ReadMask() | ReadTags() | Deidentify():
                return _answer_on_file(request)
    except LinkError:  # nobody is left to answer
        raise
    except SaliscopeError as error:
        log.info("failed: %s", error.code)
        return Failed.of(error), []
    except MemoryError:  # outside of a decoder, as while the answer was made
        return Failed.of(needs_too_much_memory(requested_path(request))), []


def _answer_on_file(request: ReadMask | ReadTags | Deidentify) -> tuple[Message, list[Array]]:
    if isinstance(request, ReadMask):
        return MaskRead.of(read_mask_slice(request.entry, request.place, request.labels))
    if isinstance(request, ReadTags):
        return TagsRead(tags=tags_of(request.entry, request.frame, request.with_identity)), []
    file, content = deidentified(request.path, request.secret)
    return Deidentified(file=file), [content]


def _answer_on_volume(
    request: ReadPlane | ReadMaskAreas | CloseSeries, progress: ReadCallback
) -> tuple[Message, list[Array]]:
    if isinstance(request, ReadPlane):
        image, identity = read_plane(request.entry, request.volume, request.axis, request.index, progress)
        return FrameRead.of(image, identity, KEPT_VOLUMES.kept_bytes)
    if isinstance(request, ReadMaskAreas):
        areas = mask_areas(
            request.entry, request.image, request.volume, request.axis, request.labels, progress
        )
        return MaskAreas(areas=areas), []
    release(request.entry)
    return SeriesClosed(kept_bytes=KEPT_VOLUMES.kept_bytes), []


def _memory_for(request: ReaderRequest) -> int:
    """Bytes on top of what the process has: a base for every file, more for one whose image is large.

    A small file that makes its decoder ask for much memory meets the limit long before a large volume.
    """
    if isinstance(request, IndexPath):
        return BASE_BYTES
    if isinstance(request, Deidentify):  # the file as read, as written, and on its way
        return BASE_BYTES + 4 * _file_bytes(request.path)
    voxels = prod(request.entry.stack_shape) if isinstance(request, ReadPlane) else 0
    return BASE_BYTES + PIXEL_BYTES * pixels_at_once(request.entry) + VOXEL_BYTES * voxels


def _file_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # told when the file is opened
        return 0


def _limit_memory(limit_bytes: int) -> None:
    if sys.platform == "win32":  # has no such limit for a process by itself
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    # Standard error is read once, after the end of the process; it must not fill memory. Archives need more.
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    most = MOST_BYTES if most == resource.RLIM_INFINITY else min(MOST_BYTES, most)
    resource.setrlimit(resource.RLIMIT_FSIZE, (min(MOST_BYTES_OF_LOG, most), most))
    # A crash leaves no memory dump, and with it the patient's file, on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_memory(more_bytes: int) -> None:
    """Let the process grow by so much at most, within its limit."""
    if sys.platform != "linux":  # no other system tells the size to which the limit applies
        return
    import resource

    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (min(size + more_bytes, hard), hard))


def _clear_standard_error() -> None:
    """Drop what was printed about the file before: what is printed from now on is about this one."""
    with suppress(OSError):  # standard error is no file
        os.ftruncate(2, 0)
        os.lseek(2, 0, os.SEEK_SET)


def _limit_time(seconds: float) -> None:
    """Let the system end this process after `seconds`, 0 for never, if nobody has stopped it by then."""
    if sys.platform != "win32":  # there, only the process that started this one ends a decoder that hangs
        signal.setitimer(signal.ITIMER_REAL, seconds)
