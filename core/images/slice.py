"""What a reader returns: a slice or a volume in modality values, and the identity apart from it."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from core.arrays import Array
from core.images.geometry import EdgeLetters, all_edge_letters

_ORIENTATION_LETTERS = frozenset("RLAPFH")

WindowFunction = Literal["linear", "linear_exact", "sigmoid"]


@dataclass(frozen=True, slots=True)
class DisplayTable:
    """A look-up table for display (DICOM's VOI LUT).

    first: the modality value of the first shade. shades: 0 to 255, one for each integer from `first` on;
    values beyond either end have that end's shade.
    """

    first: int
    shades: tuple[int, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.shades or min(self.shades) < 0 or max(self.shades) > 255:
            raise ValueError("a display table has shades of 0 to 255")


@dataclass(frozen=True, slots=True)
class Window:
    """A display window: `centre` and `width` in modality units.

    function: DICOM's VOI LUT function (PS3.3 C.11.2.1). "linear" counts grey levels and ends half a step
    inside; "linear_exact" ends at centre +- width / 2, as for values that are not integers; "sigmoid" is
    steepest at the centre. table: applied instead, where there is one; centre and width are then those of
    the values over which it changes.
    """

    centre: float
    width: float
    name: str = ""
    function: WindowFunction = "linear"
    table: DisplayTable | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.centre) and np.isfinite(self.width) and self.width > 0):
            raise ValueError(f"a window needs a finite centre and a positive width, not {self}")

    @property
    def description(self) -> str:
        """How values become shades, if not linearly; else empty."""
        if self.table is not None:
            return "table"
        return "sigmoid" if self.function == "sigmoid" else ""

    @property
    def low(self) -> float:
        """The value shown black."""
        return self.centre - self.width / 2

    @property
    def high(self) -> float:
        """The value shown white."""
        return self.centre + self.width / 2


@dataclass(frozen=True, slots=True)
class Identity:
    """Patient, study and institution: never stored or logged, and shown only if a person switched it on."""

    patient_name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    age: str = ""
    study_date: str = ""
    accession: str = ""
    institution: str = ""
    physician: str = ""
    study_description: str = ""
    series_description: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """One 2-D image in modality values (after rescale), never display values.

    values: (rows, columns), or (rows, columns, 3) uint8 for colour. Rows go down, columns right.
    affine_lps_mm: (4, 4), maps (slice, row, column, 1) to LPS in mm with slice 0 for this one;
        None where the file states none.
    spacing_mm: (between rows, between columns); `spacing_source`: the element it was read from.
    inverted: low values are to be shown bright (DICOM's MONOCHROME1, TIFF's MinIsWhite).
    windows: those of the file, in its order.
    padding: (rows, columns) bool, True where the pixel is not part of the image (DICOM's PixelPaddingValue);
        None where there is none. Such pixels are shown dark and take no part in windows or statistics.
    stated_aspect: height of a pixel divided by its width, where the file states that ratio without
        a spacing (DICOM's PixelAspectRatio); else None.
    orientation_letters: the directions to the right and downward in letters of R L A P F H (DICOM's
        PatientOrientation); both empty where they are not stated.
    overlay: (rows, columns) bool, True where graphics of the file lie over the image; None without any.
    value_windows: those made of the values (`core.images.windowing.value_windows`) where the process that
        read the image has computed them; else None.
    """

    values: Array
    modality: str = ""
    unit: str = ""
    windows: tuple[Window, ...] = ()
    inverted: bool = False
    spacing_mm: tuple[float, float] | None = None
    spacing_source: str = ""
    affine_lps_mm: Array | None = None
    notes: tuple[str, ...] = ()
    padding: Array | None = None
    stated_aspect: float | None = None
    orientation_letters: tuple[str, str] = ("", "")
    overlay: Array | None = None
    value_windows: tuple[Window, Window] | None = None

    def __post_init__(self) -> None:
        is_colour = self.values.ndim == 3 and self.values.shape[2] == 3
        if not (self.values.ndim == 2 or is_colour) or 0 in self.values.shape:
            raise ValueError(f"a slice is (rows, columns) or (rows, columns, 3), not {self.values.shape}")
        _require_affine(self.affine_lps_mm)
        for name, mask in (("padding", self.padding), ("overlay", self.overlay)):
            if mask is not None and (mask.shape != self.shape or mask.dtype != np.bool_):
                raise ValueError(f"{name} is bool of {self.shape}, not {mask.dtype} of {mask.shape}")
        if not _ORIENTATION_LETTERS.issuperset("".join(self.orientation_letters)):
            raise ValueError(f"an orientation is in letters of R L A P F H, not {self.orientation_letters}")
        if self.stated_aspect is not None and not 0 < self.stated_aspect < np.inf:
            raise ValueError(f"an aspect ratio is finite and positive, not {self.stated_aspect}")

    @property
    def is_colour(self) -> bool:
        """Whether the values have a channel axis."""
        return self.values.ndim == 3

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.values.shape[0], self.values.shape[1]

    @property
    def image_values(self) -> Array:
        """The values of all pixels that are not padding, (n,) or (n, 3); all of `values` without padding.

        If every pixel is padding, all of them are returned.
        """
        if self.padding is None or self.padding.all():
            return self.values
        return self.values[~self.padding]

    @property
    def edge_letters(self) -> EdgeLetters | None:
        """The patient's sides at the four edges, from the position or else as stated; None if unknown."""
        return all_edge_letters(self.affine_lps_mm, self.orientation_letters)

    @property
    def pixel_aspect(self) -> float:
        """Height of a pixel divided by its width: from the spacing, else as stated, else 1."""
        if self.spacing_mm is not None:
            return self.spacing_mm[0] / self.spacing_mm[1]
        return self.stated_aspect or 1.0


def _require_affine(affine: Array | None) -> None:
    if affine is None:
        return
    if affine.shape != (4, 4) or not np.isfinite(affine).all() or abs(np.linalg.det(affine)) < 1e-12:
        raise ValueError("an affine is a finite, invertible (4, 4) array")
