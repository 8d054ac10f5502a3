"""Small pictures of all cases, read one at a time while the readers have nothing else to do."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.case_list import CaseList
from app.window.states.folder_listing import FolderListing
from app.window.states.slice_reading import SliceReading
from app.window.states.thumbnail import thumbnail
from core.arrays import Array
from core.errors import SaliscopeError
from core.images.slice import Slice
from core.link import Message
from core.readers.messages import CloseSeries, FrameRead, Indexed, IndexPath, ReadFrame


class ThumbnailReader(QObject):
    """Nothing is read while a person waits for a slice. A running job is let finish: ending it costs more.

    While a folder is listed, the reader of slices reads the pictures in view, and no others.
    """

    changed = Signal(int)  # the case's number

    def __init__(
        self,
        lister: JobLink,
        cases: CaseList,
        listing: FolderListing,
        slices: SliceReading,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lister, self._cases, self._listing, self._slices = lister, cases, listing, slices
        self._wanted: dict[int, None] = {}  # in the order in which they are read
        self._number = 0
        self._job: Job | None = None

    def ask_for_all(self) -> None:
        """Fill in those that are missing."""
        self._wanted = dict.fromkeys(self._cases.without_thumbnail)
        self._wanted.pop(self._number, None)
        self.go_on()

    @Slot(object)
    def prefer(self, numbers: Sequence[int]) -> None:
        """Read these first, which are in view."""
        if self._listing.is_running:
            self._wanted = dict.fromkeys(filter(self._is_read_at_once, numbers))
            self.go_on()
        else:
            first = {number: None for number in numbers if number in self._wanted}
            self._wanted = first | self._wanted

    def forget(self, number: int) -> None:
        """The file may hold other values under the same header now: what is read of it does not count."""
        if number == self._number:
            self._number = 0

    def go_on(self) -> None:
        """Read the next one, if a reader is free."""
        while self._wanted and self._job is None and (link := self._free_link) is not None:
            number = next(iter(self._wanted))
            del self._wanted[number]
            case = self._cases.get(number)
            if case is None or case.thumbnail is not None:
                continue
            request: Message = (
                IndexPath(path=case.path)
                if case.entry is None
                else ReadFrame(entry=case.entry, frame=case.first_shown)
            )
            self._number, self._job = case.number, link.submit(request)
            self._job.done.connect(self._on_done)
            self._job.failed.connect(self._on_failed)

    @property
    def _free_link(self) -> JobLink | None:
        """The reader that may be used now."""
        if self._slices.reading:
            return None
        if not self._listing.is_running:
            return self._lister
        return None if self._slices.reader.open_jobs else self._slices.reader

    def _is_read_at_once(self, number: int) -> bool:
        """Whether its picture costs one frame, for which a person's slice can wait."""
        case = self._cases.get(number)
        return case is not None and case.entry is not None and case.entry.frames_at_once == 1

    def set_picture(self, number: int, image: Slice) -> None:
        """Make it from a slice that has been read anyway."""
        if self._cases.get(number) is not None:
            self._cases.set_thumbnail(number, thumbnail(image))
            self.changed.emit(number)

    def _on_done(self, message: object, arrays: list[Array]) -> None:
        number = self._end()
        if isinstance(message, Indexed) and self._cases.get(number) is not None:
            self._cases.set_entry(number, message.entries[0])
            self._wanted = {number: None} | self._wanted
        elif isinstance(message, FrameRead):
            self.set_picture(number, message.frame(arrays)[0])
            case = self._cases.get(number)
            if (
                message.kept_bytes
                and not self._listing.is_running
                and case is not None
                and case.entry is not None
            ):
                # Nobody looks at the volume in this process: it would take its memory twice.
                self._lister.submit(CloseSeries(entry=case.entry))
        self.go_on()

    def _on_failed(self, error: SaliscopeError) -> None:
        self._end()
        self.go_on()

    def _end(self) -> int:
        """Returns the number of the case whose job ended; 0 where its answer does not count."""
        number, self._number, self._job = self._number, 0, None
        return number
