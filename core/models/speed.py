"""Measures the speed of a model on this machine."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from core.arrays import FloatArray
from core.network.run import Run
from core.network.speed import CallSpeed, Speed
from core.network.target import LogitTarget

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

# Calls of each kind and size that are timed after the first.
REPEATS = 3
CALLS_A_KIND = 1 + 2 * REPEATS


def measure_speed(model: "ModelHandle", x: FloatArray, run: Run) -> Speed:
    """Times forward passes and gradients of one input x (*grid, channels), alone and in a full batch.

    Raises Cancelled before the next call.
    """
    steps = _Steps(run, 2 * CALLS_A_KIND)
    forward, gradient = _forward_speed(model, x, steps), _gradient_speed(model, x, steps)
    run.progress(steps.total, steps.total)
    return Speed(forward=forward, gradient=gradient, batch=model.best_batch)


def forward_speed(model: "ModelHandle", x: FloatArray) -> CallSpeed:
    """Times forward passes of one input x (*grid, channels), alone and in a full batch."""
    return _forward_speed(model, x, _Steps(Run(), CALLS_A_KIND))


def gradient_speed(model: "ModelHandle", x: FloatArray) -> CallSpeed:
    """The same for gradients of a logit."""
    return _gradient_speed(model, x, _Steps(Run(), CALLS_A_KIND))


class _Steps:
    """Counts timed calls for the progress of a run."""

    def __init__(self, run: Run, total: int) -> None:
        self._run, self.total, self._done = run, total, 0

    def seconds_of(self, call: Callable[[], object]) -> float:
        self._run.progress(self._done, self.total)
        self._done += 1
        started = time.perf_counter()
        call()
        return time.perf_counter() - started


def _forward_speed(model: "ModelHandle", x: FloatArray, steps: _Steps) -> CallSpeed:
    return _call_speed(model, x, steps, model.functions.function("forward"), model.logits)


def _gradient_speed(model: "ModelHandle", x: FloatArray, steps: _Steps) -> CallSpeed:
    target = LogitTarget(0)
    function = model.functions.function("gradients", target.scale)
    return _call_speed(model, x, steps, function, lambda inputs: model.gradients(inputs, target))


def _call_speed(
    model: "ModelHandle",
    x: FloatArray,
    steps: _Steps,
    function: Any,
    call: Callable[[FloatArray], object],
) -> CallSpeed:
    """The fastest of several calls of each size: what else the machine does can only make them slower.

    The warm-up is that of the function's first call in this process, which may have been made before.
    """
    batch = np.repeat(x[None], model.best_batch, axis=0)
    steps.seconds_of(lambda: call(batch))
    full = min(steps.seconds_of(lambda: call(batch)) for _ in range(REPEATS))
    alone = min(steps.seconds_of(lambda: call(batch[:1])) for _ in range(REPEATS))
    speed = CallSpeed(alone=alone, full=full, warm_up=0.0)
    first = model.functions.first_calls[function]
    warm_up = first.seconds - speed.seconds_of(first.inputs, len(batch))
    return speed.model_copy(update={"warm_up": max(0.0, warm_up)})
