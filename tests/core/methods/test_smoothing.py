"""Smoothing: one wrapper for every method, against moments by hand."""

import numpy as np
import pytest

from core.errors import Cancelled
from core.methods import method_named
from core.methods.activation.grad_cam import GradCam, GradCamParams
from core.methods.contract import Family
from core.methods.smoothing import Moments, SmoothedMethod, SmoothingParams
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import cubic, linear
from tests.core.methods.maps import map_of
from tests.core.methods.test_methods import OneLayer

SHAPE = (4, 5, 1)
SMOOTHED_PATHS = ("smooth_ig", "smooth_guided_ig", "smooth_blur_ig")


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


def explained(name, network, x, seed=5, **params):
    method = method_named(name)
    return map_of(
        method,
        network,
        x,
        LogitTarget(0),
        method.Params(**params),
        Run(generator=np.random.default_rng(seed)),
    )


def noise_of(seed, deviation, count, shape):
    """The wrapper's noise: the first child of the run's generator."""
    child = np.random.default_rng(seed).spawn(2)[0]
    return child.normal(0.0, deviation, size=(count, *shape))


def test_that_smooth_grad_of_a_linear_score_is_its_weights(generator, x):
    weights = generator.normal(size=SHAPE)
    attribution_map = explained("smooth_grad", linear(weights), x)
    np.testing.assert_allclose(attribution_map.values, weights[..., 0], rtol=1e-6)
    assert attribution_map.diagnostics["standard_error"] == pytest.approx(0.0, abs=1e-12)


def test_that_var_grad_of_a_linear_score_is_zero(generator, x):
    attribution_map = explained("var_grad", linear(generator.normal(size=SHAPE)), x)
    assert not attribution_map.values.any()
    assert not attribution_map.signed


@pytest.mark.parametrize("batch", [1, 4, 64])
def test_that_mean_square_and_variance_are_those_of_the_gradients_whatever_the_batch(x, batch):
    network = cubic(SHAPE)
    network.best_batch = batch
    noisy = (x + noise_of(5, 0.3 * np.ptp(x), 10, SHAPE)).astype(np.float32).astype(np.float64)
    gradients = 3 * noisy[..., 0] ** 2
    params = {"samples": 10, "noise": 0.3}
    mean = explained("smooth_grad", network, x, **params)
    np.testing.assert_allclose(mean.values, gradients.mean(axis=0), rtol=1e-5)
    square = explained("smooth_grad", network, x, squared=True, **params)
    np.testing.assert_allclose(square.values, (gradients**2).mean(axis=0), rtol=1e-5)
    assert mean.signed
    assert not square.signed
    variance = explained("var_grad", network, x, **params)
    np.testing.assert_allclose(variance.values, gradients.var(axis=0, ddof=1), rtol=1e-5)
    error = np.sqrt((gradients.var(axis=0, ddof=1) / 10).mean() / (gradients.mean(axis=0) ** 2).mean())
    assert mean.diagnostics["standard_error"] == pytest.approx(error, rel=1e-5)


def test_that_the_mean_keeps_the_sign_and_its_square_does_not(x):
    network = linear(np.full(SHAPE, -2.0))
    np.testing.assert_allclose(explained("smooth_grad", network, x).values, -2.0)
    np.testing.assert_allclose(explained("smooth_grad", network, x, squared=True).values, 4.0)


def test_that_the_noise_is_a_share_of_the_images_range(generator):
    x = 10 * generator.random((40, 40, 1), dtype=np.float32)
    network = cubic(x.shape)
    noise_batches = []
    plain = network.slope
    network.slope = lambda points: noise_batches.append(points - x) or plain(points)
    explained("smooth_grad", network, x, samples=8)
    noise = np.concatenate(noise_batches)
    assert len(noise) == 8
    assert noise.std() == pytest.approx(0.15 * np.ptp(x), rel=0.02)
    assert abs(noise.mean()) < 0.05


@pytest.mark.parametrize("name", SMOOTHED_PATHS)
def test_that_a_smoothed_path_method_is_the_mean_of_the_method_on_noisy_copies(x, name):
    inner = (
        method_named(name.removeprefix("smooth_"))
        if name != "smooth_ig"
        else method_named("integrated_gradients")
    )
    attribution_map = explained(name, cubic(SHAPE), x, samples=3, steps=6)
    noisy = (x + noise_of(5, 0.15 * np.ptp(x), 3, SHAPE)).astype(np.float32)
    params = method_named(name).Params(samples=3, steps=6)
    copies = [MethodInput(copy, LogitTarget(0), image=x) for copy in noisy]
    separate = [
        inner.run(cubic(SHAPE), [copy], params, Run())[0].by_channel.values[..., 0] for copy in copies
    ]
    np.testing.assert_allclose(attribution_map.values, np.mean(separate, axis=0), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", ["smooth_ig", "smooth_guided_ig"])
def test_that_the_baseline_is_that_of_the_image_without_noise(generator, x, name):
    weights = generator.normal(size=SHAPE)
    attribution_map = explained(name, linear(weights), x, samples=4, steps=4)
    noise = noise_of(5, 0.15 * np.ptp(x), 4, SHAPE).mean(axis=0)
    np.testing.assert_allclose(attribution_map.values, (weights * (x + noise - x.min()))[..., 0], atol=1e-5)


def test_that_noisy_copies_walk_guided_paths_in_step(x):
    network = cubic(SHAPE)
    explained("smooth_guided_ig", network, x, samples=6, steps=5)
    assert network.gradient_calls == [4] * 5 + [2] * 5
    cost = method_named("smooth_guided_ig").cost(
        method_named("smooth_guided_ig").Params(samples=6, steps=5), network.facts
    )
    assert (cost.gradients, cost.serial) == (30, 10)


def test_that_a_method_without_attributions_is_smoothed_as_well(generator):
    shape = (24, 20, 1)
    plain = linear(generator.normal(size=shape))
    network = OneLayer(plain.score, plain.slope, shape)
    x = generator.random(shape, dtype=np.float32)

    class SmoothCamParams(SmoothingParams, GradCamParams):
        pass

    class SmoothCam(SmoothedMethod):
        name, title, summary, doi, family = "smooth_cam", "", "", "", Family.ACTIVATION
        needs, inner, Params = GradCam.needs, GradCam(), SmoothCamParams

    run = Run(generator=np.random.default_rng(5))
    attribution_map = map_of(SmoothCam(), network, x, LogitTarget(0), SmoothCamParams(samples=3), run)
    noisy = (x + noise_of(5, 0.15 * np.ptp(x), 3, shape)).astype(np.float32)
    separate = [
        map_of(GradCam(), network, method, LogitTarget(0), GradCamParams()).values for method in noisy
    ]
    np.testing.assert_allclose(attribution_map.values, np.mean(separate, axis=0), rtol=1e-5, atol=1e-7)
    assert attribution_map.cells == (12, 10)
    assert not attribution_map.signed


def test_that_cancel_ends_smoothing_within_one_batch(x):
    network = cubic(SHAPE)
    run = Run(cancelled=lambda: len(network.gradient_calls) == 2)
    method = method_named("smooth_grad")
    with pytest.raises(Cancelled):
        map_of(method, network, x, LogitTarget(0), method.Params(), run)
    assert len(network.gradient_calls) == 2


def test_that_running_moments_are_those_of_numpy(generator):
    values = generator.normal(1e3, 1.0, size=(50, 3))
    moments = Moments(np.zeros(()), np.zeros(()))
    for method in values:
        moments = moments.with_sample(method)
    np.testing.assert_allclose(moments.mean, values.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(moments.variance, values.var(axis=0, ddof=1), rtol=1e-10)
    np.testing.assert_allclose(moments.mean_square, (values**2).mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize("name", [*SMOOTHED_PATHS, "smooth_grad"])
def test_that_no_forward_pass_is_spent_on_a_rise_that_is_not_reported(x, name):
    network = cubic(SHAPE)
    network.values = None  # calling it would fail
    method = method_named(name)
    explained(name, network, x, samples=3)
    assert method.cost(method.Params(samples=3), network.facts).forwards == 0
