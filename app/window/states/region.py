"""Where the evidence of the shown slice should lie: drawn by a person, or read from a reference mask."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.texts import region as texts
from app.window.links import JobLink
from app.window.states.shading import Overlay
from core.arrays import Array
from core.checks.localisation import evidence_inside
from core.errors import Cancelled, IncompatibleInput, SaliscopeError
from core.images.grid_map import GridMap
from core.images.polygon import inside
from core.images.region import EMPTY, HINT, MarkedRegion, mask_frame, mask_region, region_on_grid
from core.images.slice import Slice
from core.readers.messages import Indexed, IndexPath, MaskRead, ReadMask
from core.readers.protocol import SeriesEntry

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A slice, and which frame of which file it is."""

    image: Slice
    entry: SeriesEntry
    frame: int


class RegionState(QObject):
    """The region of each slice of this session, with an undo for each.

    Points are (row, column) of the slice, pixel centres at integers.
    """

    changed = Signal()
    drawing_changed = Signal()
    failed = Signal(object)  # SaliscopeError

    def __init__(self, reader: JobLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        # Of each slice the regions so far; None where one was removed.
        self._regions: dict[object, list[MarkedRegion | None]] = {}
        self._slice: object = None
        self._shape = (0, 0)
        self._shown: _Shown | None = None
        self._job: int | None = None
        self.drawing = False
        reader.finished.connect(self._on_finished)
        reader.failed.connect(self._on_failed)

    def show_slice(self, key: object, image: Slice, entry: SeriesEntry, frame: int) -> None:
        """Turn to another slice, frame `frame` of `entry`; its region comes back if it had one.

        key: what tells slices apart.
        """
        self._withdraw()
        self._slice, self._shape, self._shown = key, image.shape, _Shown(image, entry, frame)
        self.changed.emit()

    @property
    def mask(self) -> Array | None:
        """(rows, columns) bool of the slice; None where nobody has said anything."""
        region = self._region
        return None if region is None else region.mask

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of the mask from which the region was read, in sentences."""
        region = self._region
        return () if region is None else region.notes

    @property
    def _region(self) -> MarkedRegion | None:
        history = self._regions.get(self._slice)
        return history[-1] if history else None

    @property
    def can_undo(self) -> bool:
        return bool(self._regions.get(self._slice))

    def set_drawing(self, drawing: bool) -> None:
        """Whether a plain drag over the image draws."""
        if drawing != self.drawing:
            self.drawing = drawing
            self.drawing_changed.emit()

    def draw_rectangle(self, start: Point, end: Point) -> None:
        """Take all pixels whose centres lie between two corners."""
        low, high = np.minimum(start, end), np.maximum(start, end)
        rows, columns = np.ogrid[: self._shape[0], : self._shape[1]]
        self._set((rows >= low[0]) & (rows <= high[0]) & (columns >= low[1]) & (columns <= high[1]))

    def draw_outline(self, points: Sequence[Point]) -> None:
        """Take all pixels whose centres lie inside a closed line, by the even-odd rule."""
        self._set(inside(points, self._shape))

    def clear(self) -> None:
        """Nothing is said of this slice any more."""
        if self.mask is not None:
            self._push(None)

    def undo(self) -> None:
        """Take back the last change of this slice's region."""
        history = self._regions.get(self._slice)
        if history:
            history.pop()
            self.changed.emit()

    def open_mask(self, path: Path) -> None:
        """Read a mask of the image: what it marks is the region."""
        self._withdraw()
        self._job = self._reader.submit(IndexPath(path=path))

    def sentence(self, overlay: Overlay | None) -> str:
        """How much of a map's positive evidence lies inside, and how large the region is."""
        if self.mask is None:
            return ""
        covered = float(self.mask.mean())
        if overlay is None:
            return texts.inside("", None, covered)
        cells = None if overlay.no_share else on_grid(self.mask, overlay.grid_map)
        share = None if cells is None else evidence_inside(overlay.values, cells)
        return texts.inside(overlay.title, share, covered, overlay.no_share)

    def _set(self, mask: Array) -> None:
        if mask.any():
            self._push(MarkedRegion(mask))

    def _push(self, region: MarkedRegion | None) -> None:
        self._regions.setdefault(self._slice, []).append(region)
        self.changed.emit()

    def _withdraw(self) -> None:
        if self._job is not None:
            job, self._job = self._job, None
            self._reader.cancel(job)

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: list[Any]) -> None:
        if job != self._job or self._shown is None:
            return
        self._job = None
        try:
            match message:
                case Indexed(entries=entries):
                    frame = mask_frame(entries[0], self._shown.entry, self._shown.frame)
                    self._job = self._reader.submit(ReadMask(entry=entries[0], frame=frame))
                case MaskRead():
                    self._take(mask_region(message.mask(arrays), self._shown.image))
        except IncompatibleInput as error:
            self.failed.emit(error)

    def _take(self, region: MarkedRegion) -> None:
        if region.mask.any():
            self._push(region)
        else:
            self.failed.emit(IncompatibleInput(EMPTY, HINT))

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        if job == self._job:
            self._job = None
            if not isinstance(error, Cancelled):
                self.failed.emit(error)


def on_grid(mask: Array, grid_map: GridMap) -> Array | None:
    """(rows, columns) bool of the network's grid; None for a mask that is not of this slice."""
    return region_on_grid(mask, grid_map) if mask.shape == grid_map.slice_shape else None


def outline(mask: Array) -> Array:
    """(n, 2, 2) the edges between pixels inside and outside: start and end, each (row, column) of corners.

    The corner of pixel (0, 0) that is nearest to the origin is (-0.5, -0.5).
    """
    padded = np.pad(mask, 1)
    rows, columns = np.nonzero(padded[1:] != padded[:-1])  # lines that run across
    across = np.stack([np.stack([rows, columns - 1], -1), np.stack([rows, columns], -1)], 1)
    rows, columns = np.nonzero(padded[:, 1:] != padded[:, :-1])  # lines that run down
    down = np.stack([np.stack([rows - 1, columns], -1), np.stack([rows, columns], -1)], 1)
    return np.concatenate([across, down]) - 0.5
