"""The private folder into which archives are unpacked: made and deleted by the program, used by its readers.

A reader process may be ended at any time, so it does not own the folder. While the program runs it holds a
lock in the folder, which the system releases however the program ends; so a folder whose lock is free is
left over from a program that was killed. The reader processes of the next start delete it.
"""

import atexit
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

FOLDER_VARIABLE = "SALISCOPE_ARCHIVES"
_PREFIX = "saliscope-archives-"
_LOCK = "in-use"


@cache
def archive_folder() -> Path:
    """That of the program which started this process, else one of this process; for nobody else to open."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        return Path(folder)
    while True:
        made = Path(tempfile.mkdtemp(prefix=_PREFIX))
        stream = (made / _LOCK).open("wb")
        # Where the file system has no locks, nobody can take the folder for a left one either.
        with suppress(OSError):
            _lock(stream, waits=True)
        if (made / _LOCK).exists():  # else another program has just looked at it and found it free
            atexit.register(_delete_own, made, stream)
            return made
        stream.close()


def delete_without_program(program: int) -> None:
    """Delete the folder if the program with this process id, which started this process, was killed.

    Windows does not tell a process that its parent has ended: there the next start deletes the folder.
    """
    if os.getppid() != program:
        shutil.rmtree(archive_folder(), ignore_errors=True)


def delete_left_folders() -> None:
    """Delete the folders of programs that were killed, beside the one of this program."""
    with suppress(OSError):
        for entry in list(os.scandir(archive_folder().parent)):
            folder = Path(entry.path)
            is_folder = entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False)
            if is_folder and folder != archive_folder() and _is_of_this_user(folder):
                _delete_if_left(folder)


def _delete_if_left(folder: Path) -> None:
    """A folder without a lock file is being made, or is no folder of ours."""
    try:
        stream = (folder / _LOCK).open("r+b")
    except OSError:
        return
    with stream:
        try:
            _lock(stream, waits=False)
        except OSError:
            return
        if sys.platform != "win32":  # there, an open file cannot be deleted
            shutil.rmtree(folder, ignore_errors=True)
    if sys.platform == "win32":
        shutil.rmtree(folder, ignore_errors=True)


def _delete_own(folder: Path, stream: BinaryIO) -> None:
    stream.close()
    shutil.rmtree(folder, ignore_errors=True)


def _is_of_this_user(folder: Path) -> bool:
    return sys.platform == "win32" or folder.lstat().st_uid == os.geteuid()


def _lock(stream: BinaryIO, waits: bool) -> None:
    """Hold a lock until the file is closed or this process ends. Raises OSError if it is held elsewhere."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
