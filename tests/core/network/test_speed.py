"""What runs are expected to take, from the speed of single calls."""

import pytest

from core.network.cost import Cost
from core.network.speed import CallSpeed, Speed

# A batch of one takes 1 s, of eight 4.5 s: each further input adds 0.5 s.
FORWARD = CallSpeed(alone=1.0, full=4.5, warm_up=3.0)
GRADIENT = CallSpeed(alone=2.0, full=9.0, warm_up=7.0)
SPEED = Speed(forward=FORWARD, gradient=GRADIENT, batch=8)


@pytest.mark.parametrize(
    ("cost", "seconds"),
    [
        (Cost(), 0.0),
        (Cost(forwards=1), 1.0),
        (Cost(forwards=3), 2.0),
        (Cost(forwards=8), 4.5),
        (Cost(forwards=17), 10.0),
        (Cost(gradients=1), 2.0),
        (Cost(forwards=1, gradients=8), 10.0),
    ],
)
def test_that_calls_go_in_full_batches_and_a_rest(cost: Cost, seconds: float) -> None:
    assert SPEED.seconds_of(cost) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("cost", "seconds"),
    [
        # Ten steps of one gradient each: no batch is ever full.
        (Cost(gradients=10, serial=10), 20.0),
        # Ten steps of two: 3 s each.
        (Cost(gradients=20, serial=10), 30.0),
        # Steps of unequal size.
        (Cost(gradients=21, serial=10), 31.0),
        # Ten steps of nine inputs: a full batch and one alone.
        (Cost(gradients=90, serial=10), 110.0),
    ],
)
def test_that_steps_that_wait_for_one_another_share_no_batch(cost: Cost, seconds: float) -> None:
    assert SPEED.seconds_of(cost) == pytest.approx(seconds)


def test_that_a_device_that_takes_one_input_at_a_time_has_no_larger_batch() -> None:
    call = CallSpeed(alone=2.0, full=2.0, warm_up=0.0)
    assert Speed(forward=call, gradient=call, batch=1).seconds_of(Cost(forwards=5)) == 10.0


@pytest.mark.parametrize(
    ("cost", "seconds"),
    [(Cost(), 0.0), (Cost(forwards=5), 3.0), (Cost(gradients=5), 7.0), (Cost(forwards=1, gradients=1), 10.0)],
)
def test_that_the_first_run_pays_for_the_kinds_of_calls_that_it_makes(cost: Cost, seconds: float) -> None:
    assert SPEED.warm_up_of(cost) == seconds
