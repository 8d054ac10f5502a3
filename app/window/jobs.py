"""A job: one request to a process, whose progress and end are told by its own signals."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.arrays import Array
from core.errors import SaliscopeError
from core.images.slice import Slice
from core.link import Message


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes to the process for a job: the request, its arrays, and the image that it is about.

    is_repeat: the process did not have the image any more, and both are sent again.
    """

    job: int
    request: Message
    arrays: tuple[Array, ...] = ()
    image: Slice | None = None
    is_repeat: bool = False


class Job(QObject):
    """Ends exactly once, by `done` or by `failed`; nothing is emitted after that.

    A cancelled job fails with Cancelled, one whose process died with WorkerLost.

    is_background: it was started by the program, so it is cancelled for every request of the user; a user
    who requests the same thing while it runs may make it an ordinary one. is_ending: it has been asked to
    end.
    """

    progressed = Signal(int, int, str)  # done, total, step
    refined = Signal(object, object)  # message, arrays: a result that still sharpens
    done = Signal(object, object)  # message, arrays
    failed = Signal(object)  # SaliscopeError

    def __init__(
        self,
        delivery: Delivery,
        cancel: Callable[["Job"], None],
        is_background: bool = False,
    ) -> None:
        super().__init__()
        self.delivery = delivery
        self.is_background = is_background
        self.is_ending = self.has_ended = False
        self._cancel = cancel

    @property
    def number(self) -> int:
        """By which the process knows it."""
        return self.delivery.job

    @property
    def is_yielding(self) -> bool:
        """It is in the background and has been asked to end, most likely in favour of a person's request."""
        return self.is_background and self.is_ending

    def cancel(self) -> None:
        """End it: at once if it waits, within one batch if it runs; nothing if it has ended."""
        if not self.has_ended and not self.is_ending:
            self.is_ending = True
            self._cancel(self)

    def finish(self, message: Message, arrays: list[Array]) -> None:
        """Called by the link that carried it, with the answer."""
        if not self.has_ended:
            self.has_ended = True
            self.done.emit(message, arrays)
            self._release()

    def fail(self, error: SaliscopeError) -> None:
        """Called by the link that carried it, with what ended it."""
        if not self.has_ended:
            self.has_ended = True
            self.failed.emit(error)
            self._release()

    def _release(self) -> None:
        """Let go of the receivers, which may hold this job themselves, so that its image can be freed."""
        self.deleteLater()
