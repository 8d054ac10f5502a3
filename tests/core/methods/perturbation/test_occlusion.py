"""Occlusion against slow loops, and how it covers, divides and batches."""

import numpy as np
import pytest

from core.errors import BadParameter
from core.methods.perturbation.occlusion import Occlusion, OcclusionParams
from core.network.parameters import checked_parameters
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import linear
from tests.core.methods.maps import map_of

SHAPE = (13, 11, 2)


def explained(network, x, run=None, **params):
    return map_of(Occlusion(), network, x, LogitTarget(0), OcclusionParams(**params), run or Run())


def by_loop(weights, x, window, rows, columns, fill):
    """Sum of the drops and number of squares of each pixel, for a linear score."""
    drops, covered = np.zeros(x.shape[:2]), np.zeros(x.shape[:2])
    for row in rows:
        for column in columns:
            square = np.s_[row : row + window, column : column + window]
            drops[square] += (weights[square] * (x[square] - fill)).sum()
            covered[square] += 1
    return drops, covered


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


@pytest.mark.parametrize("fill", ["black", "mean", "white"])
def test_that_a_linear_score_gives_the_mean_weight_of_the_covering_squares(generator, x, fill):
    weights = generator.normal(size=SHAPE)
    value = {"black": x.min(), "mean": x.mean(), "white": x.max()}[fill]
    drops, covered = by_loop(weights, x, 5, (0, 3, 6, 8), (0, 3, 6), value)
    assert covered.min() >= 1
    mean = explained(linear(weights), x, window=5, stride=3, fill=fill)
    np.testing.assert_allclose(mean.values, drops / covered, atol=1e-5)
    assert mean.cells == (4, 3)
    total = explained(linear(weights), x, window=5, stride=3, fill=fill, combine="sum")
    np.testing.assert_allclose(total.values, drops, atol=1e-5)


def test_that_single_pixels_give_the_weights_times_the_input(generator, x):
    weights = generator.normal(size=SHAPE)
    attribution_map = explained(linear(weights), x, window=1, stride=1)
    np.testing.assert_allclose(attribution_map.values, (weights * (x - x.min())).sum(axis=-1), atol=1e-5)


def test_that_a_uniform_effect_gives_a_uniform_map_and_the_plain_sum_does_not():
    even = np.tile(np.array([[[0.0], [1.0]], [[1.0], [0.0]]], np.float32), (10, 10, 1))
    flat = linear(np.ones(even.shape))
    mean = explained(flat, even, window=4, stride=1).values
    summed = explained(flat, even, window=4, stride=1, combine="sum").values
    np.testing.assert_allclose(mean, 8.0, atol=1e-4)
    assert summed[0, 0] == pytest.approx(8.0)
    assert summed[10, 10] == pytest.approx(8.0 * 16)


def test_that_forward_passes_come_in_batches_and_are_those_stated(generator, x):
    calls = []
    network = linear(generator.normal(size=SHAPE))
    plain = network.score
    network.score = lambda v: calls.append(len(v)) or plain(v)
    explained(network, x, window=4, stride=2)
    assert max(calls) == network.best_batch
    assert sum(calls) == Occlusion().cost(OcclusionParams(window=4, stride=2), network.facts).forwards


def test_that_the_map_does_not_depend_on_the_batch(generator, x):
    network = linear(generator.normal(size=SHAPE))
    by_batches = explained(network, x, window=4, stride=2).values
    network.best_batch = 1
    np.testing.assert_allclose(explained(network, x, window=4, stride=2).values, by_batches, atol=1e-6)


def test_that_partial_maps_are_few_and_near_the_end_like_the_map(generator, x):
    partials = []
    network = linear(generator.normal(size=SHAPE))
    run = Run(on_partial=partials.append)
    attribution_map = explained(network, x, run, window=3, stride=1)
    assert 8 <= len(partials) <= 16
    assert np.corrcoef(partials[-1].values.ravel(), attribution_map.values.ravel())[0, 1] > 0.95


def test_that_a_square_larger_than_the_image_is_a_named_error(x):
    with pytest.raises(BadParameter, match=r"occlusion.window: a square of 12 .* 13 x 11"):
        explained(linear(np.ones(SHAPE)), x, window=12)


def test_that_the_input_is_left_as_it_was(x):
    before = x.copy()
    explained(linear(np.ones(SHAPE)), x, window=3, stride=2)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(("window", "stride"), [(15, 16), (4, 8), (1, 2)])
def test_that_a_stride_beyond_the_window_is_refused_and_names_both(window, stride):
    with pytest.raises(BadParameter) as caught:
        checked_parameters(Occlusion(), {"window": window, "stride": stride})
    assert caught.value.message == (
        f"occlusion.stride cannot be {stride} with a window of {window}: pixels between the squares would "
        "never be tested."
    )
    assert caught.value.hint == f"Choose a stride of at most {window}, or a larger window."


@pytest.mark.parametrize(("window", "stride"), [(1, 1), (3, 3), (4, 3), (11, 11), (11, 7)])
def test_that_every_pixel_is_covered_by_a_square(x, window, stride):
    """Covering a pixel of a score that is its value, 1 everywhere above black, always costs something."""
    x = np.ones_like(x)
    x[0, 0] = 0.5
    attribution_map = explained(linear(np.ones(SHAPE)), x, window=window, stride=stride)
    assert (attribution_map.values.ravel()[1:] > 0).all()
