"""The processes of the program: each is started by an entry switch of the program itself.

So the same code runs from source, from an installed program and from a frozen one.
"""

import sys
from importlib import import_module

from core.logs import log_uncaught, start_log

SWITCH = "--process"
# Named, not imported, so that a process loads only what it needs itself. Each module has a `main()`.
PROCESSES = {"worker": "core.worker.loop", "reader": "core.readers.entry", "files": "core.exports.serve"}


def program_command(*arguments: str) -> list[str]:
    """The command that starts the program itself with these arguments."""
    # -P: nothing in the folder from which the program was started is imported.
    python_options = [] if getattr(sys, "frozen", False) else ["-P", "-m", "saliscope"]
    return [sys.executable, *python_options, *arguments]


def command_of(name: str) -> list[str]:
    """The command that starts the process `name`."""
    return program_command(SWITCH, name)


def run_process(name: str) -> None:
    """Be the process `name` until the link to the one that started it closes."""
    start_log(name)
    log_uncaught()
    import_module(PROCESSES[name]).main()
