"""The listing of a folder across ends of its reader process: a file that ends it costs itself alone."""

from pathlib import Path

from core.errors import SaliscopeError
from core.readers.grouping import SeriesGroups, grouped
from core.readers.messages import FileStarted, Indexed, IndexPath
from core.readers.protocol import Contents, FailedFile


class Listing:
    """The contents of a folder or file, as far as its reader process has listed them."""

    def __init__(self, request: IndexPath) -> None:
        self._request = request
        self._groups = SeriesGroups()
        # Up to the last file at which the process was lost, and after it.
        self._before_loss: list[Contents] = []
        self._after_loss: list[Contents] = []
        self._current: Path | None = None

    @property
    def current(self) -> Path:
        """The file that is being read; the folder itself before the first one."""
        return self._current or self._request.path

    def take(self, message: FileStarted) -> None:
        """Keep what was listed before this file."""
        self._after_loss.append(message.before)
        self._groups.add(message.before)
        self._current = message.path

    def snapshot(self) -> Indexed:
        """The series that have been listed so far; further files may still belong to them."""
        return Indexed.of(self._groups.contents())

    def after_loss(self, error: SaliscopeError) -> IndexPath | None:
        """The request for the files after the one at which the process was lost.

        None if the process was lost before it began a file of the folder: then the whole listing failed.
        """
        if self._current is None:
            return None
        failure = Contents(entries=(), failures=(FailedFile.of(self._current, error),))
        self._groups.add(failure)
        self._before_loss += [*self._after_loss, failure]
        self._after_loss = []
        self._request = self._request.model_copy(update={"after": self._current})
        self._current = None
        return self._request

    def whole(self, answer: Indexed) -> Indexed:
        """The answer with what was listed before the losses. Raises NoImages if there is no image at all."""
        if not self._before_loss:
            return answer
        contents = grouped(Contents.joined([*self._before_loss, answer.contents]))
        contents.require_images()
        return Indexed.of(contents)
