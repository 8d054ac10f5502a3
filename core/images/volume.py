"""A volume: a stack of slices in modality values with one affine."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.images.geometry import is_affine, spacing_mm
from core.images.planes import PlaneView, plane_affine, plane_array
from core.images.slice import Slice, Window


@dataclass(frozen=True, slots=True)
class Volume:
    """A stack of slices with one position; its slices are in modality values, never display values.

    values: (slices, rows, columns), or (..., 3) uint8 for colour; may be mapped from a file. They may be as
        stored: modality value = slope * value + intercept, and each slice is scaled when it is cut.
    slope, intercept: 1 and 0 where `values` are modality values already.
    affine_lps_mm: (4, 4), maps (slice, row, column, 1) to LPS in mm; None where no position is known. It is
        sheared where the gantry was tilted: the slices then advance along the table, not along their normal.
    spacing_mm: between slices, rows and columns; None where it is unknown. `spacing_source`: its element.
    windows, inverted, unit, modality, notes: as of `Slice`.
    padding: (slices, rows, columns) bool, True where no image was measured, missing slices among it; or None.
    """

    values: Array
    affine_lps_mm: Array | None = None
    spacing_mm: tuple[float, float, float] | None = None
    spacing_source: str = ""
    modality: str = ""
    unit: str = ""
    windows: tuple[Window, ...] = ()
    inverted: bool = False
    notes: tuple[str, ...] = ()
    padding: Array | None = None
    slope: float = 1.0
    intercept: float = 0.0

    def __post_init__(self) -> None:
        is_colour = self.values.ndim == 4 and self.values.shape[3] == 3
        if not (self.values.ndim == 3 or is_colour) or 0 in self.values.shape:
            raise ValueError(f"a volume is (slices, rows, columns), not {self.values.shape}")
        affine = self.affine_lps_mm
        if affine is not None and (affine.shape != (4, 4) or not is_affine(affine)):
            raise ValueError("an affine is a finite, invertible (4, 4) array")
        padding = self.padding
        if padding is not None and (padding.shape != self.shape or padding.dtype != np.bool_):
            raise ValueError(f"padding is bool of {self.shape}, not {padding.dtype} of {padding.shape}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices, rows and columns."""
        slices, rows, columns = self.values.shape[:3]
        return slices, rows, columns

    def slice(
        self, view: PlaneView, index: int, copied: Callable[[Array], Array] = np.ascontiguousarray
    ) -> Slice:
        """The slice `index` of a plane, as displayed: (rows, columns) of the view. Raises IndexError.

        copied: as of `plane_array`.
        """
        if not 0 <= index < view.count:
            raise IndexError(f"the plane has {view.count} slices, so no slice {index}")
        affine = None if self.affine_lps_mm is None else plane_affine(self.affine_lps_mm, view, index)
        if affine is not None:
            spacing: tuple[float, float] | None = spacing_mm(affine)
        elif self.spacing_mm is not None:
            spacing = self.spacing_mm[view.rows_axis], self.spacing_mm[view.columns_axis]
        else:
            spacing = None
        padding = None if self.padding is None else plane_array(self.padding, view, index)
        return Slice(
            values=self._modality_values(plane_array(self.values, view, index, copied)),
            modality=self.modality,
            unit=self.unit,
            windows=self.windows,
            inverted=self.inverted,
            spacing_mm=spacing,
            spacing_source=self.spacing_source if spacing is not None else "",
            affine_lps_mm=affine,
            notes=self.notes,
            padding=padding if padding is not None and padding.any() else None,
        )

    def _modality_values(self, cut: Array) -> Array:
        native = cut.astype(cut.dtype.newbyteorder("="), copy=False)
        if (self.slope, self.intercept) == (1.0, 0.0):
            return native
        return (native.astype(np.float64) * self.slope + self.intercept).astype(np.float32)
