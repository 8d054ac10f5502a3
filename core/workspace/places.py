"""Where the source of a case may lie: where it was, seen from the workspace, or beside it under any name."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from core.workspace.document import SourceRecord

# Of the workspace's folder so many files, and bytes, are hashed.
MOST_FILES, MOST_BYTES = 2000, 10 * 2**30


def noted_places(source: SourceRecord, folder: Path) -> Iterator[Path]:
    """The paths that a source notes, the likeliest first. folder: of the workspace."""
    if source.relative_path:
        yield Path(os.path.normpath(folder / source.relative_path))
    if source.path:
        yield Path(source.path)


def file_beside(
    source: SourceRecord, folder: Path, name: str, sha256_of: Callable[[Path], str]
) -> Path | None:
    """The file in the folder of the workspace that has the bytes of a source, whatever its name is now.

    name: that of the file, which is tried first. sha256_of: the hash of a file; empty if it cannot be read.
    """
    if not source.file_sha256:
        return None
    try:
        names = sorted(os.listdir(folder), key=lambda each: (each != name, each))
    except OSError:
        return None
    remaining = MOST_BYTES
    for path in (folder / each for each in names[:MOST_FILES]):
        remaining -= _size(path)
        if remaining < 0:
            return None
        if sha256_of(path) == source.file_sha256:
            return path
    return None


def _size(path: Path) -> int:
    """In bytes; 0 for what is no file."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
