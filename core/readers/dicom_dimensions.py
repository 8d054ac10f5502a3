"""Dimension indices of multi-frame files (PS3.3 C.7.6.17): what the frames differ in, and in which order.

A file names its dimensions, the slowest first, and gives each frame an index in each of them. Those of place
(stack, position in the stack) tell where a frame lies; all others, whatever they are, tell volumes apart.
"""

from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from core.readers.dicom_headers import FrameHeader, as_numbers, value_of

FRAME_CONTENT = "FrameContentSequence"
_STACK = tag_for_keyword("StackID")
_IN_STACK = tag_for_keyword("InStackPositionNumber")
_PLACES = (
    _STACK,
    _IN_STACK,
    *map(tag_for_keyword, ("ImagePositionPatient", "ImageOrientationPatient", "SliceLocation")),
)


class Dimensions:
    """The dimensions that a file names; none where it is no multi-frame file with such indices."""

    def __init__(self, dataset: Dataset) -> None:
        items = value_of(dataset, "DimensionIndexSequence") or ()
        self._tags = tuple(_tag(value_of(item, "DimensionIndexPointer")) for item in items)
        self._others = tuple(at for at, tag in enumerate(self._tags) if tag not in _PLACES)

    @property
    def has_stacks(self) -> bool:
        """Whether the name of its stack keeps a frame apart from others."""
        return _STACK in self._tags

    def beside_place(self, header: FrameHeader) -> tuple[int, ...]:
        """A frame's indices in the dimensions that are no place, the slowest first; empty without any."""
        indices = self._indices(header)
        return tuple(indices[at] for at in self._others) if indices else ()

    def in_stack(self, header: FrameHeader) -> int | None:
        """A frame's position in its stack, counted from 1; None where the file does not say."""
        if self._tags:
            stated = header.numbers("InStackPositionNumber", 1, FRAME_CONTENT)
            if stated is not None:
                return round(stated[0])
            indices = self._indices(header)
            if indices and _IN_STACK in self._tags:
                return indices[self._tags.index(_IN_STACK)]
        return None

    def _indices(self, header: FrameHeader) -> tuple[int, ...]:
        """One index a dimension, or none at all where the frame has another number of them."""
        if not self._tags:
            return ()
        numbers = as_numbers(header.value("DimensionIndexValues", FRAME_CONTENT))
        return tuple(map(round, numbers)) if len(numbers) == len(self._tags) else ()


def _tag(value: Any) -> int | None:
    """The tag in an attribute pointer (AT); None where it holds anything else."""
    return int(value) if isinstance(value, int) else None
