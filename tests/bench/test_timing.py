"""Timing: sides that take turns, ratios within a round, verdicts at the bound."""

import pytest

from tests.bench.table import Figure, at_least, at_most, line_of
from tests.bench.timing import Compared, compare_timed


def test_that_sides_take_turns_and_every_round_begins_with_another():
    ran = []

    def side(name):
        return lambda: ran.append(name) or float(len(ran))

    timing = compare_timed({name: side(name) for name in "abc"}, rounds=3, warm_up=1)
    assert "".join(ran) == "abc" + "abc" + "bca" + "cab"
    assert timing.seconds == {"a": (4, 9, 11), "b": (5, 7, 12), "c": (6, 8, 10)}
    assert timing.rounds == 3


def test_that_a_ratio_is_taken_within_the_rounds():
    timing = Compared({"ours": (2.0, 60.0, 6.0), "bare": (1.0, 30.0, 3.0)})
    assert timing.ratio("ours", "bare") == 2
    assert timing.median("ours") == 6
    # The ratio of the medians would be 3.
    loaded = Compared({"ours": (2.0, 6.0, 6.0), "bare": (1.0, 2.0, 3.0)})
    assert loaded.ratio("ours", "bare") == 2
    assert loaded.median("ours") / loaded.median("bare") == 3


@pytest.mark.parametrize(
    ("bound", "value", "verdict"),
    [
        (at_most(1.1), 1.1, "holds"),
        (at_most(1.1), 1.101, "DOES NOT HOLD"),
        (at_least(2), 2.0, "holds"),
        (at_least(2), 1.999, "DOES NOT HOLD"),
        (None, 7.0, ""),
    ],
)
def test_that_a_bound_holds_up_to_its_edge(bound, value, verdict):
    figure = Figure("row", "what", value, bound)
    assert figure.verdict == verdict
    assert verdict in line_of(figure)
