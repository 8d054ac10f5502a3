"""`saliscope`: without arguments or with workspaces the window, else the command line or a process of it."""

import os
import sys
from importlib import import_module
from io import TextIOWrapper

from core.logs import start_log
from core.policy import policy
from core.processes import SWITCH, run_process
from core.readers.other_formats import WORKSPACE_SUFFIX

# By which NVIDIA's libraries are told the GPUs that a process may use.
GPUS_VARIABLE = "CUDA_VISIBLE_DEVICES"
# What the window needs of the engine, and with it numpy and pydantic.
BEFORE_QT = ("core.worker.messages", "core.readers.messages", "core.checks", "core.methods")


def load_before_qt() -> None:
    """Load what the window needs beside Qt.

    PySide reads the source of every module that is loaded after it: a tenth of the window's start.
    """
    for module in BEFORE_QT:
        import_module(module)


def use_policy_device() -> None:
    """Hide GPUs from this process and those that it starts where the policy chooses the CPU."""
    rule = policy().rule("device")
    if rule.value == "cpu" and (rule.origin == "forced" or GPUS_VARIABLE not in os.environ):
        os.environ[GPUS_VARIABLE] = "-1"


def main() -> int:
    """Returns the exit code. The window's libraries and the network's never meet in one process."""
    arguments = sys.argv[1:]
    use_policy_device()
    if arguments[:1] == [SWITCH]:
        run_process(arguments[1])
        return 0
    if all(argument.endswith(WORKSPACE_SUFFIX) for argument in arguments):
        load_before_qt()
        start_log("window")
        from app.window.failure import WindowFailure

        failure = WindowFailure()
        sys.excepthook = failure.on_bug
        from app.window.program import open_window

        return open_window(arguments, failure)
    start_log("command-line")
    from app.command_line.failure import CommandFailure
    from app.command_line.group import run

    sys.excepthook = CommandFailure.of(arguments).on_bug
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot show a file's name gets question marks, not a crash.
        sys.stdout.reconfigure(errors="replace")
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
