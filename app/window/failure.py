"""What is said when the window fails: a notice, and the place in the log, instead of a bare traceback."""

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar

from platformdirs import user_log_path

from app.command_line.failure import say_error, traced
from app.texts import window as texts
from core.errors import SaliscopeError

if TYPE_CHECKING:
    from app.window.states.notices import NoticesState

LOG_NAME = "window.log"
TOPIC = "bug"


class Bug(SaliscopeError):
    """A bug of ours, as it is shown to a person."""

    code: ClassVar[str] = "bug"


class WindowFailure:
    """For `sys.excepthook`. notices: where to show it, None while there is no window yet."""

    def __init__(self) -> None:
        self.notices: NoticesState | None = None

    def of_ours(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A bug of ours. Its traceback goes to the log alone, without the words of the exception."""
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)  # Ctrl-C ends the program
            return
        said = Bug(texts.bug(kind.__name__), texts.bug_hint(_logged(error)))
        say_error(str(said))
        if self.notices is not None:
            self.notices.report(TOPIC, said)


def _logged(error: BaseException) -> Path | None:
    """Where it was written; None if it could not be."""
    try:
        path = user_log_path("saliscope", appauthor=False, ensure_exists=True) / LOG_NAME
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in traced(error))
    except OSError:
        return None
    return path
