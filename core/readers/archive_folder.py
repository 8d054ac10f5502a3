"""The private folder into which archives are unpacked: made and deleted by the program, used by its readers.

A reader process may be ended at any time, so it does not own the folder. It deletes it only where the
program itself was killed.
"""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

FOLDER_VARIABLE = "SALISCOPE_ARCHIVES"


@cache
def archive_folder() -> Path:
    """That of the program which started this process, else one of this process; for nobody else to open."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        return Path(folder)
    made = Path(tempfile.mkdtemp(prefix="saliscope-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def delete_without_program(program: int) -> None:
    """Delete the folder if the program with this process id, which started this process, was killed."""
    if os.getppid() != program:
        shutil.rmtree(archive_folder(), ignore_errors=True)
