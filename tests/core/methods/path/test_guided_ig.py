"""Guided IG against the totals that its path must give, and several paths walked in step."""

import numpy as np
import pytest

from core.errors import BadMap
from core.methods.path.guided_ig import GuidedIg, GuidedIgParams, Walk, walked_in_step
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget
from tests.core.methods.analytic import Analytic, cubic, linear
from tests.core.methods.maps import map_of

METHOD = GuidedIg()
PAIR = np.array([[[3.0], [3.0]]], np.float32)


def quadratic(first: float, second: float) -> Analytic:
    """score = first x1² + second x2² of a 1 x 2 image."""
    factors = np.array([first, second])[None, :, None]
    return Analytic(lambda x: (factors * x**2).sum(axis=(1, 2, 3)), lambda x: 2 * factors * x, (1, 2, 1))


def squared_sum() -> Analytic:
    """score = (2 x1 + x2)²: 81 at (3, 3); how it is divided between the two depends on the path."""
    factors = np.array([2.0, 1.0])[None, :, None]

    def slope(x):
        return 2 * (x * factors).sum(axis=(1, 2, 3))[:, None, None, None] * factors

    return Analytic(lambda x: (x * factors).sum(axis=(1, 2, 3)) ** 2, slope, (1, 2, 1))


def walked(network, x, start, **params):
    """The attribution from any baseline."""
    settings = GuidedIgParams(**{"steps": 1000, **params})
    return walked_in_step(network, x[None], start[None], [LogitTarget(0)], settings, Run())[0]


@pytest.mark.parametrize("value", [0.0, 0.7])
def test_that_a_linear_score_gives_weight_times_distance(generator, value):
    weights = generator.normal(size=(4, 5, 2))
    x = generator.random((4, 5, 2))
    result = walked(linear(weights), x, np.full(x.shape, value), steps=30)
    np.testing.assert_allclose(result, weights * (x - value), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("params", [{}, {"fraction": 1.0}, {"max_distance": 1.0}, {"fraction": 0.1}])
def test_that_independent_features_get_their_own_rise_on_any_path(params):
    result = walked(quadratic(2, 1), PAIR, np.zeros_like(PAIR), **params)
    np.testing.assert_allclose(result[0, :, 0], [18, 9], rtol=0.01)


def test_that_a_path_downwards_gives_the_fall():
    result = walked(quadratic(2, 1), np.zeros_like(PAIR), PAIR)
    np.testing.assert_allclose(result[0, :, 0], [-18, -9], rtol=0.01)


@pytest.mark.parametrize("params", [{"max_distance": 0.0}, {"fraction": 1.0}])
def test_that_without_freedom_the_path_is_that_of_integrated_gradients(params):
    result = walked(squared_sum(), PAIR, np.zeros_like(PAIR), **params)
    np.testing.assert_allclose(result[0, :, 0], [54, 27], rtol=0.01)


def test_that_with_all_freedom_the_flatter_feature_goes_first():
    result = walked(squared_sum(), PAIR, np.zeros_like(PAIR), fraction=0.1, max_distance=1.0)
    np.testing.assert_allclose(result[0, :, 0], [72, 9], rtol=0.01)


def test_that_a_band_gives_what_lies_between():
    result = walked(squared_sum(), PAIR, np.zeros_like(PAIR), fraction=0.1, max_distance=0.2)[0, :, 0]
    assert result.sum() == pytest.approx(81, rel=0.01)
    assert 54 < result[0] < 72
    assert 9 < result[1] < 27


def test_that_each_step_goes_its_share_of_the_way_and_stays_in_its_band(generator):
    x, start = generator.random((2, 6, 7, 1))
    walk = Walk(x, start, GuidedIgParams(fraction=0.2, max_distance=0.1))
    length = np.abs(x - start).sum()
    for step in range(1, 21):
        walk.advance(step / 20, generator.normal(size=x.shape))
        assert np.abs(x - walk.point()).sum() == pytest.approx(length * (1 - step / 20), abs=1e-7)
        share_walked = (walk.point() - start) / (x - start)
        assert share_walked.min() > step / 20 - 0.1 - 1e-9
        assert share_walked.max() < step / 20 + 0.1 + 1e-9
    np.testing.assert_allclose(walk.point(), x, atol=1e-9)


def test_that_an_image_equal_to_its_baseline_gets_zeros():
    flat = np.full((3, 3, 1), 0.5, np.float32)
    result = map_of(METHOD, cubic(flat.shape), flat, LogitTarget(0), GuidedIgParams(steps=5))
    assert not result.values.any()
    assert result.diagnostics["completeness_error"] == 0


def test_that_a_nan_gradient_is_an_error_that_names_its_step():
    def slope(x):
        return np.where(x > 0.5, np.nan, 1.0)

    broken = Analytic(lambda x: x.sum(axis=(1, 2, 3)), slope, (1, 2, 1))
    x = np.array([[[0.0], [1.0]]], np.float32)
    with pytest.raises(BadMap, match="step 7 of 10"):
        map_of(METHOD, broken, x, LogitTarget(0), GuidedIgParams(steps=10))


def test_that_maps_of_several_images_and_targets_in_step_equal_those_alone(generator):
    images = generator.random((3, 4, 5, 1), dtype=np.float32)
    targets = [LogitTarget(0), LogitTarget(1), DifferenceTarget(0, 1)]
    params = GuidedIgParams(steps=12, fraction=0.3, max_distance=0.2)
    network = cubic((4, 5, 1))
    inputs = [MethodInput(image, target) for image, target in zip(images, targets, strict=True)]
    together = METHOD.run(network, inputs, params, Run())
    assert network.gradient_calls == [3] * 12
    for image, target, result in zip(images, targets, together, strict=True):
        separate = map_of(METHOD, cubic((4, 5, 1)), image, target, params)
        np.testing.assert_array_equal(result.values, separate.values)
        assert result.diagnostics == pytest.approx(separate.diagnostics, rel=1e-9)


def test_that_each_step_asks_for_one_gradient():
    network = cubic((2, 2, 1))
    x = np.arange(4, dtype=np.float32).reshape(2, 2, 1)
    map_of(METHOD, network, x, LogitTarget(0), GuidedIgParams(steps=9))
    assert network.gradient_calls == [1] * 9
