"""What was made of whole series and is kept in memory while a person looks at them, within a limit."""

import os
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

# With what the largest file takes while it is read, this stays below the memory limit of the reader process.
KEPT_LIMIT_BYTES = 2 * 2**30

# Thousands of files are not looked at for every slice: on a network drive that would take seconds.
FEW_FILES = 64
RECHECK_S = 1.0

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class FileState:
    """Modification time (in ns) and size of a file by which an edited one is recognised."""

    changed_ns: int
    size: int


FileStates = dict[Path, FileState | None]


def file_states(paths: Iterable[Path]) -> FileStates:
    """The state of each file, None for one that is missing; take it before the files are read."""
    return {path: _state_of(path) for path in dict.fromkeys(paths)}


def _state_of(path: Path) -> FileState | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return FileState(status.st_mtime_ns, status.st_size)


@dataclass(frozen=True, slots=True)
class KeptKey(Generic[Kept]):
    """The name of something of type `kind` that is kept."""

    kind: type[Kept]
    name: Hashable


@dataclass(slots=True)
class _Item:
    value: Any
    states: FileStates
    size_bytes: int
    memory_bytes: int
    checked_s: float

    def is_current(self, now_s: float) -> bool:
        """Whether no file was changed; what was read of a file that is missing now is still right."""
        if len(self.states) > FEW_FILES and now_s - self.checked_s < RECHECK_S:
            return True
        self.checked_s = now_s
        return all(
            current is None or current == self.states[path]
            for path, current in file_states(self.states).items()
        )


class VolumeCache:
    """The volumes used last, up to a limit; the newest is kept even beyond it.

    A volume whose files have been changed is dropped; many files are looked at once a second. One whose files
    have disappeared is still given: all of it was read, or mapped, while they existed.
    """

    def __init__(
        self, limit_bytes: int = KEPT_LIMIT_BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit_bytes, self._clock = limit_bytes, clock
        # The one used last is at the end.
        self._items: dict[KeptKey[Any], _Item] = {}

    @property
    def kept_bytes(self) -> int:
        """Memory that the volumes take; a file that is mapped takes none of its own."""
        return sum(item.memory_bytes for item in self._items.values())

    def get(self, key: KeptKey[Kept]) -> Kept | None:
        """What is kept under a key, None if nothing is or one of its files was changed."""
        item = self._items.pop(key, None)
        if item is None or not item.is_current(self._clock()):
            return None
        self._items[key] = item
        value: Kept = item.value
        return value

    def make_room(self, size_bytes: int) -> None:
        """Drop the volumes that were not used for the longest time, so that so many bytes can be added."""
        while self._items and sum(item.size_bytes for item in self._items.values()) + size_bytes > (
            self._limit_bytes
        ):
            del self._items[next(iter(self._items))]

    def keep(
        self,
        key: KeptKey[Kept],
        value: Kept,
        states: FileStates,
        size_bytes: int,
        memory_bytes: int | None = None,
    ) -> None:
        """Keep what was read of files in these states.

        size_bytes: of address space. memory_bytes: of it in memory, all unless a file is mapped.
        """
        self._items.pop(key, None)
        self.make_room(size_bytes)
        self._items[key] = _Item(
            value, states, size_bytes, size_bytes if memory_bytes is None else memory_bytes, self._clock()
        )

    def release(self, paths: Iterable[Path]) -> None:
        """Drop everything that was read from one of these files."""
        released = set(paths)
        self._items = {key: item for key, item in self._items.items() if released.isdisjoint(item.states)}


# Of this process: what each format keeps counts together.
KEPT_VOLUMES = VolumeCache()
