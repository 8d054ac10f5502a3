"""What a scan of many slices says of each of them."""

from pydantic import Field

from core.values import FrozenRecord


class ScannedSlice(FrozenRecord):
    """One slice of a scan.

    probabilities: by class name, calibrated if the card has a temperature; empty where the slice holds
    values that are not finite, so that the network cannot use it. fits: whether it is of the kind that the
    model was made for, as far as that can be checked; an empty slice at the end of a volume is not.
    """

    probabilities: dict[str, float] = Field({})
    fits: bool = True
