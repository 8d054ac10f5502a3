"""How fast a network answers on one machine, and what runs are expected to take there."""

from pydantic import Field

from core.network.cost import Cost
from core.values import FrozenRecord


class CallSpeed(FrozenRecord):
    """Seconds of one kind of call.

    A batch takes time in a straight line from one input to the full batch.
    """

    alone: float = Field(gt=0, description="seconds of a call with one input")
    full: float = Field(gt=0, description="seconds of a call with a full batch")
    warm_up: float = Field(
        ge=0, description="seconds by which the first call takes longer, as its graph is traced"
    )

    def seconds_of(self, inputs: int, batch: int) -> float:
        """Seconds of so many inputs in batches of at most `batch`, without the first call's warm-up."""
        full_batches, rest = divmod(inputs, batch)
        return full_batches * self.full + (self._seconds_of_batch(rest, batch) if rest else 0.0)

    def _seconds_of_batch(self, size: int, batch: int) -> float:
        if batch == 1:
            return self.alone
        return self.alone + (size - 1) / (batch - 1) * (self.full - self.alone)


class Speed(FrozenRecord):
    """What the calls of one network take on one machine. batch: inputs of a full batch."""

    forward: CallSpeed
    gradient: CallSpeed
    batch: int = Field(ge=1)

    def seconds_of(self, cost: Cost) -> float:
        """Expected seconds of a run, without warm-up. Serial calls are batches that wait for one another."""
        seconds = self.forward.seconds_of(cost.forwards, self.batch)
        if cost.serial == 0:
            return seconds + self.gradient.seconds_of(cost.gradients, self.batch)
        inputs, more = divmod(cost.gradients, cost.serial)
        return (
            seconds
            + (cost.serial - more) * self.gradient.seconds_of(inputs, self.batch)
            + more * self.gradient.seconds_of(inputs + 1, self.batch)
        )

    def warm_up_of(self, cost: Cost) -> float:
        """Seconds by which the first such run takes longer."""
        forward = self.forward.warm_up if cost.forwards else 0.0
        return forward + (self.gradient.warm_up if cost.gradients else 0.0)
