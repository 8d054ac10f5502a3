"""Integrated Gradients against closed forms."""

import numpy as np
import pytest

from core.errors import BadParameter, Cancelled
from core.methods.path.integrated_gradients import IntegratedGradients, IntegratedGradientsParams
from core.methods.path.quadrature import quadrature, spread_order
from core.network.parameters import checked_parameters
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget
from tests.core.methods.analytic import cubic, linear, product, saturating
from tests.core.methods.maps import map_of

METHOD = IntegratedGradients()


def explained(network, x, **params):
    return map_of(
        METHOD,
        network,
        x.astype(np.float32),
        LogitTarget(0),
        IntegratedGradientsParams(**({"rule": "gauss_legendre"} | params)),
        Run(),
    )


def test_that_a_linear_score_gives_weight_times_distance_from_the_baseline(generator):
    weights = generator.normal(size=(4, 5, 2))
    x = generator.random((4, 5, 2), dtype=np.float32)
    expected = (weights * (x - x.min())).sum(axis=-1)
    for rule in ("gauss_legendre", "pair"):
        attribution_map = explained(linear(weights), x, steps=7, rule=rule)
        np.testing.assert_allclose(attribution_map.values, expected, atol=1e-6)


def test_that_two_gauss_legendre_nodes_are_exact_for_a_cubic(generator):
    x = generator.random((3, 3, 1), dtype=np.float32)
    x[0, 0] = 0.0
    attribution_map = explained(cubic(x.shape), x, steps=2)
    np.testing.assert_allclose(attribution_map.values, x[..., 0] ** 3, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("steps", [5, 25, 100])
def test_that_pairs_rule_overrates_a_cubic_by_its_known_share(steps):
    x = np.array([[[0.0], [0.5], [1.0]]])
    attribution_map = explained(cubic((1, 3, 1)), x, steps=steps, rule="pair")
    assert attribution_map.values[0, 2] == pytest.approx(1 + 1 / (2 * (steps - 1)), rel=1e-5)
    assert attribution_map.diagnostics["completeness_error"] == pytest.approx(1 / (2 * (steps - 1)), rel=1e-4)


def test_that_a_saturated_score_is_credited_in_full_where_the_plain_gradient_sees_nothing():
    x = np.ones((2, 2, 1)) * np.array([[0.0, 1.0], [1.0, 1.0]])[..., None]
    network = saturating(x.shape, rate=40.0)
    attribution_map = explained(network, x, steps=25)
    assert attribution_map.values.sum() == pytest.approx(1 - np.exp(-30.0), rel=1e-6)
    assert np.abs(network.slope(x[None])).max() < 1e-10


def test_that_a_product_shares_its_score_equally_between_its_features():
    x = np.array([[[3.0], [2.0], [0.0]]])
    np.testing.assert_allclose(explained(product(), x, steps=4).values, [[3.0, 3.0, 0.0]], atol=1e-6)


@pytest.mark.parametrize(("baseline", "value"), [("black", -1.0), ("white", 3.0), ("mean", 0.5)])
def test_that_each_baseline_is_the_value_it_names(baseline, value):
    x = np.array([[[-1.0], [3.0]], [[0.0], [0.0]]])
    attribution_map = explained(linear(np.ones((2, 2, 1))), x, steps=2, baseline=baseline)
    np.testing.assert_allclose(attribution_map.values, x[..., 0] - value, atol=1e-6)


def test_that_a_flipped_target_flips_the_map(generator):
    network = linear(generator.normal(size=(3, 3, 1)))
    x = generator.random((3, 3, 1), dtype=np.float32)
    maps = [
        map_of(
            METHOD,
            network,
            x,
            LogitTarget(i),
            IntegratedGradientsParams(rule="gauss_legendre", steps=4),
            Run(),
        )
        for i in (0, 1)
    ]
    np.testing.assert_allclose(maps[0].values, -maps[1].values, atol=1e-7)
    difference = map_of(
        METHOD,
        network,
        x,
        DifferenceTarget(0, 1),
        IntegratedGradientsParams(rule="gauss_legendre", steps=4),
        Run(),
    )
    np.testing.assert_allclose(difference.values, 2 * maps[0].values, atol=1e-6)


def test_that_the_path_is_walked_in_batches_and_each_point_once():
    network = cubic((2, 2, 1))
    explained(network, np.ones((2, 2, 1)), steps=10)
    assert network.gradient_calls == [4, 4, 2]


def test_that_partial_maps_come_closer_to_the_last_one(generator):
    partials = []
    run = Run(on_partial=partials.append)
    x = generator.random((3, 4, 1), dtype=np.float32)
    last = map_of(
        METHOD,
        cubic(x.shape),
        x,
        LogitTarget(0),
        IntegratedGradientsParams(rule="gauss_legendre", steps=32),
        run,
    )
    errors = [np.abs(partial.values - last.values).max() for partial in partials]
    assert len(errors) == 7
    assert errors[-1] < errors[0]


def test_that_cancel_takes_effect_within_one_batch():
    network = cubic((2, 2, 1))
    run = Run(cancelled=lambda: len(network.gradient_calls) == 2)
    with pytest.raises(Cancelled):
        map_of(
            METHOD,
            network,
            np.ones((2, 2, 1), np.float32),
            LogitTarget(0),
            IntegratedGradientsParams(rule="gauss_legendre", steps=64),
            run,
        )
    assert len(network.gradient_calls) == 2


@pytest.mark.parametrize("count", [1, 2, 7, 64, 100])
def test_that_the_spread_order_visits_every_node_once(count):
    assert sorted(spread_order(count)) == list(range(count))


def test_that_quadrature_weights_sum_to_one():
    for rule in ("gauss_legendre", "pair"):
        assert quadrature(rule, 33)[1].sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("values", [{"steps": -3}, {"steps": "many"}, {"rule": "simpson"}])
def test_that_a_bad_parameter_is_named(values):
    with pytest.raises(BadParameter, match=f"integrated_gradients.{next(iter(values))} cannot be"):
        checked_parameters(METHOD, values)


def test_that_an_unknown_parameter_is_named_with_the_known_ones():
    with pytest.raises(BadParameter) as caught:
        checked_parameters(METHOD, {"step": 3})
    assert "'step'" in caught.value.message
    assert "steps" in caught.value.hint


def test_that_the_adaptive_rule_stops_at_the_wanted_error_with_few_points():
    x = np.ones((2, 2, 1)) * np.array([[0.0, 1.0], [1.0, 1.0]])[..., None]
    network = saturating(x.shape, rate=40.0)
    attribution_map = explained(network, x, rule="adaptive", steps=512, tolerance=0.01)
    used = sum(network.gradient_calls)
    assert attribution_map.diagnostics["completeness_error"] <= 0.01
    assert attribution_map.choices == {"points": str(used)}
    assert attribution_map.diagnostics["rise"] == pytest.approx(1 - np.exp(-30.0), rel=1e-6)
    # What PAIR's rule needs for the same: 30 exp(-30 alpha) is the slope along the path.
    rise = 1 - np.exp(-30.0)
    means = {n: (30 * np.exp(-30 * np.linspace(0, 1, n))).mean() for n in range(2, 3000)}
    pairs = min(n for n, mean in means.items() if abs(mean - rise) <= 0.01 * rise)
    assert used <= pairs / 3


@pytest.mark.parametrize("steps", [2, 10, 40])
def test_that_the_adaptive_rule_takes_no_more_points_than_allowed(steps):
    network = saturating((2, 2, 1), rate=200.0)
    x = np.array([[[0.0], [1.0]], [[1.0], [1.0]]])
    attribution_map = explained(network, x, rule="adaptive", steps=steps, tolerance=0.0001)
    assert sum(network.gradient_calls) == steps
    assert attribution_map.diagnostics["completeness_error"] > 0.0001


def test_that_adaptive_maps_sharpen_and_progress_ends_at_its_total(generator):
    partials, reports = [], []
    run = Run(on_partial=partials.append, on_progress=lambda done, total: reports.append((done, total)))
    x = generator.random((3, 4, 1), dtype=np.float32)
    params = IntegratedGradientsParams(rule="adaptive", steps=256, tolerance=0.001)
    last = map_of(METHOD, saturating(x.shape, 30.0), x, LogitTarget(0), params, run)
    assert len(partials) > 1
    errors = [partial.diagnostics["completeness_error"] for partial in (*partials, last)]
    assert errors[0] > 0.001 >= errors[-1] == errors[-2]
    assert reports == sorted(reports)
    assert reports[-1] == (256, 256)


def test_that_an_integer_image_does_not_wrap_round():
    x = np.array([[[10], [20]]], np.uint8)
    attribution_map = map_of(
        METHOD,
        linear(np.ones((1, 2, 1))),
        x,
        LogitTarget(0),
        IntegratedGradientsParams(baseline="white", steps=4),
        Run(),
    )
    np.testing.assert_allclose(attribution_map.values, [[-10.0, 0.0]], atol=1e-5)
