"""What curves are expected to take on this machine."""

from app.texts import curves as texts
from app.texts.explain import MEASURING_SPEED
from app.window.states.drawn_curves import Protocol, settings_of
from app.window.states.pace import Pace
from core.network.cost import Cost
from core.worker.messages import CurvesDone


class CurveCosts:
    """Costs of curves by their protocol and the number of maps, control maps not counted."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def calls(self, protocol: Protocol, maps: int) -> int:
        """The model calls."""
        return settings_of(protocol).evaluations(maps)

    def seconds(self, protocol: Protocol, maps: int) -> float | None:
        """None while the machine's speed is not known."""
        return self._pace.seconds_of(Cost(forwards=self.calls(protocol, maps)), _work(protocol))

    def words(self, protocol: Protocol, maps: int) -> str:
        """The expected time as a sentence; empty if it will not be known."""
        seconds = self.seconds(protocol, maps)
        if seconds is None:
            return MEASURING_SPEED if self._pace.is_pending else ""
        return texts.expected_time(seconds)

    def learn(self, protocol: Protocol, maps: int, answer: CurvesDone) -> None:
        """Correct what is expected by curves that were drawn."""
        cost = Cost(forwards=self.calls(protocol, maps))
        self._pace.learn(_work(protocol), cost, answer.seconds, answer.warm_up_s)


def _work(protocol: Protocol) -> str:
    """By which the pace knows this kind of work."""
    return f"curves {protocol}"
