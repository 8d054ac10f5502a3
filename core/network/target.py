"""The target: the scalar that is explained, one for each input."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, final

import numpy as np

from core.arrays import Array

TargetKind = Literal["logit", "probability", "difference"]
OutputScale = Literal["logit", "probability"]


@dataclass(frozen=True, slots=True)
class Target(ABC):
    """A number made from a network's output. index: the class that it is about.

    kind: its name in documents. scale: whether `score` takes the network's logits or its probabilities.
    """

    index: int
    kind: ClassVar[TargetKind]
    scale: ClassVar[OutputScale] = "logit"

    @property
    def classes(self) -> tuple[int, ...]:
        """The classes that the target names, the explained one first."""
        return (self.index,)

    @abstractmethod
    def score(self, output: Array) -> Array:
        """(n,) the target of each input. output: (n, ..., classes) logits or probabilities, by `scale`."""


@dataclass(frozen=True, slots=True)
class ClassTarget(Target):
    """A score of a classifier, whose output is (n, classes): a weighted sum over the classes."""

    def class_weights(self, class_count: int) -> Array:
        """(class_count,) float32, by which `score` weighs the classes."""
        weights = np.zeros(class_count, np.float32)
        weights[self.index] = 1.0
        return weights

    def score(self, output: Array) -> Array:
        """(n,) from (n, classes)."""
        return output @ self.class_weights(output.shape[-1])


@final
@dataclass(frozen=True, slots=True)
class LogitTarget(ClassTarget):
    """The logit of a class."""

    kind: ClassVar[TargetKind] = "logit"


@final
@dataclass(frozen=True, slots=True)
class ProbabilityTarget(ClassTarget):
    """The probability of a class, calibrated if the model is."""

    kind: ClassVar[TargetKind] = "probability"
    scale: ClassVar[OutputScale] = "probability"


@final
@dataclass(frozen=True, slots=True)
class DifferenceTarget(ClassTarget):
    """The logit of a class minus that of another. against: the other class."""

    against: int
    kind: ClassVar[TargetKind] = "difference"

    @property
    def classes(self) -> tuple[int, ...]:
        """The class and the other class."""
        return (self.index, self.against)

    def class_weights(self, class_count: int) -> Array:
        """(class_count,) float32: 1 for the class, -1 for the other."""
        weights = np.zeros(class_count, np.float32)
        weights[self.index] += 1.0
        weights[self.against] -= 1.0
        return weights


def class_target(kind: TargetKind, index: int, against: int | None = None) -> ClassTarget:
    """The target of a kind. Raises ValueError unless a difference, and only that, names a second class."""
    if (kind == "difference") != (against is not None):
        raise ValueError("a difference, and only a difference, names a second class")
    if against is not None:
        return DifferenceTarget(index, against)
    return LogitTarget(index) if kind == "logit" else ProbabilityTarget(index)
