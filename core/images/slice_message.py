"""A slice on its way through a pipe: its facts as a message, its arrays beside it."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict

from core.arrays import Array
from core.images.slice import Slice, Window


class SliceMessage(BaseModel):
    """All of a slice but its arrays.

    Those follow in the order values, padding, affine, overlay; the last three where `has_padding`,
    `has_affine` and `has_overlay` say so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    modality: str = ""
    unit: str = ""
    windows: tuple[Window, ...] = ()
    inverted: bool = False
    spacing_mm: tuple[float, float] | None = None
    spacing_source: str = ""
    stated_aspect: float | None = None
    orientation_letters: tuple[str, str] = ("", "")
    notes: tuple[str, ...] = ()
    value_windows: tuple[Window, Window] | None = None
    has_padding: bool = False
    has_affine: bool = False
    has_overlay: bool = False

    @classmethod
    def of(cls, image: Slice) -> tuple[Self, list[Array]]:
        """The message and its arrays: values (rows, columns, ...), padding, affine (4, 4) and overlay."""
        message = cls(
            modality=image.modality,
            unit=image.unit,
            windows=image.windows,
            inverted=image.inverted,
            spacing_mm=image.spacing_mm,
            spacing_source=image.spacing_source,
            stated_aspect=image.stated_aspect,
            orientation_letters=image.orientation_letters,
            notes=image.notes,
            value_windows=image.value_windows,
            has_padding=image.padding is not None,
            has_affine=image.affine_lps_mm is not None,
            has_overlay=image.overlay is not None,
        )
        optional = (image.padding, image.affine_lps_mm, image.overlay)
        return message, [image.values, *(array for array in optional if array is not None)]

    @property
    def array_count(self) -> int:
        """How many arrays the slice has."""
        return 1 + self.has_padding + self.has_affine + self.has_overlay

    def slice_of(self, arrays: Sequence[Array]) -> Slice:
        """The slice of the arrays that `of` gives: (rows, columns), padding, affine (4, 4) and overlay.

        Raises ValueError if they are not those of a slice.
        """
        if len(arrays) != self.array_count:
            raise ValueError(f"the slice has {self.array_count} arrays, not {len(arrays)}")
        optional = iter(arrays[1:])
        padding = next(optional) if self.has_padding else None
        affine = next(optional) if self.has_affine else None
        overlay = next(optional) if self.has_overlay else None
        return Slice(
            values=arrays[0],
            modality=self.modality,
            unit=self.unit,
            windows=self.windows,
            inverted=self.inverted,
            spacing_mm=self.spacing_mm,
            spacing_source=self.spacing_source,
            affine_lps_mm=affine,
            notes=self.notes,
            padding=padding,
            stated_aspect=self.stated_aspect,
            orientation_letters=self.orientation_letters,
            overlay=overlay,
            value_windows=self.value_windows,
        )
