"""A patch over the image, and how the network's answer changes while it is dragged."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import occluder as texts
from app.window.jobs import Job
from app.window.links import JobLink, LinkState
from app.window.states.explain import ExplainState
from app.window.states.prediction import PredictionState
from app.window.states.shown import ShownState
from app.window.states.tool import Tool, ToolState
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.images.grid_map import GridMap
from core.methods.perturbation.occlusion import Fill
from core.results.records import PredictionRecord
from core.worker.messages import OccludeDone, OccludeRequest

# The patch is this part of the sides of the network's input.
PARTS, USUAL_PART = (32, 16, 8, 4, 2), 8
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class CoveredAnswer:
    """What the network says with this box of its input filled."""

    box: Box
    prediction: PredictionRecord


class OccluderState(QObject):
    """Asks the worker about the newest place of the patch alone, and only while nothing else is asked for.

    part: the patch's sides are this part of those of the input. fill: as in the method Occlusion. box: of
    the patch, (top, left, bottom, right) in input pixels with the last row and column excluded; None while
    there is no patch. error: why the network does not answer.
    """

    changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        prediction: PredictionState,
        explain: ExplainState,
        tool: ToolState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._shown, self._prediction = worker, shown, prediction
        self._explain, self._tool = explain, tool
        self.part = USUAL_PART
        self.fill: Fill = "black"
        self.box: Box | None = None
        self.error: SaliscopeError | None = None
        self._place = 0.0, 0.0
        self._answer: CoveredAnswer | None = None
        self._job: Job | None = None
        prediction.changed.connect(self.leave)
        explain.changed.connect(self._on_explain_changed)
        explain.progressed.connect(self._ask)
        worker.queue_changed.connect(self._ask)
        tool.changed.connect(self.leave)

    @property
    def is_active(self) -> bool:
        """Whether the left button drags the patch."""
        return self._tool.active is Tool.OCCLUDE

    @property
    def running(self) -> bool:
        return self._job is not None

    def side_of(self, part: int) -> tuple[int, int]:
        """(rows, columns) of such a patch in pixels of the network's input; (0, 0) without an input."""
        return _side_of(self._shown.current.grid_map, part)

    @property
    def box_on_slice(self) -> tuple[float, float, float, float] | None:
        """(top, left, bottom, right) of the patch's edges in slice pixels."""
        grid_map = self._shown.current.grid_map
        return None if self.box is None or grid_map is None else _on_slice(self.box, grid_map)

    @property
    def lines(self) -> tuple[str, ...]:
        """What changed under the patch, or what it waits for; nothing without a patch."""
        if self.box is None:
            return ()
        if self.error is not None:
            return (str(self.error),)
        whole, target = self._prediction.summary, self._explain.target
        if whole is None or target is None:
            return (texts.NEEDS_PREDICTION,)
        if self._worker.state is LinkState.LOST:
            return (self._worker.state_text,)
        if self._answer is None:
            return (
                texts.WAITS if _is_kept_waiting(self._worker, self._explain, self._job) else texts.COMPUTING,
            )
        lines = texts.change_lines(whole.card, target.record, whole.record, self._answer.prediction)
        return lines if self._answer.box == self.box else tuple(f"{line} …" for line in lines)

    def move(self, row: float, column: float) -> None:
        """Put the middle of the patch at this place of the slice, as far as the input reaches."""
        self._place = row, column
        grid_map = self._shown.current.grid_map
        box = (
            _box_at(grid_map, self.part, self._place)
            if grid_map is not None and self._prediction.record is not None
            else None
        )
        if box != self.box:
            self.box, self.error = box, None
            self.changed.emit()
            self._ask()

    @Slot()
    def leave(self) -> None:
        """Take the patch away, with all that it showed."""
        job, self._job = self._job, None
        self.box, self.error, self._answer = None, None, None
        if job is not None:
            job.cancel()
        self.changed.emit()

    def set_part(self, part: int) -> None:
        """Make the patch's sides this part of those of the input."""
        if part != self.part:
            self.part = part
            self._start_again()

    def set_fill(self, fill: Fill) -> None:
        """Fill the patch with the input's lowest, mean or highest value."""
        if fill != self.fill:
            self.fill = fill
            self._start_again()

    @Slot()
    def _on_explain_changed(self) -> None:
        """Another target may have been chosen."""
        if self.box is not None:
            self.changed.emit()

    def _start_again(self) -> None:
        """Ask about the patch at the same place with other settings."""
        place, has_patch = self._place, self.box is not None
        self.leave()
        if has_patch:
            self.move(*place)

    @Slot()
    def _ask(self) -> None:
        """Ask about the present place, unless that is known or something else must be waited for."""
        card, image = self._shown.current.card, self._shown.current.image
        if self.box is None or card is None or self._job is not None or self.error is not None:
            return
        is_known = self._answer is not None and self._answer.box == self.box
        if is_known or _is_kept_waiting(self._worker, self._explain, self._job):
            return
        request = OccludeRequest(model=card.id, box=self.box, fill=self.fill)
        # The link tells of the job before it is known here; it is then one that is waited for.
        self._job = job = self._worker.submit(request, image=image)
        job.done.connect(partial(self._on_done, job, self.box))
        job.failed.connect(partial(self._on_failed, job))

    def _on_done(self, job: Job, box: Box, message: OccludeDone, arrays: list[Array]) -> None:
        if job is self._job:
            self._job, self._answer = None, CoveredAnswer(box, message.prediction)
            self.changed.emit()
            self._ask()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            self.error = None if isinstance(error, Cancelled) else error
            self.changed.emit()


def _is_kept_waiting(worker: JobLink, explain: ExplainState, job: Job | None) -> bool:
    """Whether the worker does something that a person asked for before; job: of the patch itself."""
    is_at_work = any(not each.is_background for each in worker.open_jobs if each is not job)
    return is_at_work or explain.running or worker.state is not LinkState.READY


def _side_of(grid_map: GridMap | None, part: int) -> tuple[int, int]:
    """part: the sides of a patch are this part of those of the network's input."""
    if grid_map is None:
        return 0, 0
    rows, columns = (max(1, round(cells / part)) for cells in grid_map.grid)
    return rows, columns


def _box_at(grid_map: GridMap, part: int, place: tuple[float, float]) -> Box:
    """The patch with its middle at a place (row, column) of the slice, as far as the input reaches."""
    rows, columns = sides = _side_of(grid_map, part)
    top, left = (
        min(max(round(at - (side - 1) / 2), 0), cells - side)
        for at, side, cells in zip(grid_map.to_grid(*place), sides, grid_map.grid, strict=True)
    )
    return top, left, top + rows, left + columns


def _on_slice(box: Box, grid_map: GridMap) -> tuple[float, float, float, float]:
    top, left, bottom, right = box
    first, last = grid_map.to_pixel(top - 0.5, left - 0.5), grid_map.to_pixel(bottom - 0.5, right - 0.5)
    (top_row, bottom_row), (left_column, right_column) = (
        sorted(ends) for ends in zip(first, last, strict=True)
    )
    return top_row, left_column, bottom_row, right_column
