"""A mask: the pixels of an image that a person or a program marked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.values import FrozenRecord

# More labels than these are counted and not listed.
LISTED_LABELS = 8


class MaskLabel(FrozenRecord):
    """A label of a mask: its value, and its name if the file states one."""

    value: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mask:
    """The marked region of one frame, in pixels of the mask.

    region: (rows, columns) bool. affine_lps_mm: (4, 4), and spacing_mm, as in `Slice`; None where the file
    states none. notes: sentences on how the values were interpreted, where that is not obvious. labels: all
    of the mask, whether they are in this frame or not; empty where they are not known.
    """

    region: Array
    affine_lps_mm: Array | None = None
    spacing_mm: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()
    labels: tuple[MaskLabel, ...] = ()

    def __post_init__(self) -> None:
        if self.region.ndim != 2 or self.region.dtype != np.bool_ or 0 in self.region.shape:
            raise ValueError(f"a mask is bool (rows, columns), not {self.region.dtype} {self.region.shape}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.region.shape[0], self.region.shape[1]

    @property
    def covered(self) -> float:
        """The region's share of the pixels."""
        return float(self.region.mean())


def label_notes(labels: Sequence[float], chosen: Collection[float] = ()) -> tuple[str, ...]:
    """A sentence that lists several labels and says which are the region; empty for a single one.

    chosen: those that are the region; all of them by default.
    """
    if len(labels) < 2:
        return ()
    region = [label for label in labels if label in chosen]
    if not region:
        return (f"The mask has the labels {_listed(labels)}; together they are the region.",)
    verb = "is" if len(region) == 1 else "are"
    return (f"Of the labels {_listed(labels)} of the mask, {_listed(region)} {verb} the region.",)


def _listed(labels: Sequence[float]) -> str:
    names = [f"{label:g}" for label in labels]
    if len(names) > LISTED_LABELS:
        return f"{', '.join(names[:LISTED_LABELS])} and {len(names) - LISTED_LABELS} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
