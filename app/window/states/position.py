"""Which slice of a case is shown: the axis it lies across, its index along it, and the volume."""

from dataclasses import dataclass, replace
from typing import Self

from core.images.planes import Axis
from core.readers.protocol import FrameSource, SeriesEntry


@dataclass(frozen=True, slots=True)
class SlicePosition:
    """The slice `index` across `axis` of a volume; index and volume (time point) are counted from 0.

    axis: 0 slices as they were acquired (all that a case without planes has), 1 rows, 2 columns.
    """

    axis: Axis = 0
    index: int = 0
    volume: int = 0

    @classmethod
    def of_frame(cls, entry: SeriesEntry, frame: int) -> Self:
        """The position of a frame of the series, counted from 0."""
        volume, index = divmod(frame, entry.slices)
        return cls(0, index, volume)

    def frame(self, entry: SeriesEntry) -> int:
        """The frame of the series, counted from 0; only for a position on axis 0."""
        return self.volume * entry.slices + self.index

    def name_in(self, entry: SeriesEntry | None) -> "SliceName":
        """What names the slice while files are added to its series, by which slices are numbered anew."""
        return self if entry is None or self.axis != 0 else entry.source(self.frame(entry))

    def moved(self, steps: int) -> Self:
        """The position this number of slices further on; it may lie outside of the volume."""
        return replace(self, index=self.index + steps)

    def inside(self, entry: SeriesEntry) -> Self:
        """The nearest position that the series has."""
        return replace(
            self,
            index=min(max(self.index, 0), entry.volume_shape[self.axis] - 1),
            volume=min(max(self.volume, 0), entry.volumes - 1),
        )


# Where its frame is stored; the position itself for a slice across rows or columns.
SliceName = FrameSource | SlicePosition
# The only slice of a plain picture, and where nothing is shown yet.
FIRST_SLICE = SlicePosition()
