"""How far a result that is computed anew is from the saved one."""

import math
from typing import Any

import numpy as np
from pydantic import BaseModel

from core.arrays import Array
from core.values import FrozenRecord


class Difference(FrozenRecord):
    """largest: the largest absolute difference of two figures. others: whether anything else differs.

    Something else is a word, or a figure that only one of the two has.
    """

    largest: float = 0.0
    others: bool = False

    @property
    def is_none(self) -> bool:
        """Whether both are the same to the bit."""
        return self.largest == 0.0 and not self.others

    def with_(self, other: "Difference") -> "Difference":
        """Of two parts together."""
        return Difference(largest=max(self.largest, other.largest), others=self.others or other.others)


SAME, ANOTHER = Difference(), Difference(others=True)


def array_difference(saved: Array, again: Array) -> Difference:
    """Of two arrays of any shape."""
    if saved.shape != again.shape or saved.dtype != again.dtype:
        return ANOTHER
    if np.array_equal(saved, again):
        return SAME
    return Difference(largest=float(np.abs(saved.astype(np.float64) - again).max()))


def record_difference(
    saved: BaseModel, again: BaseModel, without: frozenset[str] = frozenset()
) -> Difference:
    """Of two records of one kind, field by field. without: fields that may differ."""
    return _difference(
        saved.model_dump(mode="python", exclude=set(without)),
        again.model_dump(mode="python", exclude=set(without)),
    )


def _difference(saved: Any, again: Any) -> Difference:
    if _is_figure(saved) and _is_figure(again):
        return _figures(float(saved), float(again))
    if isinstance(saved, dict) and isinstance(again, dict) and saved.keys() == again.keys():
        return _together([_difference(saved[key], again[key]) for key in saved])
    are_lists = isinstance(saved, (list, tuple)) and isinstance(again, (list, tuple))
    if are_lists and len(saved) == len(again):
        return _together([_difference(a, b) for a, b in zip(saved, again, strict=True)])
    return SAME if saved == again else ANOTHER


def _is_figure(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _figures(saved: float, again: float) -> Difference:
    if saved == again or (math.isnan(saved) and math.isnan(again)):
        return SAME
    distance = abs(saved - again)
    return Difference(largest=distance) if math.isfinite(distance) else ANOTHER


def _together(parts: list[Difference]) -> Difference:
    whole = SAME
    for part in parts:
        whole = whole.with_(part)
    return whole
