"""The entry of the installed program: what `python -m saliscope` is for the source tree."""

import multiprocessing
import os
import sys


def restore_library_path() -> None:
    """Give programs that Saliscope starts (a file manager) the library path of the caller.

    PyInstaller's start program leads this process to the libraries in its folder by LD_LIBRARY_PATH, which
    the loader has read by now; a system program would be led to them as well, and may fail with them.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before


def keep_libraries_portable() -> None:
    """Lead matplotlib, which keeps a list of fonts, to the data folder of a portable program."""
    from core.folders import portable_folder

    folder = portable_folder()
    if folder is not None:
        os.environ["MPLCONFIGDIR"] = str(folder / "matplotlib")


if __name__ == "__main__":
    # A library that starts a process by multiprocessing starts this program, which is then that process.
    multiprocessing.freeze_support()
    restore_library_path()
    keep_libraries_portable()
    from app.__main__ import main

    sys.exit(main())
