"""Files and folders before a reader gets them: only regular files are ever opened.

Opening a named pipe waits until another process writes to it, and a device may never end.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import Unreadable
from core.output import shown_name
from core.readers.protocol import HEAD_BYTES

# Deflate compresses by at most this factor: a smaller file has not what its header claims.
DEFLATE_RATIO = 1032

_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class FileBelow:
    """A file below a folder, or a folder whose files cannot be listed.

    error: why it cannot be opened, None for a regular file. is_folder: its files are unknown.
    is_expected: a list of images names it, so its absence is told whatever its name is.
    """

    path: Path
    error: Unreadable | None = None
    is_folder: bool = False
    is_expected: bool = False


def require_file(path: Path) -> None:
    """Raises Unreadable unless `path` leads to a regular file; nothing is opened."""
    name = shown_name(path.name)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if os.path.islink(path):  # unlike Path.is_symlink, False where a parent folder is not accessible
            raise Unreadable(
                f"{name} is a link that leads to no file.", "Copy the file itself to this place."
            ) from None
        raise Unreadable(f"{name} cannot be opened: {error.strerror}.") from None
    except ValueError:  # a zero byte in a path
        raise Unreadable("The name of the file contains a zero byte.", "Rename the file.") from None
    if not stat.S_ISREG(mode):
        kind = next((description for matches, description in _KINDS if matches(mode)), "a special file")
        raise Unreadable(
            f"{name} is {kind}, not a regular file.", "Save the image as a file and open that file."
        )


def head_of(path: Path) -> bytes:
    """The first HEAD_BYTES. Raises Unreadable if it is not a regular file or cannot be opened."""
    require_file(path)
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise Unreadable(f"{shown_name(path.name)} cannot be opened: {error.strerror}.") from None


def files_below(folder: Path) -> list[FileBelow]:
    """Everything below a folder that is not a folder itself, sorted by path. Raises Unreadable.

    Folders that may not be listed are among them, and links to folders, which are not followed: they
    may lead back to a folder above them.
    """
    files: list[FileBelow] = []

    def add_unlisted_folder(error: OSError) -> None:
        path = Path(error.filename)
        if path == folder:
            raise Unreadable(f"The folder cannot be listed: {error.strerror}.") from None
        reason = Unreadable(
            f"The folder {shown_name(path.name)} cannot be listed: {error.strerror}.",
            "Allow it to be read, or open it by itself.",
        )
        files.append(FileBelow(path, reason, is_folder=True))

    for parent, folders, names in os.walk(folder, onerror=add_unlisted_folder):
        for name in folders:
            path = Path(parent, name)
            if os.path.islink(path):
                files.append(FileBelow(path, _not_followed(path), is_folder=True))
        files += [file_at(Path(parent, name)) for name in names]
    return sorted(files, key=lambda file: file.path)


def _not_followed(path: Path) -> Unreadable:
    return Unreadable(
        f"{shown_name(path.name)} is a link to a folder, which is not followed.",
        "Open that folder by itself.",
    )


def file_at(path: Path) -> FileBelow:
    """A file of a list, with the reason if it cannot be opened."""
    try:
        require_file(path)
    except Unreadable as error:
        return FileBelow(path, error)
    return FileBelow(path)


def is_text(path: Path) -> bool:
    """Whether a path can be encoded as UTF-8; any other could not be named in a message or document."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
