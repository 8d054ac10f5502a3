"""A reader process with one more format: its files say how they make it fail, such as `FAIL index abort`."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import core.link
from core.images.slice import Identity, Slice
from core.readers import index, serve
from core.readers.decoding import decoding
from core.readers.protocol import SeriesEntry

COMMAND = [sys.executable, "-P", "-m", "tests.core.readers.failing_reader"]


class PanicException(BaseException):
    """As PyO3 raises it for a decoder written in Rust."""


PanicException.__module__ = "pyo3_runtime"


class FailingReader:
    """Fails as the file says, at `index` or at `read`."""

    name: ClassVar[str] = "failing"
    suffixes: ClassVar[tuple[str, ...]] = ()
    is_picture: ClassVar[bool] = False

    def claims(self, head: bytes, path: Path) -> bool:
        return head.startswith(b"FAIL ")

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        fail(path, "index")
        yield SeriesEntry(path=path, reader=self.name, title="failing", frames=1, rows=2, columns=2)

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        fail(entry.path, "read")
        raise AssertionError("nobody reads this")


def fail(path: Path, step: str) -> None:
    when, how = path.read_text().split()[1:]
    if when == step:
        with decoding(path, "a picture"):
            WAYS[how](path)


def panic(path: Path) -> None:
    raise PanicException("index out of bounds: the len is 3 but the index is 7")


def no_memory(path: Path) -> None:
    raise MemoryError


def invalid_answer(path: Path) -> None:
    LINKS[0]._writer.write(b"\xff" * 64)
    LINKS[0]._writer.flush()
    time.sleep(600)


def bad_alloc(path: Path) -> None:
    """As the run-time library of C++ ends a process that gets no memory."""
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def one_warning(path: Path) -> None:
    """A decoder that writes a warning and continues."""
    os.write(2, b"std::bad_alloc was caught\n")
    raise ValueError


def many_warnings(path: Path) -> None:
    """A decoder that writes very many warnings and then aborts for another reason."""
    for _ in range(3 * 2**20 // 1024):
        with contextlib.suppress(OSError):
            os.write(2, b"x" * 1024)
    os.abort()


def grow(path: Path) -> None:
    """Take two gigabytes of address space, and give them back."""
    assert len(bytearray(2 * 2**30)) > 0
    raise ValueError("there was room")


WAYS = {
    "grow": grow,
    "bad_alloc": bad_alloc,
    "chatter": many_warnings,
    "mutter": one_warning,
    "abort": lambda path: os.abort(),
    "fault": lambda path: os.kill(os.getpid(), signal.SIGSEGV),
    "leave": lambda path: os._exit(3),
    "killed": lambda path: os.kill(os.getpid(), signal.SIGKILL),
    "alarm": lambda path: os.kill(os.getpid(), signal.SIGALRM),
    "hang": lambda path: time.sleep(600),
    "panic": panic,
    "memory": no_memory,
    "nonsense": invalid_answer,
}
LINKS: list[core.link.Link] = []


def main() -> None:
    index.READERS = (FailingReader(), *index.READERS)
    own_link = serve.own_link

    def link_of(incoming):
        LINKS.append(own_link(incoming))
        return LINKS[0]

    serve.own_link = link_of
    serve.main()


if __name__ == "__main__":
    sys.exit(main())
