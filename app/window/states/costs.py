"""What methods are expected to take on this machine, in words, with the number of model calls as a detail."""

from collections.abc import Callable, Iterable

from app.texts import explain as texts
from app.window.states.network_facts import cost_of
from app.window.states.pace import Pace
from core.errors import BadParameter
from core.methods.contract import Method
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters


class MethodCosts:
    """Costs of methods for the network of the shown image.

    facts: None before it has predicted. params: of a method; raises BadParameter.
    """

    def __init__(
        self, pace: Pace, facts: NetworkFacts | None, params: Callable[[Method], Parameters]
    ) -> None:
        self._pace, self._facts, self._params = pace, facts, params

    def calls(self, method: Method) -> Cost | None:
        """The model calls; None where the method cannot be used, or the network is not known yet."""
        try:
            return cost_of(method, self._params(method), self._facts)
        except BadParameter:
            return None  # said in the form

    def short(self, method: Method) -> str:
        """For a narrow list: '18 s'."""
        cost = self.calls(method)
        return (
            ""
            if cost is None
            else texts.short_time(self._seconds(method, cost), self._is_limit(method, cost))
        )

    def details(self, method: Method) -> str:
        """The time in words, with the model calls behind it."""
        cost = self.calls(method)
        if cost is None:
            return ""
        seconds, speed = self._seconds(method, cost), self._pace.speed
        time = texts.MEASURING_SPEED if seconds is None and self._pace.is_pending else ""
        if seconds is not None and cost.calls:
            time = texts.expected_time(seconds, self._is_limit(method, cost))
        first = texts.first_run(speed.warm_up_of(cost)) if speed is not None else ""
        return texts.cost_details(time, cost, first)

    def total(self, methods: Iterable[Method]) -> str:
        """What all of them take together, in a sentence."""
        seconds, is_limit = self._sum(methods)
        if seconds is None:
            return texts.MEASURING_SPEED if self._pace.is_pending else ""
        return "" if is_limit is None else texts.expected_time(seconds, is_limit)

    def short_total(self, methods: Iterable[Method]) -> str:
        """What all of them take together, for a button: '18 s'; empty while the speed is not known."""
        seconds, is_limit = self._sum(methods)
        return "" if seconds is None or is_limit is None else texts.short_time(seconds, is_limit)

    def _sum(self, methods: Iterable[Method]) -> tuple[float | None, bool | None]:
        """Seconds, None while the speed is unknown, and whether they are a limit, None without a cost."""
        costs = [(method, cost) for method in methods if (cost := self.calls(method)) is not None]
        if not costs:
            return 0.0, None
        known = [each for each in (self._seconds(*pair) for pair in costs) if each is not None]
        total = sum(known) if len(known) == len(costs) else None
        return total, any(self._is_limit(*pair) for pair in costs)

    def _is_limit(self, method: Method, cost: Cost) -> bool:
        """Whether it is only known what it takes at most: real runs tell when it stops."""
        return cost.at_most and not self._pace.has_learned(method.name)

    def _seconds(self, method: Method, cost: Cost) -> float | None:
        return self._pace.seconds_of(cost, method.name)
