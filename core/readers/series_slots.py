"""Series on both sides of the reader's pipe: the files of each cross once and are named by a slot after that.

The sources of a series of thousands of files take longer to send than a slice takes to cut.
"""

from dataclasses import dataclass

from core.link import Message
from core.readers.messages import (
    CloseSeries,
    ReaderRequest,
    ReadFrame,
    ReadMask,
    ReadMaskAreas,
    ReadPlane,
    ReadTags,
)
from core.readers.protocol import SeriesEntry

# Images, and the mask of each, between which a person changes.
SLOTS = 8


@dataclass(frozen=True, slots=True)
class _SlottedField:
    """A field of a request that is a series, and the field with its slot."""

    entry: str
    slot: str


_ENTRY = _SlottedField("entry", "slot")
_IMAGE = _SlottedField("image", "image_slot")


class SeriesSender:
    """Shortens the requests to one reader process; they must be sent in the order of the calls."""

    def __init__(self) -> None:
        self._sent: list[SeriesEntry | None] = [None] * SLOTS
        self._next_slot = 0

    def shortened(self, request: Message) -> Message:
        """The request with no more sources of its entries than the process needs and does not have."""
        if isinstance(request, ReadFrame | ReadTags):
            if not 0 <= request.frame < len(request.entry.sources):
                return request
            alone = request.entry.frame_alone(request.frame)
            return request.model_copy(update={"entry": alone, "frame": 0})
        if isinstance(request, CloseSeries):
            slot = self._slot_of(request.entry)
            if slot is None:  # nothing but its files is named to the process, which may keep something of one
                return request
            self._sent[slot] = None
            return request.model_copy(update={"entry": _without_sources(request.entry), "slot": slot})
        for names in _fields_of(request):
            entry: SeriesEntry = getattr(request, names.entry)
            if entry.sources:
                request = request.model_copy(update=self._changes(entry, names))
        return request

    def _changes(self, entry: SeriesEntry, names: _SlottedField) -> dict[str, object]:
        slot = self._slot_of(entry)
        if slot is not None:
            return {names.entry: _without_sources(entry), names.slot: slot}
        slot, self._next_slot = self._next_slot, (self._next_slot + 1) % SLOTS
        self._sent[slot] = entry
        return {names.slot: slot}

    def _slot_of(self, entry: SeriesEntry) -> int | None:
        return next((number for number, sent in enumerate(self._sent) if sent is entry), None)


class SeriesStore:
    """The reader process's side: the entries whose sources were sent last."""

    def __init__(self) -> None:
        self._entries: dict[int, SeriesEntry] = {}

    def whole(self, request: ReaderRequest) -> ReaderRequest:
        """The request with all sources of its entries. Raises KeyError for a slot that was never filled."""
        if isinstance(request, CloseSeries):
            if request.slot is None:
                return request
            return request.model_copy(update={"entry": self._entries.pop(request.slot)})
        for names in _fields_of(request):
            entry, slot = getattr(request, names.entry), getattr(request, names.slot)
            if slot is not None and entry.sources:
                self._entries[slot] = entry
            elif slot is not None:
                request = request.model_copy(update={names.entry: self._entries[slot]})
        return request


def _fields_of(request: Message) -> tuple[_SlottedField, ...]:
    if isinstance(request, ReadMaskAreas):
        return _ENTRY, _IMAGE
    return (_ENTRY,) if isinstance(request, ReadPlane | ReadMask) else ()


def _without_sources(entry: SeriesEntry) -> SeriesEntry:
    return entry.model_copy(update={"sources": ()})
