"""How a command reports that it failed: one line, the document if one was asked for, the exit code."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

import click

from app.failure import error_record, print_error, reported_bug
from core.errors import SaliscopeError
from core.results.document import ErrorDocument

log = logging.getLogger("app.command_line")
LOG_NAME = "command-line"


@dataclass(frozen=True, slots=True)
class CommandFailure:
    """`as_json` if a document was asked for."""

    as_json: bool

    @classmethod
    def of(cls, arguments: Sequence[str]) -> "CommandFailure":
        """From the arguments before they are parsed, since parsing itself may fail."""
        options = arguments[: arguments.index("--")] if "--" in arguments else arguments
        return cls("--json" in options)

    def report(self, error: SaliscopeError) -> int:
        """Report that the whole command failed. Returns the exit code."""
        log.info("failed: %s", error.code)
        print_error(str(error))
        if self.as_json:
            document = ErrorDocument(error=error_record(error))
            click.echo(document.model_dump_json(indent=2).encode("utf-8"))
        return error.exit_code

    def on_bug(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """For `sys.excepthook`: a bug of the program. The traceback goes to the log alone."""
        self.report(reported_bug(error, LOG_NAME))
