"""Series on both sides of the reader's pipe: the files of each cross once and are named by a slot after that.

The sources of a series of thousands of files take longer to send than a slice takes to cut.
"""

from core.link import Message
from core.readers.messages import ReaderRequest, ReadFrame, ReadMask, ReadPlane, ReadTags
from core.readers.protocol import SeriesEntry

# Images, and the mask of each, between which a person changes.
SLOTS = 8


class SeriesSender:
    """Shortens the requests to one reader process; they must be sent in the order of the calls."""

    def __init__(self) -> None:
        self._sent: list[SeriesEntry | None] = [None] * SLOTS
        self._next_slot = 0

    def shortened(self, request: Message) -> Message:
        """The request with no more sources of its entry than the process needs and does not have."""
        if isinstance(request, ReadFrame | ReadTags):
            if not 0 <= request.frame < len(request.entry.sources):
                return request
            alone = request.entry.frame_alone(request.frame)
            return request.model_copy(update={"entry": alone, "frame": 0})
        if not isinstance(request, ReadPlane | ReadMask) or not request.entry.sources:
            return request
        slot = next((number for number, entry in enumerate(self._sent) if entry is request.entry), None)
        if slot is not None:
            without_sources = request.entry.model_copy(update={"sources": ()})
            return request.model_copy(update={"entry": without_sources, "slot": slot})
        slot, self._next_slot = self._next_slot, (self._next_slot + 1) % SLOTS
        self._sent[slot] = request.entry
        return request.model_copy(update={"slot": slot})


class SeriesStore:
    """The reader process's side: the entries whose sources were sent last."""

    def __init__(self) -> None:
        self._entries: dict[int, SeriesEntry] = {}

    def whole(self, request: ReaderRequest) -> ReaderRequest:
        """The request with all sources of its entry. Raises KeyError for a slot that was never filled."""
        if not isinstance(request, ReadPlane | ReadMask) or request.slot is None:
            return request
        if request.entry.sources:
            self._entries[request.slot] = request.entry
            return request
        return request.model_copy(update={"entry": self._entries[request.slot]})
