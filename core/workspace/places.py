"""Where the source of a case may lie: where it was, seen from the workspace, or beside it under any name."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from core.workspace.document import SourceRecord

# Of the workspace's folder so many files, and bytes, are hashed.
MOST_FILES, MOST_BYTES = 2000, 10 * 2**30
# Of the paths of other computers and of devices on Windows, in the form that has backslashes alone.
REMOTE_STARTS = ("\\\\", "\\??\\")


def noted_places(source: SourceRecord, folder: Path) -> Iterator[Path]:
    """The paths that a source notes, the likeliest first. folder: of the workspace.

    A path of another computer or of a device is left out: Windows would log on to whatever computer a
    workspace names, as soon as it is opened. A person can locate such a source.
    """
    if source.relative_path and not _is_remote(source.relative_path):
        yield Path(os.path.normpath(folder / source.relative_path))
    if source.path and not _is_remote(source.path):
        yield Path(source.path)


class FilesBeside:
    """The files in the folder of a workspace by their hashes; each is hashed once, and only when needed."""

    def __init__(self, folder: Path, sha256_of: Callable[[Path], str]) -> None:
        """sha256_of: the hash of a file; empty if it cannot be read."""
        self._folder, self._sha256_of = folder, sha256_of
        self._unhashed: dict[str, None] | None = None
        self._by_name: dict[str, str] = {}
        self._by_hash: dict[str, Path] = {}
        self._files_left, self._bytes_left = MOST_FILES, MOST_BYTES

    def file(self, source: SourceRecord, name: str) -> Path | None:
        """The file that has the bytes of a source, whatever its name is now; `name` is tried first."""
        sha256 = source.file_sha256
        if not sha256:
            return None
        if self._unhashed is None:
            self._unhashed = _sorted_names(self._folder)
        if name in self._unhashed:
            self._hash(name, self._unhashed)
        if self._by_name.get(name) == sha256:
            return self._folder / name
        while sha256 not in self._by_hash and self._unhashed:
            self._hash(next(iter(self._unhashed)), self._unhashed)
        return self._by_hash.get(sha256)

    def _hash(self, name: str, unhashed: dict[str, None]) -> None:
        """Hash one file more; beyond a limit none of the others is."""
        path = self._folder / name
        self._files_left -= 1
        self._bytes_left -= _size(path)
        if self._files_left < 0 or self._bytes_left < 0:
            unhashed.clear()
            return
        sha256 = self._sha256_of(path)
        del unhashed[name]
        self._by_name[name] = sha256
        self._by_hash.setdefault(sha256, path)


def _sorted_names(folder: Path) -> dict[str, None]:
    try:
        return dict.fromkeys(sorted(os.listdir(folder)))
    except OSError:
        return {}


def _is_remote(path: str) -> bool:
    """Whether a path begins as those of other computers and of devices do on Windows, on any system."""
    return path.replace("/", "\\").startswith(REMOTE_STARTS)


def _size(path: Path) -> int:
    """In bytes; 0 for what is no file."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
