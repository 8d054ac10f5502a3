"""RISE against its expectation on a linear score, and the masks it draws."""

import numpy as np
import pytest

from core.errors import BadParameter
from core.images.resample import axis_weights
from core.methods.perturbation.rise import MaskSource, Rise, RiseParams
from core.network.parameters import checked_parameters
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import linear
from tests.core.methods.maps import map_of

SHAPE = (7, 5, 1)
GRID = 3


def explained(network, x, seed=5, **params):
    rise_params = RiseParams(**({"grid": GRID} | params))
    return map_of(Rise(), network, x, LogitTarget(0), rise_params, Run(generator=np.random.default_rng(seed)))


def covariance(keep):
    """Of every two pixels' visibility over all cells and shifts: 3 cells of 3 x 2 pixels to each side."""
    rows, columns = axis_weights(GRID, 12), axis_weights(GRID, 8)
    result = np.zeros((35, 35))
    for down in range(3):
        for right in range(2):
            grown = np.kron(rows[down : down + 7], columns[right : right + 5])
            result += keep * (1 - keep) * grown @ grown.T / 6
    return result


@pytest.mark.parametrize("keep", [0.5, 0.2])
def test_that_a_linear_score_gives_what_shared_visibility_predicts(generator, keep):
    weights = generator.normal(size=SHAPE)
    x = generator.random(SHAPE, dtype=np.float32)
    network = linear(weights)
    network.best_batch = 500
    expected = covariance(keep) @ (weights * x).ravel() / keep
    result = explained(network, x, masks=20_000, keep=keep).values.ravel()
    assert np.abs(result - expected).max() < 0.05 * np.ptp(expected)
    by_paper = explained(network, x, masks=20_000, keep=keep, normalise="paper").values.ravel()
    level = keep * (weights * x).sum()  # the mean score, which the paper's estimate adds everywhere
    assert np.abs(by_paper - expected - level).max() < 0.1 * np.ptp(expected)


def test_that_a_constant_score_gives_zero_and_by_the_paper_its_own_height():
    network = linear(np.zeros(SHAPE))
    network.score = lambda v: np.full(len(v), 2.0)
    x = np.ones(SHAPE, np.float32)
    np.testing.assert_allclose(explained(network, x, masks=200).values, 0, atol=1e-6)
    by_paper = explained(network, x, masks=200, normalise="paper").values
    assert by_paper.mean() == pytest.approx(2.0, rel=0.1)
    assert np.ptp(by_paper) > 0.05


def test_that_masks_are_linear_between_cells_and_shown_by_their_share(generator):
    source = MaskSource.drawn((30, 20), RiseParams(masks=400, grid=4, keep=0.3), generator)
    masks = source.masks(0, 400)
    assert masks.shape == (400, 30, 20)
    assert masks.min() >= 0
    assert masks.max() <= 1
    assert masks.mean() == pytest.approx(0.3, abs=0.02)
    # The way from hidden to shown takes a cell of 8 x 5 pixels, so no step is larger than 1/8 and 1/5.
    assert np.abs(np.diff(masks, axis=1)).max() <= 1 / 8 + 1 / 40 + 1e-9
    assert np.abs(np.diff(masks, axis=2)).max() <= 1 / 5 + 1 / 20 + 1e-9


def test_that_a_shift_moves_the_same_mask(generator):
    cells = generator.integers(0, 2, (1, 4, 4)).repeat(2, axis=0)
    unshifted, shifted = MaskSource((30, 20), cells, np.array([[0, 0], [3, 2]])).masks(0, 2)
    np.testing.assert_array_equal(unshifted[3:, 2:], shifted[:-3, :-2])


def test_that_the_map_follows_the_seed_and_not_the_batch(generator):
    network = linear(generator.normal(size=SHAPE))
    x = generator.random(SHAPE, dtype=np.float32)
    first = explained(network, x, masks=50).values
    network.best_batch = 7
    np.testing.assert_allclose(explained(network, x, masks=50).values, first, atol=1e-6)
    assert np.abs(explained(network, x, seed=6, masks=50).values - first).max() > 1e-3


def test_that_only_masks_are_evaluated_and_never_more_than_a_batch(generator):
    calls = []
    network = linear(generator.normal(size=SHAPE))
    plain = network.score
    network.score = lambda v: calls.append(len(v)) or plain(v)
    explained(network, np.ones(SHAPE, np.float32), masks=50)
    assert sum(calls) == 50 == Rise().cost(RiseParams(masks=50), network.facts).forwards
    assert max(calls) == network.best_batch


def test_that_the_effect_is_the_change_and_not_the_mean_score_that_the_paper_adds(generator):
    network = linear(np.zeros(SHAPE))
    network.score = lambda v: np.full(len(v), 2.0)
    x = np.ones(SHAPE, np.float32)
    result = explained(network, x, masks=200, normalise="paper")
    assert result.values.max() > 1
    assert result.effect < 1e-6
    moved = explained(linear(generator.normal(size=SHAPE)), x, masks=200)
    assert moved.effect == pytest.approx(float(np.abs(moved.values).max()))


def test_that_pixels_that_no_mask_shows_are_refused_and_not_zero():
    """Nine masks of 16 x 16 cells of which a ninth is shown: most cells are never seen."""
    with pytest.raises(BadParameter, match=r"rise\.masks cannot be 9 .*: \d+ of 600 pixels"):
        explained(
            linear(np.ones((30, 20, 1))), np.ones((30, 20, 1), np.float32), masks=9, grid=16, keep=1 / 9
        )


@pytest.mark.parametrize(
    ("masks", "keep", "state"), [(100, 0.005, "shown"), (100, 0.995, "hidden"), (8, 0.1, "shown")]
)
def test_that_so_few_masks_that_most_pixels_stay_untested_are_refused(masks, keep, state):
    with pytest.raises(
        BadParameter, match=rf"rise\.keep cannot be .* with {masks} masks: .* never be {state}"
    ):
        checked_parameters(Rise(), {"masks": masks, "keep": keep})
    assert checked_parameters(Rise(), {"masks": masks, "keep": 0.5}).masks == masks
