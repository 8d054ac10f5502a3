"""Measuring what calls take: which calls are made, and what of them counts."""

import numpy as np
import pytest

from core.errors import Cancelled
from core.models import speed
from core.models.graphs import FirstCall
from core.network.run import Run

X = np.zeros((4, 4, 1), np.float32)


class Clock:
    """Time that passes in calls alone."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


class Functions:
    """Knows its functions by their kinds alone."""

    def __init__(self) -> None:
        self.first_calls: dict[str, FirstCall] = {}

    def function(self, kind: str, *arguments: str) -> str:
        return kind


class TimedModel:
    """Takes a second for each input of a forward pass, two for a gradient, ten more for the first call.

    delays: seconds that other programs take from calls, by the number of the call.
    """

    best_batch = 4

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.functions = Functions()
        self.calls: list[tuple[str, int]] = []
        self.delays: dict[int, float] = {}

    def logits(self, inputs):
        self._call("forward", len(inputs), 1.0)

    def gradients(self, inputs, target):
        self._call("gradients", len(inputs), 2.0)

    def _call(self, kind: str, size: int, seconds: float) -> None:
        is_first = kind not in {earlier for earlier, _ in self.calls}
        duration = seconds * size + (10.0 if is_first else 0.0) + self.delays.get(len(self.calls), 0.0)
        self.calls.append((kind, size))
        self.functions.first_calls.setdefault(kind, FirstCall(duration, size))
        self._clock.now += duration


@pytest.fixture
def model(monkeypatch) -> TimedModel:
    clock = Clock()
    monkeypatch.setattr(speed, "time", clock)
    return TimedModel(clock)


def test_that_warm_up_is_told_apart_from_the_calls(model) -> None:
    measured = speed.measure_speed(model, X, Run())
    assert (measured.forward.alone, measured.forward.full, measured.forward.warm_up) == (1.0, 4.0, 10.0)
    assert (measured.gradient.alone, measured.gradient.full, measured.gradient.warm_up) == (2.0, 8.0, 10.0)
    assert measured.batch == 4


def test_that_a_graph_traced_before_keeps_the_warm_up_of_its_first_call(model) -> None:
    model.logits(X[None])
    model.gradients(np.repeat(X[None], 3, axis=0), None)
    measured = speed.measure_speed(model, X, Run())
    assert (measured.forward.warm_up, measured.gradient.warm_up) == (10.0, 10.0)


def test_that_what_else_the_machine_does_counts_as_little_as_possible(model) -> None:
    model.delays = {1: 7.0, 2: 3.0, 4: 9.0, 5: 9.0}  # two of three calls of each size
    measured = speed.forward_speed(model, X)
    assert (measured.full, measured.alone) == (4.0, 1.0)


def test_that_it_ends_before_the_next_call_when_it_is_cancelled(model) -> None:
    with pytest.raises(Cancelled):
        speed.measure_speed(model, X, Run(cancelled=lambda: len(model.calls) == 3))
    assert len(model.calls) == 3


def test_that_progress_counts_its_calls(model) -> None:
    progress = []
    speed.measure_speed(model, X, Run(on_progress=lambda done, total: progress.append((done, total))))
    assert progress == [(done, len(model.calls)) for done in range(len(model.calls) + 1)]
