"""Messages over a pipe between the window (or a script) and a process it spawned.

A frame is a length (4 bytes, big-endian), a JSON header of that length with the job's number, the
message, and the dtype and shape of each array, and then the arrays' raw bytes. Nothing is pickled, and
both lengths are checked before memory is taken, because the process at the other end may have decoded a
hostile file.
"""

import os
import signal
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

import core
from core.arrays import Array
from core.errors import ResourceError, SaliscopeError

HEADER_LIMIT = 64 * 2**20
ARRAYS_LIMIT = 2 * 2**30
ARRAY_COUNT_LIMIT = 2**16
# So much of the end of a process's standard error is searched for the messages below.
ERROR_TAIL_BYTES = 2**16
# What the run-time libraries of C++, Rust and Python print before they end a process that gets no memory.
_OUT_OF_MEMORY = (b"std::bad_alloc", b"memory allocation of", b"MemoryError", b"Cannot allocate memory")
_LENGTH = struct.Struct(">I")


# Of the type adapters of messages: checks are built with the first message, not at the start of the program.
BUILT_WHEN_USED = ConfigDict(defer_build=True)


class LinkError(ResourceError):
    """The other process sent invalid data, or nothing can be sent to it any more."""

    code = "link"


class Message(BaseModel):
    """Base of all that crosses a pipe; a subclass adds `kind: Literal[...]`, which tells them apart."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Cancel(Message):
    """Request: end the job."""

    kind: Literal["cancel"] = "cancel"


class JobProgress(Message):
    """`done` of `total` steps of the job are finished; `text` names the step."""

    kind: Literal["progress"] = "progress"
    done: int
    total: int
    text: str = ""


class CancelledJob(Message):
    """The job ended because the person ended it."""

    kind: Literal["cancelled"] = "cancelled"


class Failed(Message):
    """The job ended with an error that a person may see."""

    kind: Literal["failed"] = "failed"
    code: str
    message: str
    hint: str = ""
    exit_code: int = 1

    @classmethod
    def of(cls, error: SaliscopeError) -> Self:
        """The message for an error."""
        return cls(code=error.code, message=error.message, hint=error.hint, exit_code=error.exit_code)

    def error(self) -> SaliscopeError:
        """The error in its class: by code, else the family with its exit code, else SaliscopeError."""
        classes = list(_error_classes())
        same_code = (error_class for error_class in classes if error_class.code == self.code)
        same_exit_code = (error_class for error_class in classes if error_class.exit_code == self.exit_code)
        error_class = next(same_code, None) or next(same_exit_code, SaliscopeError)
        # Without the class's own constructor, which may build the message from other arguments.
        error = error_class.__new__(error_class)
        SaliscopeError.__init__(error, self.message, self.hint)
        return error


def _error_classes(base: type[SaliscopeError] = SaliscopeError) -> Iterator[type[SaliscopeError]]:
    """All error classes, families before their members."""
    yield base
    for subclass in base.__subclasses__():
        yield from _error_classes(subclass)


class Received(NamedTuple):
    """One message as it came, with arrays of any shape; `job` is 0 for a message that belongs to no job."""

    job: int
    message: Any
    arrays: list[Array]


class _ArraySpec(BaseModel):
    model_config = ConfigDict(defer_build=True)

    dtype: str = Field(pattern=r"^[<>|](b1|[iu][1248]|f[248])$")
    shape: tuple[Annotated[int, Field(ge=0, le=ARRAYS_LIMIT)], ...] = Field(max_length=8)

    @property
    def size(self) -> int:
        # Zeros count as 1: numpy refuses an empty array whose other axes are beyond all bounds.
        return prod(max(length, 1) for length in self.shape) * np.dtype(self.dtype).itemsize


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    job: int
    arrays: tuple[_ArraySpec, ...] = Field(max_length=ARRAY_COUNT_LIMIT)
    message: dict[str, Any]


class Link:
    """Both directions of a pipe. `send` may be called from any thread, `receive` from one."""

    def __init__(self, reader: IO[bytes], writer: IO[bytes], incoming: TypeAdapter[Any]) -> None:
        self._reader, self._writer, self._incoming = reader, writer, incoming
        self._sending = threading.Lock()

    def send(self, message: Message, arrays: Sequence[Array] = (), job: int = 0) -> None:
        """Write one message of a job, with arrays of any shape.

        Raises LinkError if the other process cannot be reached or the message is beyond the limit.
        """
        buffers = [np.asarray(array, order="C") for array in arrays]
        if sum(buffer.nbytes for buffer in buffers) > ARRAYS_LIMIT:
            raise LinkError(f"A {message.__class__.__name__} message is beyond {ARRAYS_LIMIT >> 20} MiB.")
        specs = to_json([{"dtype": buffer.dtype.str, "shape": buffer.shape} for buffer in buffers])
        # NaN and infinite figures cross as such; model_dump_json would turn those of nested records,
        # which have settings of their own for documents, into null.
        body = to_json(message.model_dump(), inf_nan_mode="constants")
        header = b'{"job":%d,"arrays":%b,"message":%b}' % (job, specs, body)
        if len(header) > HEADER_LIMIT:
            raise LinkError(f"A {message.__class__.__name__} message is beyond {HEADER_LIMIT >> 20} MiB.")
        try:
            with self._sending:
                self._writer.write(_LENGTH.pack(len(header)))
                self._writer.write(header)
                for buffer in buffers:
                    self._writer.write(buffer.reshape(-1).view(np.uint8).data)
                self._writer.flush()
        except (OSError, ValueError) as error:  # a ValueError is a closed file
            reason = getattr(error, "strerror", None) or "the connection is closed"
            raise LinkError(f"The other process cannot be reached: {reason}.") from None

    def receive(self) -> Received | None:
        """The next message; None when the other side closed, even inside a message.

        Raises LinkError on invalid data; the stream cannot be used after that.
        """
        try:
            length = _LENGTH.unpack(self._exactly(_LENGTH.size))[0]
            if length > HEADER_LIMIT:
                raise _invalid(f"a header of {length} bytes")
            header = _parsed(self._exactly(length))
            if sum(spec.size for spec in header.arrays) > ARRAYS_LIMIT:
                raise _invalid("arrays beyond the limit")
            arrays = [self._array(spec) for spec in header.arrays]
        except EOFError:
            return None
        try:
            message = self._incoming.validate_python(header.message)
        except ValidationError as error:
            raise _invalid(f"an unknown message, {error.errors()[0]['msg'].lower()}") from None
        return Received(header.job, message, arrays)

    def close(self) -> None:
        """Close both directions; the other side sees the end of its stream."""
        for stream in (self._writer, self._reader):
            with suppress(OSError):  # unsent bytes for a process that is gone
                stream.close()

    def _exactly(self, count: int) -> bytes:
        data = self._read(count) if count else b""
        if len(data) < count:
            raise EOFError
        return data

    def _read(self, count: int) -> bytes:
        try:
            return self._reader.read(count)
        except (OSError, ValueError):  # our own side was closed, or a pipe that broke on Windows
            return b""

    def _array(self, spec: _ArraySpec) -> Array:
        array = np.empty(spec.shape, spec.dtype)
        view = array.reshape(-1).view(np.uint8).data
        while len(view):
            part = self._read(min(len(view), 2**24))
            if not part:
                raise EOFError
            view[: len(part)] = part
            view = view[len(part) :]
        return array


def _parsed(header: bytes) -> _Header:
    try:
        return _Header.model_validate(from_json(header))
    except ValueError:  # also what pydantic raises
        raise _invalid("an invalid header") from None


def _invalid(what: str) -> LinkError:
    return LinkError(f"The other process sent {what}.", "Start it again.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended; `exit_code` is None while it runs and negative after a signal.

    out_of_memory: it ended by itself because it got no more memory, as far as its standard error tells.
    """

    exit_code: int | None
    out_of_memory: bool = False

    def __str__(self) -> str:
        if self.exit_code is None:
            return "is running"
        if self.exit_code < 0:
            return f"was killed by signal {-self.exit_code}"
        return f"ended with code {self.exit_code}"


class Child:
    """A spawned process and the link to it; the process ends when the link closes."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", link: Link, errors: IO[bytes] | None = None
    ) -> None:
        """errors: the file that gets the process's standard error, if this process is to read it."""
        self._process = process
        self._errors = errors
        self.link = link

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        incoming: TypeAdapter[Any],
        env: Mapping[str, str] | None = None,
    ) -> Self:
        """Spawn `command`, which calls `own_link`; `env` is added to this environment.

        Its standard error, in which libraries may quote a patient's file, stays in memory, for `outcome`
        alone, or is dropped on systems that have no such files. It writes its log itself (`core.logs`).
        """
        errors = _memory_file()
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors or subprocess.DEVNULL,
            env={**child_environment(), **(env or {})},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        return cls(process, Link(process.stdout, process.stdin, incoming), errors)

    @property
    def pid(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    def outcome(self, wait_s: float = 0.0) -> Outcome:
        """How it ended, if it did within `wait_s`."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(wait_s)
        exit_code = self._process.returncode
        return Outcome(exit_code, exit_code is not None and self._is_out_of_memory())

    def _is_out_of_memory(self) -> bool:
        if self._errors is None or self._errors.closed:
            return False
        number = self._errors.fileno()
        size = os.fstat(number).st_size
        tail = os.pread(number, ERROR_TAIL_BYTES, max(size - ERROR_TAIL_BYTES, 0))
        return any(phrase in tail for phrase in _OUT_OF_MEMORY)

    def stop(self) -> None:
        """End the process at once; a thread in `link.receive` gets None. The link stays open for it."""
        self._process.kill()

    def kill(self) -> None:
        """End the process at once, wait for its end, and close the link."""
        self._process.kill()
        self._process.wait()
        self.link.close()
        if self._errors is not None:
            self._errors.close()


def child_environment() -> dict[str, str]:
    """This process's environment, in which the program is found wherever it lies."""
    root = str(Path(core.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


def _memory_file() -> IO[bytes] | None:
    """A file in memory, None on systems that have no such files."""
    create = getattr(os, "memfd_create", None)
    return os.fdopen(create("standard error"), "w+b") if create is not None else None


def own_link(incoming: TypeAdapter[Any]) -> Link:
    """In the spawned process: its link to the one that started it.

    Takes standard input and output for itself; whatever else is printed goes to standard error, and
    Ctrl-C is left to the process that owns the terminal.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return Link(reader, writer, incoming)
