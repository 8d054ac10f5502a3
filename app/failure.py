"""What command line and window do alike when something fails: one line of text, and a log for bugs."""

from typing import ClassVar

from core.errors import SaliscopeError
from core.logs import logged_error
from core.results.records import ErrorRecord


class Bug(SaliscopeError):
    """A bug of the program, as it is shown to a person."""

    code: ClassVar[str] = "bug"


def reported_bug(error: BaseException, log_name: str, advice: str = "") -> Bug:
    """Write the error to a log; the bug as it is shown, with the place of that log.

    log_name: the kind of process. advice: a sentence that follows in the hint.
    """
    log = logged_error(error, log_name)
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


def _print_line(text: str) -> None:
    # Imported late: the window needs it only when something fails.
    import click

    click.echo(text, err=True)
