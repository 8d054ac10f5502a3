"""Where the evidence of the shown slice should lie: drawn by a person, or read from a reference mask."""

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.texts import region as texts
from app.texts import undo as texts_undo
from app.window.links import JobLink
from app.window.states.reference import ReferenceState
from app.window.states.reference_openings import Reference
from app.window.states.region_histories import RegionHistories
from app.window.states.region_statistics import RegionStatisticsState
from app.window.states.shading import Overlay
from app.window.states.shown import ShownState, SliceKey
from app.window.states.undo import UndoStack
from core.arrays import Array
from core.checks.localisation import evidence_inside
from core.images.grid_map import GridMap
from core.images.polygon import inside
from core.images.region import MarkedRegion, region_on_grid

Point = tuple[float, float]


class RegionState(QObject):
    """The region of each slice of this session; every change of a region is a step of `undo`.

    Points are (row, column) of the slice, pixel centres at integers.
    """

    changed = Signal()
    failed = Signal(object)  # SaliscopeError

    def __init__(
        self, reader: JobLink, shown: ShownState, undo: UndoStack, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shown, self._undo = shown, undo
        self.histories = RegionHistories(self)
        self.histories.changed.connect(self.changed)
        # Those of a workspace that were read from a mask then.
        self._restored_references: list[MarkedRegion] = []
        self.statistics = RegionStatisticsState(shown)
        self.reference = ReferenceState(reader, shown, self)
        self.reference.read.connect(self._on_reference_read)
        self.reference.replaced.connect(self._drop)
        self.reference.failed.connect(self.failed)
        self.reference.withdrawn.connect(self._read_reference)
        shown.changed.connect(self._on_shown_changed)

    @property
    def mask(self) -> Array | None:
        """(rows, columns) bool of the slice; None without a region, or where the reference marks nothing."""
        region = self._region
        return region.mask if region is not None and region.mask.any() else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of the mask from which the region was read, in sentences."""
        region = self._region
        return () if region is None else region.notes

    @property
    def _key(self) -> SliceKey:
        """What tells slices apart: the case, the slice in it, and its values."""
        return self._shown.current.slice_key

    @property
    def _region(self) -> MarkedRegion | None:
        return self.histories.region(self._key)

    def draw_rectangle(self, start: Point, end: Point) -> None:
        """Take all pixels whose centres lie between two corners."""
        mask = np.zeros(_shape(self._shown), dtype=np.bool_)
        rows, columns = (
            slice(max(math.ceil(min(ends)), 0), max(math.floor(max(ends)) + 1, 0))
            for ends in zip(start, end, strict=True)
        )
        mask[rows, columns] = True
        self._take(mask)

    def draw_outline(self, points: Sequence[Point]) -> None:
        """Take all pixels whose centres lie inside a closed line, by the even-odd rule."""
        self._take(inside(points, _shape(self._shown)))

    def restore(self, region: MarkedRegion, is_reference: bool) -> None:
        """Take the region of a workspace for the shown slice; it is no step that could be undone."""
        if is_reference:
            self._restored_references.append(region)
        self.histories.append(self._key, region)

    @property
    def is_reference(self) -> bool:
        """Whether the region was read from a mask, not drawn."""
        reference = self.reference.current
        regions = (*self._restored_references, *(reference.regions if reference is not None else ()))
        return any(self._region is each for each in regions)

    def clear(self) -> None:
        """Remove the region of this slice."""
        if self.mask is not None:
            self._push(None)

    def open_mask(self, path: Path) -> None:
        """Read a mask of the image: what it marks is the region."""
        self.reference.open(path)

    def sentence(self, overlay: Overlay | None) -> str:
        """How much of a map's positive evidence lies inside, and how large the region is."""
        if self.mask is None:
            return ""
        covered = float(self.mask.mean())
        if overlay is None:
            return texts.inside("", None, covered)
        cells = None if overlay.no_share else on_grid(self.mask, overlay.grid_map)
        share = None if cells is None else evidence_inside(overlay.values, cells)
        return texts.inside(overlay.name, share, covered, overlay.no_share)

    def _take(self, mask: Array) -> None:
        if mask.any():
            self._push(MarkedRegion(mask))

    @Slot()
    def _on_shown_changed(self) -> None:
        self.changed.emit()
        self._read_reference()

    @Slot()
    def _read_reference(self) -> None:
        if self._key not in self.histories:  # nothing was drawn, removed or read yet
            self.reference.read_shown()

    @Slot(object, object)
    def _on_reference_read(self, _: Reference, region: MarkedRegion) -> None:
        if self.histories.history(self._key):
            self._push(region)
        else:  # it came with the slice; no person changed anything
            self.histories.append(self._key, region)

    @Slot(object, bool)
    def _drop(self, reference: Reference, keeps_shown: bool) -> None:
        """Forget what was read of a reference; drawn regions stay."""
        shown_key = self._key if keeps_shown else None
        self.histories.drop(reference.regions, without=shown_key)
        shown = self.histories.history(shown_key) if shown_key is not None else ()
        self._undo.drop([region for region in reference.regions if all(region is not it for it in shown)])
        self.changed.emit()

    def _push(self, region: MarkedRegion | None) -> None:
        key = self._key
        self.histories.append(key, region)
        label = texts_undo.REGION if region is not None else texts_undo.REGION_REMOVED
        undo, redo = partial(self.histories.pop, key), partial(self.histories.append, key, region)
        self._undo.push(label, undo, redo, slice_key=key, sources=(region,) if region is not None else ())


def _shape(shown: ShownState) -> tuple[int, int]:
    image = shown.current.image
    return image.shape if image is not None else (0, 0)


def on_grid(mask: Array, grid_map: GridMap) -> Array | None:
    """(rows, columns) bool of the network's grid; None for a mask that is not of this slice."""
    return region_on_grid(mask, grid_map) if mask.shape == grid_map.slice_shape else None
