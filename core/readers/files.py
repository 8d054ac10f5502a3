"""Files and folders before a reader sees them: what is no regular file is never opened.

Opening a named pipe waits until somebody writes to it, and a device may never end.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import Unreadable
from core.output import shown_name
from core.readers.protocol import HEAD_BYTES

_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A file below a folder, or a folder that cannot be looked into.

    error: why it cannot be opened, None for a regular file. is_folder: its files are unknown.
    """

    path: Path
    error: Unreadable | None = None
    is_folder: bool = False


def require_file(path: Path) -> None:
    """Raises Unreadable unless `path` leads to a regular file; nothing is opened."""
    name = shown_name(path.name)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if os.path.islink(path):  # unlike Path.is_symlink, False where the way to it is forbidden
            raise Unreadable(
                f"{name} is a link that leads to no file.", "Copy the file itself to this place."
            ) from None
        raise Unreadable(f"{name} cannot be opened: {error.strerror}.") from None
    except ValueError:  # a zero byte in a path
        raise Unreadable("The name of the file holds a zero byte.", "Rename the file.") from None
    if not stat.S_ISREG(mode):
        kind = next((words for matches, words in _KINDS if matches(mode)), "something else")
        raise Unreadable(
            f"{name} is {kind} and no regular file.", "Save the image as a file and open that file."
        )


def head_of(path: Path) -> bytes:
    """The first HEAD_BYTES. Raises Unreadable if it is no regular file or cannot be opened."""
    require_file(path)
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise Unreadable(f"{shown_name(path.name)} cannot be opened: {error.strerror}.") from None


def places_below(folder: Path) -> list[Place]:
    """Everything below a folder that is no folder itself, sorted by path.

    Folders that may not be listed are among them, and links to folders, which are not followed: they
    may lead back to where they stand.
    """
    found: list[Place] = []

    def refused(error: OSError) -> None:
        path = Path(error.filename)
        # A whole folder that cannot be listed is an error of its own.
        if path == folder:
            raise Unreadable(f"The folder cannot be listed: {error.strerror}.") from None
        why = Unreadable(
            f"The folder {shown_name(path.name)} cannot be listed: {error.strerror}.",
            "Allow it to be read, or open it by itself.",
        )
        found.append(Place(path, why, is_folder=True))

    for parent, folders, names in os.walk(folder, onerror=refused):
        for name in folders:
            path = Path(parent, name)
            if os.path.islink(path):
                found.append(Place(path, _not_followed(path), is_folder=True))
        found += [_place(Path(parent, name)) for name in names]
    return sorted(found, key=lambda place: place.path)


def _not_followed(path: Path) -> Unreadable:
    return Unreadable(
        f"{shown_name(path.name)} is a link to a folder, which is not followed.",
        "Open that folder by itself.",
    )


def _place(path: Path) -> Place:
    try:
        require_file(path)
    except Unreadable as error:
        return Place(path, error)
    return Place(path)


def is_text(path: Path) -> bool:
    """Whether a path can be written down; one of other bytes could not be named in a message or result."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
