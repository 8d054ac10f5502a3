"""Targets: the scalar that is made from a network's output."""

import numpy as np
import pytest

from core.network.target import (
    ClassTarget,
    DifferenceTarget,
    LogitTarget,
    ProbabilityTarget,
    class_target,
)

OUTPUT = np.array([[1.0, 2.0, 5.0], [0.5, -1.0, 4.0]])


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (LogitTarget(1), [2.0, -1.0]),
        (ProbabilityTarget(2), [5.0, 4.0]),
        (DifferenceTarget(2, 0), [4.0, 3.5]),
        (DifferenceTarget(1, 1), [0.0, 0.0]),
    ],
)
def test_that_a_target_gives_one_score_for_each_input(target, expected):
    np.testing.assert_array_equal(target.score(OUTPUT), expected)


def test_that_only_a_probability_is_made_from_probabilities():
    targets = (LogitTarget(0), ProbabilityTarget(0), DifferenceTarget(0, 1))
    assert [target.scale for target in targets] == ["logit", "probability", "logit"]
    assert [target.classes for target in targets] == [(0,), (0,), (0, 1)]


def test_that_targets_of_another_kind_or_class_differ():
    targets = {LogitTarget(0), LogitTarget(1), ProbabilityTarget(0), DifferenceTarget(0, 1), LogitTarget(0)}
    assert len(targets) == 4


@pytest.mark.parametrize("target", [LogitTarget(3), ProbabilityTarget(3), DifferenceTarget(3, 1)])
def test_that_the_kind_and_the_classes_make_the_target_again(target):
    assert class_target(target.kind, *target.classes) == target


@pytest.mark.parametrize(("kind", "against"), [("difference", None), ("logit", 1), ("probability", 1)])
def test_that_a_difference_and_only_a_difference_names_a_second_class(kind, against):
    with pytest.raises(ValueError, match="second class"):
        class_target(kind, 0, against)


def test_that_a_target_without_a_score_cannot_be_made():
    assert ClassTarget.__abstractmethods__ == frozenset()
    with pytest.raises(TypeError, match="score"):
        ClassTarget.__base__(0)
