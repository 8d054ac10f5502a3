"""The probability of one class in every slice of the shown volume, read and predicted in the background."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler, BackgroundTask, TaskKind
from app.window.states.position import SlicePosition
from app.window.states.shown import Shown, ShownState
from app.window.states.slice_reading import slice_request
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.images.slice import Slice
from core.readers.messages import FrameRead
from core.readers.protocol import SeriesEntry
from core.results.scan import ScannedSlice
from core.worker.messages import ScanDone, ScanRequest

# So many slices go to the worker at a time.
SLICES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ScannedStack:
    """What is scanned: the slices across one axis of one volume of a case, by one model, for one class.

    class_words: what a person calls the class.
    """

    case: int
    entry: SeriesEntry
    position: SlicePosition
    model: str
    class_name: str
    class_words: str

    @property
    def slices(self) -> int:
        """How many slices there are."""
        return self.entry.volume_shape[self.position.axis]

    def shows(self, shown: Shown) -> bool:
        """Whether the shown slice is one of the stack's, and the model the same."""
        if shown.case is None or shown.case.entry is None or shown.card is None:
            return False
        return (
            (shown.case.number, shown.card.id) == (self.case, self.model)
            and shown.case.entry == self.entry
            and (shown.position.axis, shown.position.volume) == (self.position.axis, self.position.volume)
        )


@dataclass(slots=True)
class SliceScan:
    """What is known of a stack. scanned: by index; no probabilities where a slice cannot be read or used."""

    stack: ScannedStack
    scanned: dict[int, ScannedSlice] = field(default_factory=dict)

    @property
    def progress(self) -> float:
        """The share of the slices that is done."""
        return len(self.scanned) / self.stack.slices

    @property
    def values(self) -> tuple[float | None, ...]:
        """The class's probability in each slice; None where it is not known, or not yet."""
        name = self.stack.class_name
        return tuple(
            self.scanned[index].probabilities.get(name) if index in self.scanned else None
            for index in range(self.stack.slices)
        )

    @property
    def misfits(self) -> frozenset[int]:
        """The indices of slices that do not fit the model."""
        return frozenset(index for index, scanned in self.scanned.items() if not scanned.fits)

    @property
    def best(self) -> int | None:
        """The index of the highest probability so far; None before there is one."""
        return self._highest(lambda index: True)

    @property
    def best_fitting(self) -> int | None:
        """The same among the slices that fit the model."""
        misfits = self.misfits
        return self._highest(lambda index: index not in misfits)

    def _highest(self, counts: Callable[[int], bool]) -> int | None:
        known = [
            (value, -index) for index, value in enumerate(self.values) if value is not None and counts(index)
        ]
        return -max(known)[1] if known else None


class SliceScanState(QObject):
    """Scans on demand; its calls of the model wait for all else that a person asks for.

    scan: what is known of the shown stack; None before it was scanned. A scan ends when another case, axis,
    time point or model is shown.
    """

    changed = Signal()
    finished = Signal(object)  # SliceScan
    failed = Signal(object)  # SaliscopeError

    def __init__(
        self,
        reader: JobLink,
        worker: JobLink,
        shown: ShownState,
        background: BackgroundScheduler,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader, self._worker, self._shown, self._background = reader, worker, shown, background
        self.scan: SliceScan | None = None
        self._unread: deque[int] = deque()
        self._read: list[tuple[int, Slice]] = []
        self._reading: Job | None = None
        self._predicting: Job | None = None
        background.add_source(self._tasks)
        shown.changed.connect(self._on_shown_changed)
        shown.placed.connect(self._on_shown_changed)

    @property
    def running(self) -> bool:
        return bool(self._unread or self._read or self._reading or self._predicting)

    def start(self, class_name: str) -> None:
        """Scan the shown stack for a class of the chosen model; nothing where a single slice is shown."""
        self.cancel()
        shown = self._shown.current
        case, card = shown.case, shown.card
        if case is None or case.entry is None or card is None:
            return
        stack = ScannedStack(
            case.number,
            case.entry,
            replace(shown.position, index=0),
            card.id,
            class_name,
            card.words_of(class_name),
        )
        if stack.slices < 2:
            return
        # Of a stack that was scanned for another class the probabilities of all classes are known.
        is_known = self.scan is not None and self.scan.stack.shows(shown)
        self.scan = SliceScan(stack, self.scan.scanned if self.scan is not None and is_known else {})
        order = _coarse_to_fine(stack.slices)
        self._unread.extend(index for index in order if index not in self.scan.scanned)
        self._go_on()

    def cancel(self) -> None:
        """End the scan; what is known of the slices stays."""
        if not self.running:
            return
        self._unread.clear()
        self._read.clear()
        jobs = [job for job in (self._reading, self._predicting) if job is not None]
        self._reading = self._predicting = None
        for job in jobs:
            # A running decoder is let finish: ending it costs more than its work.
            if job is not self._reader.running_job:
                job.cancel()
        self.changed.emit()

    def _go_on(self) -> None:
        """Read on while the model is called, one slice at a time: a person's slice waits for no more."""
        scan = self.scan
        if scan is None:
            return
        if self._unread and self._reading is None and len(self._read) < 2 * SLICES_AT_ONCE:
            index = self._unread.popleft()
            request = slice_request(scan.stack.entry, replace(scan.stack.position, index=index))
            self._reading = job = self._reader.submit(request)
            job.done.connect(partial(self._on_read, job, index))
            job.failed.connect(partial(self._on_not_read, job, index))
        self.changed.emit()
        if self.running:
            self._background.run_next()
        else:
            self.finished.emit(scan)

    def _tasks(self) -> Iterator[BackgroundTask]:
        is_all_read = not self._unread and self._reading is None
        if self._predicting is None and self._read and (is_all_read or len(self._read) >= SLICES_AT_ONCE):
            yield BackgroundTask(TaskKind.SCAN, ("scan", self._read[0][0], id(self.scan)), 0.0, self._submit)

    def _submit(self) -> Job | None:
        if self.scan is None or not self._read:
            return None
        batch = self._read[:SLICES_AT_ONCE]
        request, arrays = ScanRequest.of(self.scan.stack.model, [image for _, image in batch])
        self._predicting = job = self._worker.submit(request, arrays, is_background=True)
        job.done.connect(partial(self._on_scanned, job, [index for index, _ in batch]))
        job.failed.connect(partial(self._on_not_scanned, job))
        return job

    def _on_read(self, job: Job, index: int, message: FrameRead, arrays: list[Array]) -> None:
        if job is self._reading:
            self._reading = None
            self._read.append((index, message.frame(arrays)[0]))
            self._go_on()

    def _on_not_read(self, job: Job, index: int, error: SaliscopeError) -> None:
        """A slice that cannot be read is a gap."""
        if job is self._reading and self.scan is not None:
            self._reading = None
            self.scan.scanned[index] = ScannedSlice(fits=False)
            self._go_on()

    def _on_scanned(self, job: Job, indices: list[int], message: ScanDone, arrays: list[Array]) -> None:
        if job is self._predicting and self.scan is not None:
            self._predicting = None
            self.scan.scanned |= zip(indices, message.slices, strict=True)
            self._read = self._read[len(indices) :]
            self._go_on()

    def _on_not_scanned(self, job: Job, error: SaliscopeError) -> None:
        """Work that made way for something else is done again; any other error ends the scan."""
        if job is not self._predicting:
            return
        self._predicting = None
        if isinstance(error, Cancelled):
            self.changed.emit()
        else:
            self.cancel()
            self.failed.emit(error)

    @Slot()
    def _on_shown_changed(self) -> None:
        if self.scan is not None and not self.scan.stack.shows(self._shown.current):
            self.cancel()
            self.scan = None
            self.changed.emit()


def _coarse_to_fine(count: int) -> list[int]:
    """All indices: every 16th first, then those between, so that the whole curve is seen early."""
    order: dict[int, None] = {}
    for step in (16, 8, 4, 2, 1):
        order |= dict.fromkeys(range(0, count, step))
    return list(order)
