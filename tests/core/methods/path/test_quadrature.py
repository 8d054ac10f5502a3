"""Quadrature rules against integrals that are known."""

import numpy as np
import pytest

from core.methods.path.quadrature import AdaptivePath, integrated_adaptively, quadrature, spread_order

RULES = ("gauss_legendre", "trapezoid", "pair")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("steps", [2, 5, 33])
def test_that_weights_sum_to_one_and_nodes_lie_on_the_path(rule, steps):
    nodes, weights = quadrature(rule, steps)
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert len(nodes) == steps
    assert nodes.min() >= 0
    assert nodes.max() <= 1


@pytest.mark.parametrize(
    ("rule", "steps", "expected"),
    [
        ("gauss_legendre", 2, 1.0),
        ("trapezoid", 5, 1 + 1 / (2 * 4**2)),
        ("pair", 25, 1 + 1 / (2 * 24)),
    ],
)
def test_that_three_alpha_squared_integrates_to_the_rules_own_value(rule, steps, expected):
    nodes, weights = quadrature(rule, steps)
    assert weights @ (3 * nodes**2) == pytest.approx(expected, rel=1e-12)


def test_that_the_saturating_gradient_has_the_values_known_of_each_rule():
    def integral(rule, steps):
        nodes, weights = quadrature(rule, steps)
        return weights @ (40 * np.exp(-40 * nodes))

    assert integral("pair", 25) == pytest.approx(1.97, abs=0.01)
    assert integral("pair", 100) == pytest.approx(1.20, abs=0.01)
    assert integral("gauss_legendre", 25) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("count", [1, 2, 7, 64, 100])
def test_that_the_spread_order_visits_every_node_once(count):
    assert sorted(spread_order(count)) == list(range(count))


def kinked(alphas):
    """Score 10 max(alpha - 0.3, 0) and its slope, as a network with one ReLU has it."""
    slopes = np.where(alphas > 0.3, 10.0, 0.0)
    return 10 * np.maximum(alphas - 0.3, 0), slopes, np.stack([slopes, 2 * slopes], axis=1)


def test_that_halving_closes_in_on_a_kink_and_nowhere_else():
    evaluated_nodes = []

    def evaluate(nodes):
        evaluated_nodes.extend(nodes)
        return kinked(nodes)

    path = integrated_adaptively(evaluate, lambda path: abs(path.error) <= 7e-3 * 0.01, 200)
    # 16 even panels, then the one with the kink is halved again and again; the others are exact.
    assert path.points < 75
    assert np.abs(np.array(evaluated_nodes[17::4]) - 0.3).max() < 1 / 16
    np.testing.assert_allclose(path.integral, [7.0, 14.0], rtol=2e-5)
    assert path.error == pytest.approx(path.integral[0] - 7.0, abs=1e-9)
    assert path.rise == pytest.approx(7.0)


def test_that_the_running_integral_is_the_trapezoid_rule_over_all_its_nodes(generator):
    path = AdaptivePath(4)
    gradient_at = {}
    for _ in range(6):
        nodes = path.next_nodes()
        gradients = generator.normal(size=(len(nodes), 3))
        gradient_at |= dict(zip(nodes, gradients, strict=True))
        path.add(nodes, generator.normal(size=len(nodes)), generator.normal(size=len(nodes)), gradients)
    nodes = sorted(gradient_at)
    expected = np.trapezoid([gradient_at[node] for node in nodes], nodes, axis=0)
    np.testing.assert_allclose(path.integral, expected, atol=1e-12)


@pytest.mark.parametrize("most", [2, 9, 17, 30])
def test_that_no_more_points_are_taken_than_allowed(most):
    path = integrated_adaptively(kinked, lambda path: False, most)
    assert path.points == most
