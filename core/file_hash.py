"""The hash by which a file is recognised."""

import hashlib
from pathlib import Path


def file_sha256(path: Path) -> str:
    """SHA-256 (hexadecimal) of a file's bytes. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
