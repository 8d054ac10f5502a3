"""GradientSHAP against closed forms."""

import numpy as np
import pytest

from core.methods import method_named
from core.methods.path.background_paths import PathDraws, map_of_draws
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic, cubic, linear
from tests.core.methods.maps import map_of

METHOD = method_named("gradient_shap")
TARGET = LogitTarget(0)


@pytest.fixture
def x(generator):
    return generator.random((3, 5, 1), dtype=np.float32)


def test_that_given_draws_give_the_mean_of_distance_times_gradient(x):
    network = cubic(x.shape)
    draws = PathDraws(np.array([2, 0, 2]), np.array([0.1, 0.5, 0.9]))
    background = network.background()
    expected = np.mean(
        [
            (x - background[b]) * 3 * (background[b] + a * (x - background[b])) ** 2
            for b, a in zip(draws.backgrounds, draws.places, strict=True)
        ],
        axis=0,
    )
    attribution_map = map_of_draws(network, MethodInput(x, TARGET), draws, Run())
    np.testing.assert_allclose(attribution_map.values, expected[..., 0], rtol=1e-5)


def test_that_many_draws_sum_to_the_rise_over_the_mean_background(x):
    attribution_map = map_of(METHOD, cubic(x.shape), x, TARGET, METHOD.Params(samples=4096))
    assert attribution_map.diagnostics["completeness_error"] < 0.05
    few = map_of(METHOD, cubic(x.shape), x, TARGET, METHOD.Params(samples=4))
    assert few.diagnostics["completeness_error"] > 2 * attribution_map.diagnostics["completeness_error"]


def test_that_the_sum_errs_by_what_independent_draws_err(generator, x):
    # Of the score sum(x^2) a draw gives 2 b.d + 2 a d.d with the distance d from a background image b, which
    # in the mean over a is x.x - b.b.
    network = Analytic(lambda inputs: (inputs**2).sum(axis=(1, 2, 3)), lambda inputs: 2 * inputs, x.shape)
    distance = x - network.background()
    along = 2 * (network.background() * distance).sum(axis=(1, 2, 3), dtype=np.float64)
    length = (distance**2).sum(axis=(1, 2, 3), dtype=np.float64)
    variance = (length**2).mean() / 3 + (along + length).var()
    samples, misses = 16, []
    for seed in range(400):
        run = Run(np.random.default_rng(seed))
        figures = map_of(METHOD, network, x, TARGET, METHOD.Params(samples=samples), run).diagnostics
        misses.append(figures["sum"] - figures["rise"])
    error = np.sqrt(variance / samples)
    assert np.abs(np.mean(misses)) < 4 * error / np.sqrt(400)
    # Within four of its own standard errors.
    assert np.std(misses) == pytest.approx(error, rel=4 / np.sqrt(2 * 400))


def test_that_noise_moves_a_map_of_a_linear_score_by_its_mean_alone(generator, x):
    network = linear(np.ones(x.shape))
    maps = [
        map_of(METHOD, network, x, TARGET, METHOD.Params(samples=4096, noise=noise), Run()).values
        for noise in (0.0, 50.0)
    ]
    difference = np.abs(maps[1] - maps[0])
    assert 0 < difference.max() < 6 * 0.5 * np.ptp(x) / np.sqrt(4096)
