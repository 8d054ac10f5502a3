"""The header of the shown slice's file, listed by the reader process while somebody looks at it."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.shown import ShownState
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.policy import policy
from core.readers.header_tags import Tag
from core.readers.messages import ReadTags, TagsRead


class TagsState(QObject):
    """The elements that match the filter. Identity is hidden again with every opening."""

    changed = Signal()

    def __init__(self, reader: JobLink, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._shown = reader, shown
        self._job: Job | None = None
        self._request: ReadTags | None = None
        self._tags: tuple[Tag, ...] = ()
        self._words = ""
        self.is_open = self.with_identity = False
        self.error: SaliscopeError | None = None
        shown.changed.connect(self._read)
        shown.placed.connect(self._read)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Those that match the filter, in the order of the file."""
        words = self._words.casefold().split()
        if not words:
            return self._tags
        return tuple(tag for tag in self._tags if all(word in _text_of(tag) for word in words))

    @property
    def total(self) -> int:
        """How many elements there are without a filter."""
        return len(self._tags)

    @property
    def reading(self) -> bool:
        return self._job is not None

    def open(self) -> None:
        """List the header of the shown slice, and of each one that is shown until `close`."""
        self.is_open = True
        self._read()

    def close(self) -> None:
        """Forget the header."""
        self._withdraw()
        self.is_open = self.with_identity = False
        self._request, self._tags, self._words, self.error = None, (), "", None

    @property
    def can_show_identity(self) -> bool:
        """False where an administrator has switched it off."""
        return policy().allows("identity_display")

    def set_identity(self, is_on: bool) -> None:
        """Show or hide the values that may name a person."""
        self.with_identity = is_on and self.can_show_identity
        if not self.with_identity:
            self._tags = ()  # names leave the screen at once
        self._read()

    def set_filter(self, text: str) -> None:
        """List elements that hold every word in tag, name or value."""
        self._words = text
        self.changed.emit()

    @Slot()
    def _read(self) -> None:
        shown = self._shown.current
        entry = shown.case.entry if shown.case is not None else None
        if not self.is_open:
            return
        if entry is None:
            self._clear()
            return
        # A slice across several files has no header of its own.
        frame = shown.position.frame(entry) if shown.position.axis == 0 else entry.middle_frame
        request = ReadTags(entry=entry, frame=frame, with_identity=self.with_identity)
        if self._request == request:
            return
        if self._request is not None and not _is_of_same_person(self._request, request):
            self._tags = ()
        self._withdraw()
        self._request = request
        self._job = job = self._reader.submit(request)
        job.done.connect(partial(self._on_done, job))
        job.failed.connect(partial(self._on_failed, job))
        self.changed.emit()

    def _clear(self) -> None:
        self._withdraw()
        self._request, self._tags, self.error = None, (), None
        self.changed.emit()

    def _withdraw(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _on_done(self, job: Job, message: TagsRead, arrays: list[Array]) -> None:
        if job is self._job:
            self._job, self._tags, self.error = None, message.tags, None
            self.changed.emit()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job, self._tags, self._request = None, (), None
            self.error = None if isinstance(error, Cancelled) else error
            self.changed.emit()


def _is_of_same_person(before: ReadTags, after: ReadTags) -> bool:
    """Whether both are about one series; of another one the header may name another person."""
    return before.entry == after.entry


def _text_of(tag: Tag) -> str:
    return f"{tag.tag} {tag.name} {tag.value}".casefold()
