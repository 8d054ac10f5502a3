"""Seconds side by side: the sides of a comparison take turns, so that noise meets all of them alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds of each side in each round; in a round the sides ran one directly after the other."""

    seconds: Mapping[str, tuple[float, ...]]

    def median(self, side: str) -> float:
        """Median seconds of a side."""
        return median(self.seconds[side])

    def ratio(self, over: str, under: str) -> float:
        """Median over the rounds of `over` / `under` within a round.

        Within, because a load that comes and goes changes both sides of one round, but not of two.
        """
        return median(a / b for a, b in zip(self.seconds[over], self.seconds[under], strict=True))

    @property
    def rounds(self) -> int:
        return len(next(iter(self.seconds.values())))


def seconds_of(call: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def compare(sides: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 1) -> Compared:
    """Seconds of each side over `rounds`, after `warm_up` calls of each that do not count."""
    return compare_timed({name: partial(seconds_of, call) for name, call in sides.items()}, rounds, warm_up)


def compare_timed(sides: Mapping[str, Callable[[], float]], rounds: int, warm_up: int = 1) -> Compared:
    """The same for sides that return their seconds themselves, such as those of a part of their work.

    The sides take turns; every round begins with another one, for the first may find cold caches.
    """
    for _ in range(warm_up):
        for timed in sides.values():
            timed()
    names = list(sides)
    seconds_by_name: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            seconds_by_name[name].append(sides[name]())
    return Compared({name: tuple(seconds) for name, seconds in seconds_by_name.items()})
