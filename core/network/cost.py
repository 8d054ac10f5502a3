"""What a run costs, in evaluations of the network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """Network calls that a run takes: forward passes, gradients, and how many are serial.

    at_most: the run may stop earlier.
    """

    forwards: int = 0
    gradients: int = 0
    serial: int = 0
    at_most: bool = False

    @property
    def calls(self) -> int:
        """Forward passes and gradients."""
        return self.forwards + self.gradients

    def plus(self, other: "Cost") -> "Cost":
        """The cost of both."""
        return Cost(
            self.forwards + other.forwards,
            self.gradients + other.gradients,
            self.serial + other.serial,
            self.at_most or other.at_most,
        )

    def times(self, count: int) -> "Cost":
        """The cost of `count` such runs."""
        return Cost(self.forwards * count, self.gradients * count, self.serial * count, self.at_most)

    def since(self, earlier: "Cost") -> "Cost":
        """What was spent after `earlier`."""
        return self.plus(earlier.times(-1))
