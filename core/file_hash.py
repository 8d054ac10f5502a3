"""The hash by which a file is recognised."""

import hashlib
import os
from pathlib import Path

# When a file was changed last, in ns, and its size in bytes.
FileState = tuple[int, int]


def file_sha256(path: Path) -> str:
    """SHA-256 (hexadecimal) of a file's bytes. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_if_readable(path: Path) -> str:
    """As `file_sha256`; empty for what is no regular file or cannot be read."""
    if not os.path.isfile(path):  # reading from a pipe might never end
        return ""
    try:
        return file_sha256(path)
    except OSError:
        return ""


def file_state(path: Path) -> FileState | None:
    """What changes with a file's content; None where it cannot be looked at."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size
