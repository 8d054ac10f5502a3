"""The files of a folder: which are pictures, and the hash that stands for all of them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from core.readers.index import certain_suffixes


def pictures_below(folder: Path) -> list[Path]:
    """Every file below `folder` whose name ends like an image, sorted by path."""
    suffixes = certain_suffixes()
    return sorted(
        file for file in folder.rglob("*") if file.name.lower().endswith(suffixes) and file.is_file()
    )


def content_sha256(root: Path, files: Sequence[Path]) -> str:
    """One hash of the names below `root` and the bytes of `files`, whatever their order."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.relative_to(root).as_posix().encode("utf-8", "surrogateescape") + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
