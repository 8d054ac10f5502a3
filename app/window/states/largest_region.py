"""Going to the slice of the shown volume in which the region is largest."""

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.texts import region as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.notices import NoticesState
from app.window.states.reference_openings import Reference
from app.window.states.region import RegionState
from app.window.states.shown import Shown, ShownState
from app.window.states.slice_reading import SliceReading
from core.arrays import Array
from core.errors import Cancelled, NotApplicable, SaliscopeError
from core.images.planes import Axis
from core.images.region import largest_slice
from core.readers.messages import MaskAreas, ReadMaskAreas

TOPIC = "largest region"


class LargestRegionState(QObject):
    """Measures the region in every slice: what was drawn counts where it was, the reference elsewhere."""

    progressed = Signal()

    def __init__(
        self,
        reader: JobLink,
        shown: ShownState,
        region: RegionState,
        slices: SliceReading,
        notices: NoticesState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader, self._shown, self._region = reader, shown, region
        self._slices, self._notices = slices, notices
        self._job: Job | None = None
        self._measured: tuple[Reference, tuple[float, ...]] | None = None
        self._stack: Shown = shown.current
        self.share: float | None = None
        """How much of the slices is measured; None before that is known."""
        shown.changed.connect(self._on_shown_changed)
        shown.placed.connect(self.cancel)
        region.reference.changed.connect(self._on_reference_changed)

    @property
    def running(self) -> bool:
        return self._job is not None

    def find(self) -> None:
        """Go to the slice of the shown stack with the largest region, the first of equal ones."""
        self.cancel()
        self._notices.clear(TOPIC)
        self._stack = shown = self._shown.current
        case, reference = shown.case, self._region.reference.current
        if case is None or case.entry is None:
            return
        if reference is None or not reference.follows:
            self._go_to_largest([0] * case.entry.volume_shape[shown.position.axis])
            return
        request = ReadMaskAreas(
            entry=reference.entry,
            image=case.entry,
            volume=shown.position.volume,
            axis=shown.position.axis,
            labels=reference.chosen,
        )
        self._measured = reference, reference.chosen
        self._job = job = self._reader.submit(request)
        job.progressed.connect(partial(self._on_progressed, job))
        job.done.connect(partial(self._on_measured, job))
        job.failed.connect(partial(self._on_failed, job))
        self.progressed.emit()

    @Slot()
    def cancel(self) -> None:
        """Go nowhere; a running job is let finish: to end the process would lose what it keeps."""
        job, self._job, self.share = self._job, None, None
        if job is not None:
            if job is not self._reader.running_job:
                job.cancel()
            self.progressed.emit()

    def _on_progressed(self, job: Job, done: int, total: int, text: str) -> None:
        if job is self._job:
            self.share = done / total if total else None
            self.progressed.emit()

    def _on_measured(self, job: Job, message: MaskAreas, arrays: list[Array]) -> None:
        if job is self._job:
            self._job, self.share = None, None
            self._go_to_largest([*message.areas])
            self.progressed.emit()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job, self.share = None, None
            if not isinstance(error, Cancelled):
                self._notices.report(TOPIC, error)
            self.progressed.emit()

    def _go_to_largest(self, areas: list[int]) -> None:
        """areas: those of the reference, one a slice."""
        case, position = self._stack.case, self._stack.position
        assert case is not None
        drawn = self._region.histories.areas(case.group)
        for index, area in enumerate(areas):
            areas[index] = drawn.get(replace(position, index=index).name_in(case.entry), area)
        largest = largest_slice(np.array(areas))
        if largest is None:
            self._notices.report(TOPIC, NotApplicable(texts.NO_REGION, texts.NO_REGION_HINT))
        elif self._slices.chosen == case.number:
            self._slices.go_to(replace(position, index=largest))

    @Slot()
    def _on_shown_changed(self) -> None:
        """Slices of another stack are not measured for this one."""
        if self._job is not None and _stack_of(self._shown.current) != _stack_of(self._stack):
            self.cancel()

    @Slot()
    def _on_reference_changed(self) -> None:
        """Nor are the marks of another reference, or of other labels of it."""
        reference = self._region.reference.current
        measured = (reference, reference.chosen) if reference is not None else None
        if self._job is not None and measured != self._measured:
            self.cancel()


def _stack_of(shown: Shown) -> tuple[int | None, Axis, int]:
    return shown.case.number if shown.case is not None else None, shown.position.axis, shown.position.volume
