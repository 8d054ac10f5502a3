"""Measures the speed of a model on this machine."""

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from core.arrays import FloatArray
from core.network.run import Run
from core.network.speed import CallSpeed, Speed
from core.network.target import LogitTarget

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

# Calls of each kind and size that are timed after the first.
REPEATS = 3


def measure_speed(model: "ModelHandle", x: FloatArray, run: Run) -> Speed:
    """Times forward passes and gradients of one input x (*grid, channels), alone and in a full batch.

    The first call of each kind, in which its graph is traced, is the warm-up. Raises Cancelled before
    the next call.
    """
    total = 2 * (1 + 2 * REPEATS)
    done = 0

    def seconds_of(call: Callable[[], object]) -> float:
        nonlocal done
        run.progress(done, total)
        done += 1
        started = time.perf_counter()
        call()
        return time.perf_counter() - started

    def call_speed(call: Callable[[FloatArray], object]) -> CallSpeed:
        first = seconds_of(lambda: call(batch))
        full = median(seconds_of(lambda: call(batch)) for _ in range(REPEATS))
        alone = median(seconds_of(lambda: call(batch[:1])) for _ in range(REPEATS))
        return CallSpeed(alone=alone, full=full, warm_up=max(0.0, first - full))

    batch = np.repeat(x[None], model.best_batch, axis=0)
    target = LogitTarget(0)
    forward = call_speed(model.logits)
    gradient = call_speed(lambda inputs: model.gradients(inputs, target))
    run.progress(total, total)
    return Speed(forward=forward, gradient=gradient, batch=len(batch))
