"""A mask: the pixels of an image that a person or a program marked."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True, slots=True)
class Mask:
    """The marked region of one frame, in pixels of the mask.

    region: (rows, columns) bool. affine_lps_mm: (4, 4), and spacing_mm, as in `Slice`; None where the file
    states none. notes: sentences on how the values were interpreted, where that is not obvious.
    """

    region: Array
    affine_lps_mm: Array | None = None
    spacing_mm: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()

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
