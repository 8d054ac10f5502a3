"""HiPe on networks that see one region or one pixel only."""

import numpy as np
import pytest

from core.errors import BadMap
from core.methods import method_named
from core.methods.perturbation.hipe import cells_by_depth, windows_of
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic, linear
from tests.core.methods.maps import map_of

HIPE = method_named("hipe")
SHAPE = (64, 48, 1)


def explained(network, x, target=None, **params):
    return map_of(HIPE, network, x, target or LogitTarget(0), HIPE.Params(fill="black", **params))


def counting(weights):
    """A linear score that counts how many inputs it has seen."""
    seen = []

    def score(x):
        seen.append(len(x))
        return (x * weights).sum(axis=(1, 2, 3))

    return Analytic(score, lambda x: np.broadcast_to(weights, x.shape), weights.shape, best_batch=8), seen


def test_that_cells_are_halved_from_the_authors_number_down_to_four_pixels():
    assert cells_by_depth(224, 0) == [4, 8, 16, 32]
    assert cells_by_depth(224, 2) == [4, 8]
    assert cells_by_depth(48, 0) == [3, 6, 12]
    assert cells_by_depth(2, 0) == [1]


@pytest.mark.parametrize("count", [3, 7, 32])
def test_that_every_pixel_is_in_four_windows_also_where_cells_do_not_divide_the_image(count):
    coverage = np.zeros((225, 100), int)
    for window in windows_of(coverage.shape, count):
        coverage[window] += 1
    assert (coverage == 4).all()


def test_that_the_first_depth_is_the_sum_of_the_drops_of_all_windows(generator):
    weights = np.abs(generator.normal(size=SHAPE))
    x = generator.random(SHAPE, dtype=np.float32)
    x[0, 0] = 0.0
    expected = np.zeros(SHAPE[:2])
    for window in windows_of(SHAPE[:2], 3):
        expected[window] += (x * weights)[window].sum()
    np.testing.assert_allclose(explained(linear(weights), x, depths=1).values, expected, rtol=1e-3)


def test_that_a_score_that_is_not_finite_where_the_image_is_covered_is_an_error():
    x = np.ones(SHAPE, np.float32)
    x[0, 0] = 0.0
    network = Analytic(
        lambda images: np.where((images == x).all(axis=(1, 2, 3)), 1.0, np.nan), np.zeros_like, SHAPE
    )
    with pytest.raises(BadMap, match="not a finite number"):
        explained(network, x)


def test_that_rises_of_the_score_count_as_nothing():
    x = np.ones(SHAPE, np.float32)
    x[0, 0] = 0.0
    attribution_map = explained(linear(-np.ones(SHAPE)), x)
    assert not attribution_map.values.any()
    assert attribution_map.effect > 0


def test_that_it_looks_closer_only_where_the_score_falls_and_the_cost_is_the_most_it_can_be():
    weights = np.zeros(SHAPE)
    weights[20, 30] = 1.0
    network, seen = counting(weights)
    x = np.ones(SHAPE, np.float32)
    x[0, 0] = 0.0
    attribution_map = explained(network, x)
    row, column = np.unravel_index(attribution_map.values.argmax(), SHAPE[:2])
    assert max(abs(row - 20), abs(column - 30)) <= 4
    cost = HIPE.cost(HIPE.Params(), network.facts)
    assert cost.at_most
    assert sum(seen) < 0.6 * cost.forwards
    # All 16 windows of 3 x 3 cells, and the four of each later depth at least.
    assert sum(seen) >= 1 + 16 + 8


def test_that_a_uniform_score_is_covered_everywhere_at_every_depth():
    network, seen = counting(np.ones(SHAPE))
    x = np.ones(SHAPE, np.float32)
    x[:, 0] = 0.0
    explained(network, x, depths=1)
    assert sum(seen) == HIPE.cost(HIPE.Params(depths=1), network.facts).forwards == 17
