"""How fast the worker is on this machine, by the last map that it made."""

from core.network.cost import Cost

# A run of fewer calls is mostly the tracing of the graph and would mislead.
FEWEST_CALLS = 8


class Pace:
    """seconds_per_call: of the network, forwards and gradients alike; None before there was a map."""

    def __init__(self) -> None:
        self.seconds_per_call: float | None = None

    def measure(self, seconds: float, calls: int) -> None:
        """Take in a run."""
        if calls >= FEWEST_CALLS:
            self.seconds_per_call = seconds / calls

    def seconds_of(self, cost: Cost) -> float | None:
        """What so many calls are expected to take; None while the pace is not known."""
        calls = cost.forwards + cost.gradients
        if calls == 0:
            return 0.0
        return None if self.seconds_per_call is None else calls * self.seconds_per_call
