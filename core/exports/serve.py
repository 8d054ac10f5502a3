"""The main loop of the files process.

A second thread reads the pipe, so that a cancel reaches the running job. When the window goes away, a job
that has begun is finished: what is being saved then may be all that is left of the work.
"""

import _thread
import os
import signal
import sys
import threading
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

from core.arrays import Array
from core.errors import Cancelled, OutOfMemory, SaliscopeError, UsageError
from core.exports.contract import ExportSubject
from core.exports.exporters import exporter_named
from core.exports.messages import (
    REQUESTS,
    Export,
    Exported,
    FilesHashed,
    FilesRequest,
    HashFiles,
    LocateSources,
    ReadWorkspace,
    SaveWorkspace,
    SourceFile,
    SourcesLocated,
    WorkspaceMessage,
    WorkspaceRead,
    WorkspaceSaved,
)
from core.exports.writing import export
from core.file_hash import file_state, sha256_if_readable
from core.link import Cancel, CancelledJob, Failed, Link, LinkError, Message, Received, own_link
from core.output import make_folder
from core.workspace.document import SavedCase, SourceRecord
from core.workspace.file import read_workspace, write_workspace
from core.workspace.places import MOST_FILES, FilesBeside, noted_places
from core.workspace.workspace import Workspace

Reply = tuple[Message, list[Array]]
# Of files as they were when their slices were read; they may be gone since.
_HASHES: dict[SourceFile, str] = {}


class FilesServer:
    """Answers the requests of one link, one after another, until it closes."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._received: SimpleQueue[Received | None] = SimpleQueue()
        self._running_job = 0
        self._cancelled: set[int] = set()

    def serve(self) -> None:
        """Work until the other side closes the pipe."""
        signal.signal(signal.SIGTERM, self._on_cancel)
        threading.Thread(target=self._listen, name="files-listener", daemon=True).start()
        while (received := self._received.get()) is not None:
            try:
                self._link.send(*self._reply(*received), job=received.job)
            except LinkError:  # nobody is left to answer
                return

    def _listen(self) -> None:
        try:
            while (received := self._link.receive()) is not None:
                if isinstance(received.message, Cancel):
                    self._cancelled.add(received.job)
                    _interrupt_main_thread()
                else:
                    self._received.put(received)
        finally:
            self._received.put(None)

    def _on_cancel(self, number: int, frame: FrameType | None) -> None:
        """In the main thread, between two of its steps; what is written then is removed on the way out."""
        if self._running_job in self._cancelled:
            self._cancelled.discard(self._running_job)
            raise Cancelled

    def _reply(self, job: int, request: FilesRequest, arrays: list[Array]) -> Reply:
        try:
            self._running_job = job
            if job in self._cancelled:
                raise Cancelled
            return answer(request, arrays)
        except Cancelled:
            return CancelledJob(), []
        except SaliscopeError as error:
            return Failed.of(error), []
        except MemoryError:
            shortage = OutOfMemory("The computer has no memory left for this file.", "Close other programs.")
            return Failed.of(shortage), []
        finally:
            self._running_job = 0


def answer(request: FilesRequest, arrays: list[Array]) -> Reply:
    """Do what is requested. arrays: those of the workspace, of any shape. Raises SaliscopeError."""
    match request:
        case SaveWorkspace():
            make_folder(request.path.parent)
            write_workspace(request.path, _with_hashes(request, arrays))
            return WorkspaceSaved(), []
        case ReadWorkspace():
            return WorkspaceRead.of(read_workspace(request.path))
        case Export():
            return Exported(paths=_export(request, _with_hashes(request, arrays))), []
        case LocateSources():
            beside = FilesBeside(request.folder, _hash)
            paths = tuple(_located(request.folder, each, beside) for each in request.sources)
            return SourcesLocated(paths=paths), []
        case HashFiles():
            return FilesHashed(hashes=tuple(map(_hash, request.paths))), []


def _with_hashes(request: WorkspaceMessage, arrays: list[Array]) -> Workspace:
    """The workspace of a request, with the hashes of the files of its slices; those that are known stay."""
    workspace = request.workspace(arrays)

    def completed(case: SavedCase) -> SavedCase:
        if case.id not in request.files or case.source.file_sha256:
            return case
        sha256 = _hash_at_reading(request.files[case.id])
        image = case.image.model_copy(
            update={"image": case.image.image.model_copy(update={"sha256": sha256})}
        )
        source = case.source.model_copy(update={"file_sha256": sha256})
        return case.model_copy(update={"source": source, "image": image})

    cases = tuple(map(completed, workspace.document.cases))
    return Workspace(workspace.document.model_copy(update={"cases": cases}), workspace.arrays)


def _hash_at_reading(file: SourceFile) -> str:
    """SHA-256 of a file as it was when its slice was read; empty if it was changed before it was computed."""
    if file not in _HASHES:
        if file.state is None or file.state != file_state(file.path):
            return ""
        sha256 = _hash(file.path)
        if not sha256 or file.state != file_state(file.path):
            return ""
        _HASHES[file] = sha256
    return _HASHES[file]


def _hash(path: Path) -> str:
    """SHA-256 of a file; empty if it cannot be read. Computed once while the file stays as it is."""
    try:
        state = path.stat()
    except OSError:
        return ""
    return _hash_of(path, state.st_mtime_ns, state.st_size)


# More than are hashed in one folder: else nothing of a larger one would be remembered.
@lru_cache(maxsize=4 * MOST_FILES)
def _hash_of(path: Path, mtime_ns: int, size: int) -> str:
    return sha256_if_readable(path)


def _located(folder: Path, source: SourceRecord, beside: FilesBeside) -> Path | None:
    """Where a source is now, changed or not: at a noted path, or beside the workspace by name or hash."""
    name = Path(source.name).name
    places = [*noted_places(source, folder), *([folder / name] if name else [])]
    # `Path.exists` raises an error for a folder that may not be entered, and for a name that is too long.
    place = next((place for place in places if os.path.exists(place)), None)
    place = place or beside.file(source, name)
    return None if place is None else place.resolve()


def _export(request: Export, workspace: Workspace) -> tuple[Path, ...]:
    data = next((data for data in workspace.cases if data.case.id == request.case), None)
    if data is None:
        raise UsageError(f"The workspace has no case {request.case!r}.")
    saved = next((saved for saved in data.case.maps if saved.id == request.map), None)
    if saved is None and request.map:
        raise UsageError(f"The case has no map {request.map!r}.")
    subject = ExportSubject(data, saved, request.source)
    return export(exporter_named(request.exporter), subject, request.folder, request.stem, request.values)


def _interrupt_main_thread() -> None:
    if sys.platform == "win32":
        _thread.interrupt_main(signal.SIGTERM)
    else:  # also out of a call that waits, as for a slow disk
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def main() -> None:
    """Serve until the link closes."""
    FilesServer(own_link(REQUESTS)).serve()
