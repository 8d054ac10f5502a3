"""A volume of the slices of a series, as they are read one by one."""

import numpy as np

from core.arrays import Array
from core.errors import Unreadable
from core.images.slice import Slice
from core.images.volume import Volume
from core.number_text import counted
from core.readers.protocol import SeriesEntry


class StackBuilder:
    """Slices put into one array as they are read; its type grows with theirs."""

    def __init__(self, entry: SeriesEntry, middle: Slice) -> None:
        """middle: the slice that tells the volume's unit, windows and spacing."""
        self._entry, self._middle = entry, middle
        shape = entry.stack_shape + middle.values.shape[2:]
        self._values = np.zeros(shape, middle.values.dtype)
        self._padding: Array | None = None
        # A dictionary, as a set that keeps the order.
        self._notes: dict[str, None] = {}
        if entry.sparse is not None:
            self._padding = np.ones(entry.stack_shape, np.bool_)
            missing = entry.missing_slices
            verb = "is" if missing == 1 else "are"
            self._notes[f"{counted(missing, 'missing slice')} of the stack {verb} empty here"] = None

    def add(self, index: int, image: Slice) -> None:
        """Put slice `index` of those that there are at its place.

        Raises Unreadable if it is of another kind than the others.
        """
        if image.values.shape != self._values.shape[1:] or image.unit != self._middle.unit:
            raise Unreadable(
                f"{self._entry.source(index).path.name} differs from the other slices of its series in size,"
                " colour or unit.",
                "Open its slices one by one.",
            )
        dtype = np.result_type(self._values.dtype, image.values.dtype)
        if dtype != self._values.dtype:
            self._values = self._values.astype(dtype)
        place = self._entry.sparse.numbers[index] if self._entry.sparse is not None else index
        self._values[place] = image.values
        if image.padding is not None and self._padding is None:
            self._padding = np.zeros(self._entry.stack_shape, np.bool_)
        if self._padding is not None:
            self._padding[place] = image.padding if image.padding is not None else False
        self._notes |= dict.fromkeys(image.notes)

    def volume(self) -> Volume:
        """All slices as one volume."""
        middle, affine = self._middle, self._entry.stack_affine_lps_mm
        return Volume(
            values=self._values,
            affine_lps_mm=None if affine is None else np.array(affine),
            spacing_source=middle.spacing_source,
            modality=middle.modality,
            unit=middle.unit,
            windows=middle.windows,
            inverted=middle.inverted,
            notes=tuple(self._notes),
            padding=self._padding,
        )
