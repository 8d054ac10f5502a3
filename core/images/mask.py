"""A mask: the pixels that a person or a program marked in an image."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True, slots=True)
class Mask:
    """The marked region of one frame, on the mask's own pixels.

    region: (rows, columns) bool. affine_lps_mm, spacing_mm: as in `Slice`; None where the file does not say.
    notes: sentences on how the region was read, where that is not plain.
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
