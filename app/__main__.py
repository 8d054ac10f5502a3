"""`saliscope`: without arguments or with files the window, else the command line or a process of it."""

import builtins
import gc
import os
import sys
from io import TextIOWrapper

from core.errors import UnsupportedComputer
from core.logs import start_log
from core.models.device import use_policy_device
from core.processes import PROCESSES, SWITCH, run_process
from core.readers.other_formats import WORKSPACE_SUFFIX


def prepare_start() -> None:
    """Leave out what takes time at the start and gives nothing; `app.window.program` collects garbage again.

    Nothing that is loaded becomes garbage. Pydantic would read the metadata of every installed package to
    look for plugins, and run those that it finds.
    """
    gc.disable()
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"


def restore_import() -> None:
    """Make `import` again what it was before PySide looked for its `__feature__` in it, once Qt is loaded.

    To do so PySide reads the source of every module that is loaded after it, and takes its time at every
    import of one that is loaded. No module here uses such features.
    """
    own_import = vars(builtins).get("__orig_import__")
    if own_import is not None:
        vars(builtins)["__import__"] = own_import


def is_file_argument(argument: str) -> bool:
    """Whether an argument is a file or folder to be opened, as a desktop gives it, and not a command.

    No command has a dot or a slash in its name, so a file that is called like one is given as ./NAME.
    """
    if argument.startswith("-"):
        return False
    is_path = any(sign in argument for sign in (".", "/", os.sep))
    return argument.endswith(WORKSPACE_SUFFIX) or (is_path and os.path.exists(argument))


def main() -> int:
    """Returns the exit code. The window's libraries and the network's never meet in one process."""
    arguments = sys.argv[1:]
    if arguments[:1] == [SWITCH] and arguments[1:] in ([name] for name in PROCESSES):
        run_process(arguments[1])
        return 0
    if all(is_file_argument(argument) for argument in arguments):
        return _run_window(arguments)
    start_log("command-line")
    use_policy_device(os.environ, is_final=True)
    from app.command_line.failure import CommandFailure
    from app.command_line.group import run

    sys.excepthook = CommandFailure.of(arguments).on_bug
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot show a file's name gets question marks, not a crash.
        sys.stdout.reconfigure(errors="replace")
    return run(arguments)


def _run_window(paths: list[str]) -> int:
    prepare_start()
    start_log("window")
    from app.failure import print_error
    from app.window.failure import WindowFailure

    failure = WindowFailure()
    sys.excepthook = failure.on_bug
    use_policy_device(os.environ, is_final=False)
    from app.system_check import require_window

    try:
        require_window(os.environ)
    except UnsupportedComputer as error:
        print_error(str(error))
        return error.exit_code
    restore_import()
    from app.window.program import open_window

    return open_window(paths, failure)


if __name__ == "__main__":
    sys.exit(main())
