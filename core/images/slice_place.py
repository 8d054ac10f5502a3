"""The place of a slice: its number in its series, and its position in the patient."""

from typing import Self

import numpy as np

from core.arrays import Array
from core.images.slice import Slice
from core.values import FrozenRecord


class SlicePlace(FrozenRecord):
    """What must be known of a slice to find what another file holds at the same place.

    frames, volumes: of its series. volume: its time point, counted from 0. frame: its number in the series,
    counted from 0; None for a slice across rows or columns of a volume. rows, columns: its size.
    affine_lps_mm: (4, 4) as rows, (slice, row, column, 1) to LPS in mm with slice 0 for this one; or None.
    missing: slices that its series lacks in each volume, between those that there are.
    """

    frames: int
    volumes: int
    volume: int
    frame: int | None
    rows: int
    columns: int
    affine_lps_mm: tuple[tuple[float, float, float, float], ...] | None = None
    missing: int = 0

    @classmethod
    def of(
        cls,
        image: Slice,
        frames: int = 1,
        volumes: int = 1,
        volume: int = 0,
        frame: int | None = 0,
        missing: int = 0,
    ) -> Self:
        """The place of `image`, which is a slice of a series of so many frames and volumes."""
        affine = image.affine_lps_mm
        return cls(
            frames=frames,
            volumes=volumes,
            volume=volume,
            frame=frame,
            rows=image.shape[0],
            columns=image.shape[1],
            affine_lps_mm=None if affine is None else tuple(tuple(row) for row in affine.tolist()),
            missing=missing,
        )

    @property
    def affine(self) -> Array | None:
        """(4, 4), as `affine_lps_mm`."""
        return None if self.affine_lps_mm is None else np.array(self.affine_lps_mm)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns
