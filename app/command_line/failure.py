"""What is said when a command fails: one line, the document where one was asked for, the exit code."""

import platform
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import click

from core.errors import SaliscopeError
from core.results.document import ErrorDocument
from core.results.records import ErrorRecord
from core.version import program_version


def error_record(error: SaliscopeError) -> ErrorRecord:
    return ErrorRecord(code=error.code, message=error.message, hint=error.hint)


def say_error(text: str) -> None:
    """One line on standard error."""
    click.echo(f"saliscope: error: {' '.join(text.split())}", err=True)


def say_note(text: str) -> None:
    """One line on standard error that is no error: the exit code does not change."""
    click.echo(f"saliscope: note: {' '.join(text.split())}", err=True)


@dataclass(frozen=True, slots=True)
class Failure:
    """`as_json` if a document was asked for."""

    as_json: bool

    @classmethod
    def of(cls, arguments: Sequence[str]) -> "Failure":
        """Known before the arguments are parsed, since parsing itself may fail."""
        options = arguments[: arguments.index("--")] if "--" in arguments else arguments
        return cls("--json" in options)

    def whole(self, error: SaliscopeError) -> int:
        """Say that the whole command failed. Returns the exit code."""
        self._report(error_record(error), str(error))
        return error.exit_code

    def of_ours(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """For `sys.excepthook`: a bug of ours. The traceback goes to the log alone."""
        log = _logged(error)
        hint = f"Its place in the program is in {log}." if log else "No log could be written."
        message = f"Saliscope has a bug here ({kind.__name__})."
        self._report(ErrorRecord(code="bug", message=message, hint=hint), f"{message} {hint}")

    def _report(self, record: ErrorRecord, line: str) -> None:
        say_error(line)
        if self.as_json:
            click.echo(ErrorDocument(error=record).model_dump_json(indent=2).encode("utf-8"))


def _logged(error: BaseException) -> Path | None:
    from platformdirs import user_log_path

    try:
        folder = user_log_path("saliscope", appauthor=False, ensure_exists=True)
        path = folder / "command-line.log"
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in traced(error))
    except OSError:
        return None
    return path


def traced(error: BaseException | None) -> Iterator[str]:
    """Types and places only: an exception's own words may quote a path or a patient's name."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    yield f"{now} saliscope {program_version()}, Python {platform.python_version()}, {sys.platform}"
    while error is not None:
        yield f"  {error.__class__.__module__}.{error.__class__.__name__}"
        for frame in traceback.extract_tb(error.__traceback__):
            place = "/".join(Path(frame.filename).parts[-2:])
            yield f"    {place}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or error.__context__
