"""The cases a person can look at: listed by one reader process, read by another; one of them is chosen."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import reading as texts_reading
from app.window.links import JobLink
from app.window.states.case_list import Case, CaseList, numbers_of
from app.window.states.folder_listing import FolderListing, Opening
from app.window.states.position import SlicePosition
from app.window.states.series_memory import SeriesMemory
from app.window.states.series_taking import take_series
from app.window.states.slice_reading import SliceReading
from app.window.states.thumbnail_reader import ThumbnailReader
from core.errors import Cancelled, SaliscopeError, Unreadable
from core.images.slice import Identity, Slice
from core.readers.messages import Indexed
from core.samples import Sample


class CasesState(QObject):
    """Opened cases and samples in `list`; `slices` reads the shown slice of the one that is chosen.

    identities: who is shown, by the key of a series; for display alone.
    """

    changed = Signal()
    reading_changed = Signal()
    choice_made = Signal(object)  # tuple of Opening that a person's choice began; it may need none
    closed = Signal(object)  # tuple of Case
    parts_joined = Signal()  # cases are about to be closed whose slices are part of other cases now
    completed = Signal()  # a path has been listed to its end
    looked_into = Signal(object)  # Path: a file or folder that could be read
    failed = Signal(object, object)  # Path, SaliscopeError
    partly_read = Signal(object, object)  # Path of a folder, Contents with failures or skipped files

    def __init__(
        self, reader: JobLink, lister: JobLink, samples: list[Sample], parent: QObject | None = None
    ) -> None:
        """reader: for what is shown. lister: for the contents of files, and for thumbnails."""
        super().__init__(parent)
        self._reader = reader
        self.list = CaseList(samples)
        self.identities: dict[str, Identity] = {}
        self.slices = SliceReading(reader, self.list, self)
        self.listing = FolderListing(lister, self)
        self.memory = SeriesMemory((reader, lister), self)
        self.thumbnails = ThumbnailReader(lister, self.list, self.listing, self.slices, self)
        self.slices.reading_changed.connect(self.reading_changed)
        self.slices.failed.connect(self.failed)
        self.slices.image_read.connect(self._on_image_read)
        self.slices.reader_freed.connect(self.thumbnails.go_on)
        self.listing.changed.connect(self.reading_changed)
        self.listing.series_listed.connect(self._on_series_listed)
        self.listing.failed.connect(self._on_listing_failed)
        self.listing.dropped.connect(self.thumbnails.ask_for_all)

    @property
    def reading(self) -> bool:
        """A file is being read for the person, not only for a thumbnail."""
        return self.listing.is_running or self.slices.reading

    def open_paths(self, paths: list[str]) -> None:
        """Look into files or folders; the first image of the first one is chosen."""
        openings = []
        for at, text in enumerate(paths):
            try:
                text.encode()
            except UnicodeEncodeError:
                self.failed.emit(
                    Path(text), Unreadable(texts_reading.PATH_IS_NO_TEXT, texts_reading.PATH_IS_NO_TEXT_HINT)
                )
                continue
            path = Path(text).expanduser().absolute()
            openings.append(self.listing.open(path, is_to_be_chosen=at == 0))
        if openings:
            self.choice_made.emit(tuple(openings))

    def choose(self, number: int, position: SlicePosition | None = None) -> None:
        """Show a case, as a person says: at its middle slice if no position is named.

        It is shown in place of all that is to be shown.
        """
        self.listing.choose_none()
        self.choice_made.emit(self.show(number, position))

    def show(self, number: int, position: SlicePosition | None = None) -> tuple[Opening, ...]:
        """Show a case without a person's choice; what is opened at present is shown after it.

        Returns the opening of a case into which nobody has looked yet.
        """
        case = self.list[number]
        if case.entry is None:
            return (self.listing.open(case.path, is_to_be_chosen=True),)
        self.slices.choose(case, case.entry, position)
        return ()

    def close(self, numbers: Iterable[int]) -> None:
        """Take opened cases off the list with all that belongs to them; their files are not touched."""
        cases = self.list.remove(numbers)
        if not cases:
            return
        keys = {case.entry.key for case in self.list.opened if case.entry is not None}
        for case in cases:
            if case.entry is not None and case.entry.key not in keys:
                self.identities.pop(case.entry.key, None)
        if self.slices.chosen in numbers_of(cases):
            self.slices.choose_none()
        self.memory.release(case.entry for case in cases if case.entry is not None)
        self.changed.emit()
        self.closed.emit(cases)

    @Slot()
    def close_all(self) -> None:
        """Close all opened cases."""
        self.close(numbers_of(self.list.opened))

    def set_role(self, number: int, role: str) -> None:
        """Say which of several sequences a series is; empty for none."""
        if self.list[number].role != role:
            self.list.set_role(number, role)
            self.changed.emit()

    def set_blind(self, is_blind: bool) -> None:
        """Name the samples without their class, or with it."""
        self.list.set_blind(is_blind)
        self.changed.emit()

    def cancel(self) -> None:
        """End what a person asked to see; small pictures go on, and series that are listed stay."""
        self.listing.cancel()
        if self.slices.job is not None:
            self.slices.job.cancel()

    @Slot(object, object, bool)
    def _on_series_listed(self, opening: Opening, message: Indexed, is_complete: bool) -> None:
        if is_complete:
            self.looked_into.emit(opening.path)
        sample = next((case for case in self.list.samples if case.path == opening.path), None)
        if sample is not None:
            self.list.set_entry(sample.number, message.entries[0])
            if opening.is_to_be_chosen:
                self.show(sample.number)
        else:
            self._take(opening, message, is_complete)
        if is_complete:
            self.thumbnails.ask_for_all()

    def _take(self, opening: Opening, message: Indexed, is_complete: bool) -> None:
        """Bring the list to what is known of an opened path now."""
        before = self.slices.case
        taken = take_series(self.list, opening, message.entries, is_complete)
        self.identities.update(message.identities)
        for number in taken.renewed:
            self.thumbnails.forget(number)
        if before is not None:
            self.slices.follow(before)
        if self.slices.chosen in numbers_of(taken.removed):
            opening.is_to_be_chosen = True
        if taken.removed:
            self.parts_joined.emit()
            self.closed.emit(taken.removed)
        self.changed.emit()
        if is_complete:
            self.completed.emit()
            if self.slices.chosen in opening.numbers:
                self.slices.return_to_start()
        if opening.is_to_be_chosen and taken.numbers:
            opening.is_to_be_chosen = False
            self.show(taken.numbers[0], taken.start)
        if is_complete and (message.failures or message.skipped):
            self.partly_read.emit(opening.path, message.contents)

    @Slot(object, object, object)
    def _on_image_read(self, case: Case, position: SlicePosition, image: Slice) -> None:
        if case.thumbnail is None and position.axis == 0:
            self.thumbnails.set_picture(case.number, image)

    @Slot(object, object)
    def _on_listing_failed(self, path: Path, error: SaliscopeError) -> None:
        if not isinstance(error, Cancelled):
            self.failed.emit(path, error)
        self.completed.emit()  # what was listed until now is all there is
        self.thumbnails.ask_for_all()
