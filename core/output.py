"""Writing results: to a temporary name and renamed, so that a killed run leaves no half file."""

import errno
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import numpy as np
from pydantic import BaseModel

from core.arrays import Array
from core.errors import DiskFull

FULL_HINT, OTHER_HINT = "Free some space, or choose another folder.", "Choose another folder."
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MAX_NAME_LENGTH = 80
# A process of another machine, which may write to the same shared folder, is not in the list of this one's.
ABANDONED_AFTER_S = 60.0
RESERVED_NAMES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(10)),
}


@contextmanager
def written(path: Path, is_durable: bool = False) -> Iterator[IO[bytes]]:
    """A file to write to that becomes `path` at the end, whole or not at all. Raises DiskFull.

    is_durable: it is on the disk before it replaces an earlier file, so that not even a power failure loses
    both; that takes some milliseconds.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            yield file
            if is_durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise not_written(path, error) from None
    finally:
        with suppress(OSError):  # such as a folder that cannot be written to
            temporary.unlink(missing_ok=True)


def remove_abandoned_parts(path: Path) -> None:
    """Remove the temporary files that `written` of this path left behind in processes that were killed."""
    import psutil

    now = time.time()
    for part in _temporary_files(path):
        process = part.name.removesuffix(".part").rpartition(".")[2]
        with suppress(OSError):  # another process may have removed it, or the folder is read-only
            is_idle = now - part.stat().st_mtime > ABANDONED_AFTER_S
            if is_idle and process.isdecimal() and not psutil.pid_exists(int(process)):
                part.unlink()


def _temporary_files(path: Path) -> list[Path]:
    prefix, suffix = f".{path.name}.", ".part"
    with suppress(OSError):
        names = os.listdir(path.parent)
        return [path.with_name(name) for name in names if name.startswith(prefix) and name.endswith(suffix)]
    return []


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files that belong together: all of them or, at an error, none. Raises DiskFull.

    The first one gets its name last, so that whoever sees it sees the others as well.
    """
    for path in contents:
        if path.is_dir():
            raise not_written(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    with ExitStack() as stack:
        for path, content in contents.items():
            file = stack.enter_context(written(path))
            file.write(content)
            file.flush()  # a full disk is noticed here, before any of them has its name


def make_temporary_folder(folder: Path) -> Path:
    """Make a temporary folder beside `folder`, which `finish_folder` renames to it. Raises DiskFull."""
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
    except OSError as error:
        raise not_written(folder, error) from None
    return temporary


def finish_folder(temporary: Path, folder: Path) -> None:
    """Rename a temporary folder to `folder`, which is absent or empty. Raises DiskFull."""
    try:
        if folder.exists():
            folder.rmdir()
        os.replace(temporary, folder)
    except OSError as error:
        raise not_written(folder, error) from None


def write_array(path: Path, values: Array) -> None:
    """Write an array of any shape as a .npy file. Raises DiskFull."""
    with written(path) as file:
        np.save(file, values, allow_pickle=False)


def write_document(path: Path, document: BaseModel) -> None:
    """Write a document as a JSON file in UTF-8. Raises DiskFull."""
    with written(path) as file:
        file.write(document.model_dump_json(indent=2).encode("utf-8") + b"\n")


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, if it does not exist. Raises DiskFull."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from None


def unique_folder(parent: Path, name: str) -> Path:
    """A new folder in `parent`, named after `name`, numbered if there is one already. Raises DiskFull."""
    base = safe_name(name)
    make_folder(parent)
    try:
        number = 1
        while True:
            folder = parent / (base if number == 1 else f"{base}-{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                number += 1
            else:
                return folder
    except OSError as error:
        raise not_written(parent, error) from None


def safe_name(name: str) -> str:
    """`name` as a folder name that every file system accepts."""
    stem = shown_name(name)
    allowed = "".join("_" if mark in '<>:"/\\|?*' or not mark.isprintable() else mark for mark in stem)
    short = allowed[:MAX_NAME_LENGTH].strip(" .")
    return f"{short}_" if short.lower() in RESERVED_NAMES else short or "image"


def shown_name(name: str) -> str:
    """`name` as text that can be encoded: bytes of a file name that are not text become question marks."""
    return os.fsencode(name).decode("utf-8", "replace")


def folder_name(folder: Path) -> str:
    """The name of a folder without its parents, for documents that may be shared."""
    return shown_name(folder.absolute().name)


def not_written(path: Path, error: OSError) -> DiskFull:
    """The error for a file or folder that cannot be written, by its name."""
    reason = error.strerror or error.__class__.__name__
    hint = FULL_HINT if error.errno in FULL else OTHER_HINT
    return DiskFull(f"{shown_name(path.name)} cannot be written: {reason}.", hint)
