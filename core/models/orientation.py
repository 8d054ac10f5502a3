"""The planes in which a model's training images lie, and the side of the patient at their top and left."""

from typing import Self

from pydantic import model_validator

from core.images.orientation import AnatomicalPlane, Side, axis_of, normal_axis
from core.values import FrozenRecord

_SIDES: dict[Side, str] = {
    "R": "the patient's right",
    "L": "the patient's left",
    "A": "anterior",
    "P": "posterior",
    "F": "the feet",
    "H": "the head",
}


class PlaneOrientation(FrozenRecord):
    """One plane of a model's training images. top, left: the side of the patient at these edges."""

    plane: AnatomicalPlane
    top: Side
    left: Side

    @model_validator(mode="after")
    def _lies_in_its_plane(self) -> Self:
        axes = {axis_of(self.top), axis_of(self.left), normal_axis(self.plane)}
        if len(axes) < 3:
            raise ValueError(f"{self.top} and {self.left} are not two edges of a {self.plane} slice")
        return self


def orientation_words(orientation: PlaneOrientation) -> str:
    """Such as `anterior at the top and the patient's right on the left`."""
    return f"{_SIDES[orientation.top]} at the top and {_SIDES[orientation.left]} on the left"
