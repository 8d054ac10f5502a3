"""What a scan of many slices says of each of them."""

from pydantic import Field

from core.values import FrozenRecord


class ScannedSlice(FrozenRecord):
    """One slice of a scan.

    probabilities: by class name, calibrated if the card has a temperature; empty where the network gets
    nothing to see, as in the first and last slices of many volumes, or values that are not finite.
    fits: whether it is of the kind that the model was made for, as far as that can be checked.
    """

    probabilities: dict[str, float] = Field({})
    fits: bool = True
