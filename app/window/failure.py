"""How the window reports a bug: a notice with the place of the log, instead of a bare traceback."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING

from app.failure import print_error, reported_bug
from app.texts import window as texts

if TYPE_CHECKING:
    from app.window.states.notices import NoticesState

LOG_NAME = "window"
TOPIC = "bug"


class WindowFailure:
    """For `sys.excepthook`. notices: where to show it, None while there is no window yet."""

    def __init__(self) -> None:
        self.notices: NoticesState | None = None

    def on_bug(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A bug of the program. The traceback goes to the log alone, without the exception's message."""
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)  # Ctrl-C ends the program
            return
        bug = reported_bug(error, LOG_NAME, texts.AFTER_BUG)
        print_error(str(bug))
        if self.notices is not None:
            self.notices.report(TOPIC, bug)
