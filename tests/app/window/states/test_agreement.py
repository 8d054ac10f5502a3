"""Agreement: which pairs are compared, with what number, and which sentences describe them."""

import numpy as np
import pytest

from app.texts import agreement as texts
from app.window.states.agreement import AgreementState
from app.window.states.comparisons import Likeness, MapLikeness
from app.window.states.maps import MapsState, MapState
from app.window.states.shown import ShownState
from core.images.slice import Slice
from core.methods.signal import Signal
from core.number_text import fixed
from core.results.records import TargetRecord
from tests.app.window.states.steps import KEY, shown_of
from tests.gui.recorded import explained

RISING = np.arange(100, dtype=np.float32).reshape(10, 10)


@pytest.fixture
def maps(qapp) -> MapsState:
    shown_state = ShownState()
    shown_state.show(shown_of(Slice(RISING)))
    return MapsState(shown_state)


@pytest.fixture
def agreement(maps) -> AgreementState:
    return AgreementState(maps)


def add(maps: MapsState, title: str, values: np.ndarray, **changes: object) -> int:
    number = maps.add(KEY, title.lower(), title, TargetRecord(class_name="glioma"))
    record = explained(values, title.lower(), seed=number, **changes).record
    maps.update(KEY, number, state=MapState.DONE, values=values, record=record)
    return number


def settle(qtbot, agreement: AgreementState) -> None:
    qtbot.waitUntil(lambda: not agreement._timer.isActive())


def test_that_one_map_requires_a_second(agreement, maps) -> None:
    add(maps, "A", RISING)
    assert agreement.empty_text == texts.AGREEMENT_NEEDS_MAPS
    add(maps, "B", RISING)
    assert agreement.empty_text == ""


def test_that_rank_correlations_are_those_of_the_orders(qtbot, agreement, maps) -> None:
    first, cubed, turned = add(maps, "A", RISING), add(maps, "B", RISING**3), add(maps, "C", -RISING)
    settle(qtbot, agreement)
    assert agreement.cell(first, cubed).value == pytest.approx(1, abs=1e-12)
    assert agreement.cell(turned, first).value == pytest.approx(-1, abs=1e-12)


def test_that_the_overlap_is_that_of_the_highest_share(qtbot, agreement, maps) -> None:
    # The highest ten of the second are five of the first's highest ten and five of its lowest.
    other = RISING.copy()
    other.ravel()[90:95], other.ravel()[:5] = -1, 200
    first, second = add(maps, "A", RISING), add(maps, "B", other)
    agreement.set_measure(Likeness.OVERLAP)
    settle(qtbot, agreement)
    assert agreement.cell(first, second).value == 0.5
    agreement.set_share(0.05)
    settle(qtbot, agreement)
    # Its highest five are the 200s alone, of which the first's highest five hold none.
    assert agreement.cell(first, second).value == 0.0


def test_that_a_map_without_order_is_undefined_with_its_reason(qtbot, agreement, maps) -> None:
    first, flat = add(maps, "A", RISING), add(maps, "B", np.zeros((10, 10), np.float32))
    settle(qtbot, agreement)
    cell = agreement.cell(first, flat)
    assert cell.value is None
    assert "same everywhere" in cell.reason
    assert agreement.words(first, flat) == f"A and B cannot be compared: {cell.reason}"


def test_that_a_map_of_rounding_is_compared_with_nothing(qtbot, agreement, maps) -> None:
    noise = Signal(state="zero_up_to_rounding", sentence="The gradient is zero up to rounding.")
    first, second = add(maps, "A", RISING), add(maps, "B", 1e-9 * RISING, signal=noise)
    settle(qtbot, agreement)
    assert agreement.cell(first, second) == MapLikeness(reason="The gradient is zero up to rounding.")
    assert agreement.words(first, second).endswith("cannot be compared: The gradient is zero up to rounding.")


def test_that_disagreement_is_reported_and_the_least_similar_maps_are_named(qtbot, agreement, maps) -> None:
    first, second = add(maps, "A", RISING), add(maps, "B", RISING * 2)
    settle(qtbot, agreement)
    assert agreement.summary == "No two maps disagree; the lowest agreement is between A and B."
    third = add(maps, "C", -RISING)
    settle(qtbot, agreement)
    assert agreement.summary.startswith("2 of 3 pairs of maps disagree, most strongly A and C.")
    assert "A and C contradict each other" in agreement.words(first, third)
    assert "A and B agree (rank correlation 1.00" in agreement.words(first, second)


def test_that_each_turn_of_the_event_loop_ranks_one_map_only(agreement, maps) -> None:
    numbers = [add(maps, name, RISING) for name in "ABC"]
    filled = []
    agreement.cell_changed.connect(lambda *pair: filled.append(pair))
    assert agreement.cell(numbers[0], numbers[1]) == MapLikeness()
    turns = []
    for _ in numbers:
        agreement._rank_next()
        turns.append(len(filled))
    assert turns == [0, 1, 3]


def test_that_maps_of_one_name_are_distinguished_and_a_removed_pair_is_left(qtbot, agreement, maps) -> None:
    first, second = add(maps, "A", RISING), add(maps, "A", -RISING)
    third = add(maps, "B", RISING)
    assert agreement.labels == ("A (1)", "A (2)", "B")
    agreement.choose(first, second)
    assert [entry.number for entry in agreement.pair_entries] == [first, second]
    maps.remove(second)
    assert [entry.number for entry in agreement.pair_entries] == [first, third]


@pytest.mark.parametrize(
    ("value", "share", "apart"),
    [(0.29, None, True), (0.31, None, False), (0.3, 0.2, True), (0.5, 0.2, False)],
)
def test_that_an_overlap_counts_beyond_chance(value: float, share: float | None, apart: bool) -> None:
    assert texts.disagree(value, share) is apart


def test_that_nothing_is_not_below_nothing() -> None:
    assert (fixed(-0.001), fixed(-0.21)) == ("0.00", "−0.21")
