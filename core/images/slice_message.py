"""A slice on its way through a pipe: its facts as a message, its arrays beside it."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict

from core.arrays import Array
from core.images.slice import Slice, Window


class SliceMessage(BaseModel):
    """All of a slice but its arrays.

    Those follow in the order values, padding, affine; the last two where `padded` and `placed` say so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    modality: str = ""
    unit: str = ""
    windows: tuple[Window, ...] = ()
    inverted: bool = False
    spacing_mm: tuple[float, float] | None = None
    spacing_source: str = ""
    stated_aspect: float | None = None
    notes: tuple[str, ...] = ()
    padded: bool = False
    placed: bool = False

    @classmethod
    def of(cls, image: Slice) -> tuple[Self, list[Array]]:
        """The message and its arrays: values (rows, columns, ...), padding (rows, columns), affine (4, 4)."""
        message = cls(
            modality=image.modality,
            unit=image.unit,
            windows=image.windows,
            inverted=image.inverted,
            spacing_mm=image.spacing_mm,
            spacing_source=image.spacing_source,
            stated_aspect=image.stated_aspect,
            notes=image.notes,
            padded=image.padding is not None,
            placed=image.affine_lps_mm is not None,
        )
        optional = (image.padding, image.affine_lps_mm)
        return message, [image.values, *(array for array in optional if array is not None)]

    def taken_from(self, arrays: Sequence[Array]) -> tuple[Slice, list[Array]]:
        """The slice, and the arrays of any shape that follow its own.

        Raises ValueError if the arrays do not belong to a slice.
        """
        rest = list(arrays)
        if len(rest) < 1 + self.padded + self.placed:
            raise ValueError(f"{len(rest)} arrays are too few for a slice")
        values = rest.pop(0)
        padding = rest.pop(0) if self.padded else None
        affine = rest.pop(0) if self.placed else None
        image = Slice(
            values=values,
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
        )
        return image, rest
