"""What command line and window do alike when something fails: one line of text, and a log for bugs."""

import platform
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from core.errors import SaliscopeError
from core.folders import log_folder
from core.results.records import ErrorRecord
from core.version import program_version


class Bug(SaliscopeError):
    """A bug of the program, as it is shown to a person."""

    code: ClassVar[str] = "bug"


def reported_bug(error: BaseException, log_name: str, advice: str = "") -> Bug:
    """Write the error to the log `log_name`; the bug as it is shown, with the place of that log.

    advice: a sentence that follows in the hint.
    """
    log = _logged(error, log_name)
    hint = f"Details were written to {log}." if log else "No log could be written."
    name = error.__class__.__name__
    return Bug(f"Saliscope has a bug here ({name}).", f"{hint} {advice}".rstrip())


def error_record(error: SaliscopeError) -> ErrorRecord:
    """An error as documents carry it."""
    return ErrorRecord(code=error.code, message=error.message, hint=error.hint)


def print_error(text: str) -> None:
    """Write one line on standard error."""
    _print_line(f"saliscope: error: {' '.join(text.split())}")


def print_note(text: str) -> None:
    """Write one line on standard error that is no error: the exit code does not change."""
    _print_line(f"saliscope: note: {' '.join(text.split())}")


def trace_lines(error: BaseException | None) -> Iterator[str]:
    """Types and places only: the message of an exception may quote a path or a patient's name."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    yield f"{now} saliscope {program_version()}, Python {platform.python_version()}, {sys.platform}"
    while error is not None:
        yield f"  {error.__class__.__module__}.{error.__class__.__name__}"
        for frame in traceback.extract_tb(error.__traceback__):
            place = "/".join(Path(frame.filename).parts[-2:])
            yield f"    {place}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or error.__context__


def _print_line(text: str) -> None:
    # Imported late: the window needs it only when something fails.
    import click

    click.echo(text, err=True)


def _logged(error: BaseException, log_name: str) -> Path | None:
    """The path of the log to which the error was appended; None if it could not be written."""
    try:
        path = log_folder() / log_name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in trace_lines(error))
    except OSError:
        return None
    return path
