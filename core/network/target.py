"""The target: the scalar that is explained."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Target:
    """The number that is explained: a class's `logit` or `probability`, or the `difference` of two logits.

    index: the class; against: the other class of a difference.
    """

    index: int
    kind: Literal["logit", "probability", "difference"] = "logit"
    against: int | None = None

    def __post_init__(self) -> None:
        if (self.kind == "difference") != (self.against is not None):
            raise ValueError("a difference, and only a difference, names a second class")
