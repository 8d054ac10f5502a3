"""The logs of every process: what failed and where in the code, and nothing of what it failed on.

A log holds no path, no name of a file, no value of a header and no text of an exception: libraries quote all
of these. It holds the program's own fixed words, codes, types of exceptions, and places in the code.
"""

import faulthandler
import logging
import os
import platform
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from core.folders import log_folder
from core.version import program_version

MOST_BYTES = 2**20
BACKUPS = 3
FAULT_SUFFIX = ".fault"
# The packages whose loggers are written at all.
_OWN = ("app", "core", "saliscope", "training")
# What may be filled into a line: numbers, and codes of the program.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,40}")
_HIDDEN = "..."
_FAULT_PLACE = re.compile(r'\s*File "(?P<path>.*)", line (?P<line>\d+) in (?P<name>\S+)')
_FAULT_WORDS = re.compile(
    r"Fatal Python error: [A-Za-z ]+|Windows fatal exception: [A-Za-z0-9 ]+|(Current t|T)hread 0x"
)
log = logging.getLogger("core.logs")


class PrivateFormatter(logging.Formatter):
    """Time, level, logger and fixed words of a record, and of its exception types and places."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines of a record."""
        now = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        lines = [f"{now} {record.levelname} {record.name} [{record.process}]: {_words(record)}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += error_lines(record.exc_info[1])
        return "\n".join(lines)


class LogFile(RotatingFileHandler):
    """The log of one kind of process, in files of at most MOST_BYTES. has_failed: it could not be written."""

    def __init__(self, kind: str) -> None:
        self.path = log_path(kind)
        super().__init__(self.path, maxBytes=MOST_BYTES, backupCount=BACKUPS, encoding="utf-8", delay=True)
        self.has_failed = False
        self.setFormatter(PrivateFormatter())
        self.addFilter(lambda record: record.name.partition(".")[0] in _OWN)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; makes the folder where it is missing."""
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A log that cannot be written ends nothing."""
        self.has_failed = True


def log_path(kind: str) -> Path:
    """The newest log file of a kind of process."""
    return log_folder() / f"{kind}.log"


def start_log(kind: str) -> None:
    """Let this process write its log: errors of its code, and the stacks of its threads when it crashes."""
    logging.getLogger().addHandler(LogFile(kind))
    for package in _OWN:
        logging.getLogger(package).setLevel(logging.INFO)
    _take_over_faults()
    log.info("started")
    with suppress(OSError):
        # Stays open as long as the process runs; one without a crash is empty and is removed later.
        faults = (log_folder() / f"{kind}-{os.getpid()}{FAULT_SUFFIX}").open("wb")
        faulthandler.enable(faults, all_threads=True)


def log_uncaught() -> None:
    """Write exceptions that nothing catches to the log, and then to standard error as always."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("uncaught", exc_info=error)
        sys.__excepthook__(kind, error, trace)

    def thread_hook(caught: threading.ExceptHookArgs) -> None:
        log.critical("uncaught in a thread", exc_info=caught.exc_value)
        threading.__excepthook__(caught)

    sys.excepthook = hook
    threading.excepthook = thread_hook


def logged_error(error: BaseException, kind: str) -> Path | None:
    """Write an error to the log of a kind of process; the path of the log, None if it cannot be written."""
    handler = LogFile(kind)
    words = f"bug, saliscope {program_version()}, Python {platform.python_version()}, {sys.platform}"
    record = logging.LogRecord("app", logging.ERROR, "", 0, words, None, (type(error), error, None))
    handler.handle(record)
    handler.close()
    return None if handler.has_failed else handler.path


def error_lines(error: BaseException | None) -> Iterator[str]:
    """Types and places of an exception and its causes; their texts may quote a path or a patient's name."""
    while error is not None:
        yield f"  {error.__class__.__module__}.{error.__class__.__name__}"
        code = getattr(error, "code", None)
        if isinstance(code, str) and _CODE.fullmatch(code):
            yield f"    code {code}"
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"    {_place(frame.filename)}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or error.__context__


def fault_lines(text: str) -> Iterator[str]:
    """What faulthandler wrote, with the last two parts of paths alone."""
    for line in text.splitlines():
        if place := _FAULT_PLACE.fullmatch(line):
            yield f"    {_place(place['path'])}:{place['line']} in {place['name']}"
        elif words := _FAULT_WORDS.match(line):
            yield f"  {words[0].removesuffix(' 0x')}"


def _words(record: logging.LogRecord) -> str:
    """The message with numbers and codes; anything else that would be filled in is left out."""
    arguments = record.args if isinstance(record.args, tuple) else (record.args,) if record.args else ()
    shown = tuple(value if _is_harmless(value) else _HIDDEN for value in arguments)
    try:
        return str(record.msg) % shown if shown else str(record.msg)
    except (TypeError, ValueError):
        return _HIDDEN


def _is_harmless(value: object) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and _CODE.fullmatch(value) is not None)


def _place(path: str) -> str:
    return "/".join(re.split(r"[\\/]", path)[-2:])


def _take_over_faults() -> None:
    """Move what processes that are gone left of their crashes into the logs of their kinds."""
    with suppress(OSError):
        left = list(log_folder().glob(f"*{FAULT_SUFFIX}"))
        if not left:
            return
        # Imported late: it takes time at the start of the window.
        import psutil

        for path in left:
            kind, _, process = path.stem.rpartition("-")
            if not process.isdecimal() or psutil.pid_exists(int(process)):
                continue
            lines = list(fault_lines(path.read_text(encoding="utf-8", errors="replace")))
            path.unlink(missing_ok=True)
            if lines:
                handler = LogFile(kind)
                message = "\n".join(["crashed", *lines])
                handler.handle(logging.LogRecord("core.logs", logging.CRITICAL, "", 0, message, None, None))
                handler.close()
