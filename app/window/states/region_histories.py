"""The regions of each slice of a session, in the order in which they came."""

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.window.states.position import SliceName
from app.window.states.shown import SliceKey
from core.images.region import MarkedRegion


class RegionHistories(QObject):
    """The last region of a slice is the one that counts; None where it was removed."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._regions: dict[SliceKey, list[MarkedRegion | None]] = {}

    def __contains__(self, key: SliceKey) -> bool:
        """Whether a slice ever had a region; one that was undone counts."""
        return key in self._regions

    def region(self, key: SliceKey) -> MarkedRegion | None:
        """The region of a slice now."""
        history = self._regions.get(key)
        return history[-1] if history else None

    def history(self, key: SliceKey) -> tuple[MarkedRegion | None, ...]:
        """The regions of a slice so far."""
        return tuple(self._regions.get(key, ()))

    def areas(self, group: int) -> dict[SliceName, int]:
        """The pixels of the region in each slice of a group of cases that has one, drawn, removed or read."""
        regions = {
            key.slice_name: history[-1]
            for key, history in self._regions.items()
            if key.case == group and history
        }
        return {
            name: 0 if region is None else int(np.count_nonzero(region.mask))
            for name, region in regions.items()
        }

    def append(self, key: SliceKey, region: MarkedRegion | None) -> None:
        """A slice has another region, or none any more."""
        self._regions.setdefault(key, []).append(region)
        self.changed.emit()

    def pop(self, key: SliceKey) -> None:
        """A slice has the region again that it had before."""
        self._regions[key].pop()
        self.changed.emit()

    def drop(self, regions: Collection[MarkedRegion], without: SliceKey | None = None) -> None:
        """Let go of these regions wherever they are, but in one slice."""
        dropped = set(map(id, regions))
        for key, history in list(self._regions.items()):
            if key == without:
                continue
            history[:] = [region for region in history if id(region) not in dropped]
            if not history:
                del self._regions[key]

    def forget(self, cases: Collection[int]) -> None:
        """Let go of all regions of closed cases, named by their numbers."""
        self._regions = {key: regions for key, regions in self._regions.items() if key.case not in cases}
