"""The order of steps, what a step belongs to, and what is let go of."""

from functools import partial

import pytest

from app.window.states.case_list import Case
from app.window.states.position import SlicePosition
from app.window.states.shown import Shown, ShownState
from app.window.states.undo import LONGEST, UndoStack
from tests.app.window.states.steps import CASE

OTHER = Case(CASE.number + 1, "", CASE.path)


@pytest.fixture
def shown(qapp) -> ShownState:
    shown = ShownState()
    shown.show(Shown(CASE, digest="first"))
    return shown


@pytest.fixture
def stack(shown) -> UndoStack:
    return UndoStack(shown)


@pytest.fixture
def calls() -> list[str]:
    return []


def step(stack: UndoStack, calls: list[str], name: str, **where: object) -> None:
    stack.push(name, partial(calls.append, f"undo {name}"), partial(calls.append, f"redo {name}"), **where)


def test_that_the_latest_step_is_undone_first_and_redone_last(stack, calls) -> None:
    for name in ("a", "b"):
        step(stack, calls, name)
    assert stack.labels == ("b", "")
    stack.undo()
    assert stack.labels == ("a", "b")
    stack.undo()
    assert (stack.can_undo, stack.can_redo, stack.labels) == (False, True, ("", "a"))
    stack.redo()
    stack.redo()
    assert calls == ["undo b", "undo a", "redo a", "redo b"]
    assert (stack.can_undo, stack.can_redo) == (True, False)


def test_that_a_new_step_leaves_nothing_to_redo(stack, calls) -> None:
    step(stack, calls, "a")
    stack.undo()
    step(stack, calls, "b")
    stack.redo()
    assert (calls, stack.can_redo) == (["undo a"], False)


def test_that_what_changes_while_a_step_is_undone_is_no_step(stack, calls) -> None:
    stack.push("a", partial(step, stack, calls, "inner"), lambda: None)
    stack.undo()
    assert (stack.can_undo, stack.labels) == (False, ("", "a"))


def test_that_steps_of_one_series_are_undone_together_unless_another_came_between(stack, calls) -> None:
    step(stack, calls, "first", series="zoom")
    step(stack, calls, "second", series="zoom")
    stack.undo()
    stack.redo()
    assert calls == ["undo first", "redo second"]
    step(stack, calls, "between")
    step(stack, calls, "third", series="zoom")
    calls.clear()
    for _ in range(3):
        stack.undo()
    assert calls == ["undo third", "undo between", "undo first"]


def test_that_the_oldest_steps_are_let_go_of(stack, calls) -> None:
    for number in range(LONGEST + 2):
        step(stack, calls, str(number))
    while stack.can_undo:
        stack.undo()
    assert (len(calls), calls[-1]) == (LONGEST, "undo 2")


def test_that_a_step_of_another_slice_or_case_waits_until_that_is_shown(stack, shown, calls) -> None:
    step(stack, calls, "anywhere")
    step(stack, calls, "case", case=CASE.number)
    step(stack, calls, "slice", slice_key=shown.current.slice_key)
    shown.show(Shown(CASE, SlicePosition(0, 1), digest="second"))
    assert stack.labels[0] == "case"
    shown.show(Shown(OTHER, digest="other"))
    assert stack.labels[0] == "anywhere"
    stack.undo()
    shown.show(Shown(CASE, digest="first"))
    stack.undo()
    assert (calls, stack.labels) == (["undo anywhere", "undo slice"], ("case", "slice"))


def test_that_closed_cases_take_their_steps_with_them(stack, shown, calls) -> None:
    step(stack, calls, "anywhere")
    step(stack, calls, "case", case=CASE.number)
    step(stack, calls, "slice", slice_key=shown.current.slice_key)
    stack.undo()
    stack.forget([CASE.number], [CASE.group])
    assert stack.labels == ("anywhere", "")


def test_that_steps_of_a_dropped_source_are_let_go_of_by_identity(stack, calls) -> None:
    first, equal = [1], [1]
    step(stack, calls, "first", sources=(first,))
    step(stack, calls, "equal", sources=(first, equal))
    stack.drop([equal])
    assert stack.labels == ("first", "")
