"""Expected Gradients against closed forms."""

import numpy as np
import pytest

from core.methods.path.expected_gradients import ExpectedGradients, ExpectedGradientsParams
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import cubic, linear
from tests.core.methods.maps import map_of

METHOD = ExpectedGradients()


def explained(network, x, seed=0, samples=64, **callbacks):
    run = Run(generator=np.random.default_rng(seed), **callbacks)
    return map_of(METHOD, network, x, LogitTarget(0), ExpectedGradientsParams(samples=samples), run)


@pytest.fixture
def x(generator):
    return generator.random((3, 5, 1), dtype=np.float32)


@pytest.mark.parametrize("samples", [4, 8, 64])
def test_that_a_linear_score_gives_weight_times_distance_from_the_mean_background(generator, x, samples):
    # Exact for every multiple of the four background images: each is met equally often.
    network = linear(generator.normal(size=x.shape))
    weights = network.slope(x[None])[0]
    attribution_map = explained(network, x, samples=samples)
    expected = weights * (x - network.background().mean(axis=0))
    np.testing.assert_allclose(attribution_map.values, expected[..., 0], atol=1e-6)
    assert attribution_map.diagnostics["completeness_error"] < 1e-5


def test_that_a_cubic_score_gives_the_mean_difference_of_cubes(x):
    network = cubic(x.shape)
    attribution_map = explained(network, x, samples=4000)
    expected = (x**3 - network.background() ** 3).mean(axis=0)[..., 0]
    np.testing.assert_allclose(attribution_map.values, expected, atol=0.02)
    assert attribution_map.diagnostics["rise"] == pytest.approx(expected.sum(), rel=1e-4)


def test_that_background_and_place_on_the_path_follow_the_seed(x):
    first, same, other_seed = (explained(cubic(x.shape), x, seed=seed).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert np.abs(first - other_seed).max() > 1e-4


def test_that_places_are_spread_over_the_whole_path(x):
    point_batches = []
    network = cubic(x.shape)
    plain = network.slope
    network.slope = lambda points: point_batches.append(points) or plain(points)
    explained(network, x, samples=8)
    points = np.concatenate(point_batches)
    background = network.background()
    places = []
    for point in points:
        shares = [(point - b).ravel() @ (x - b).ravel() / ((x - b) ** 2).sum() for b in background]
        misses = [np.abs(b + s * (x - b) - point).max() for b, s in zip(background, shares, strict=True)]
        assert min(misses) < 1e-5
        places.append(shares[int(np.argmin(misses))])
    assert sorted(np.floor(np.array(places) * 8)) == list(range(8))


def test_that_partial_maps_come_before_the_last(x):
    partials = []
    explained(cubic(x.shape), x, samples=12, on_partial=partials.append)
    assert len(partials) == 2
