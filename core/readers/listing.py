"""A folder as the one that asks for its contents sees it: a file that costs the process costs that file."""

from pathlib import Path

from core.errors import SaliscopeError
from core.readers.messages import FileBegun, Indexed, IndexPath
from core.readers.protocol import Contents, FailedFile


class Listing:
    """What is known of a folder or file while its reader process looks into it."""

    def __init__(self, request: IndexPath) -> None:
        self._request = request
        # Up to the last file that was lost, and since then.
        self._kept: list[Contents] = []
        self._since: list[Contents] = []
        self._current: Path | None = None

    @property
    def current(self) -> Path:
        """The file that is looked into now, as far as it is known: else the folder itself."""
        return self._current or self._request.path

    def take(self, message: FileBegun) -> None:
        """Keep what was found before this file."""
        self._since.append(message.before)
        self._current = message.path

    def after_loss(self, error: SaliscopeError) -> IndexPath | None:
        """The request for the files behind the one that was lost with its process.

        None if the process was lost before it began a file of the folder: then the whole listing failed.
        """
        if self._current is None:
            return None
        failure = Contents(entries=(), failures=(FailedFile.of(self._current, error),))
        self._kept += [*self._since, failure]
        self._since = []
        self._request = self._request.model_copy(update={"after": self._current})
        self._current = None
        return self._request

    def whole(self, answer: Indexed) -> Indexed:
        """The answer with what was found before the losses. Raises NoImages if there is no image at all."""
        if not self._kept:
            return answer
        found = Contents.joined([*self._kept, answer.contents])
        found.require_images()
        return Indexed.of(answer.job, found)
