"""Meaningful and extremal perturbation on networks that see one region only, and their parts."""

import numpy as np
import pytest

from core.errors import Cancelled
from core.methods import method_named
from core.methods.optimisation.adam import Adam
from core.methods.optimisation.extremal_perturbation import area_gradient
from core.methods.optimisation.masking import MaskedImage, MaskParams
from core.methods.optimisation.meaningful_perturbation import roughness_gradient
from core.methods.optimisation.smooth_masks import SmoothMaximum
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic
from tests.core.methods.maps import map_of

MEANINGFUL, EXTREMAL = method_named("meaningful_perturbation"), method_named("extremal_perturbation")
SHAPE = (64, 64, 1)
REGION = np.zeros(SHAPE[:2], bool)
REGION[16:40, 24:48] = True  # 14 % of the image
X = np.ones(SHAPE, np.float32)
X[0, 0] = 0.0  # the lowest value, by which hidden places are filled


def sees_one_region():
    """A network that sees the mean of the region and nothing else; saturating, as networks do."""
    weights = REGION[..., None] / REGION.sum()

    def mean(x):
        return (x * weights).sum(axis=(1, 2, 3))

    return Analytic(
        lambda x: 10 * np.tanh(mean(x)),
        lambda x: weights * (10 * (1 - np.tanh(mean(x)) ** 2))[:, None, None, None],
        SHAPE,
    )


def overlap(values, mask):
    """Intersection over union with `mask` of as many of the highest values as it has pixels."""
    top = np.zeros(mask.size, bool)
    top[np.argsort(-values.ravel(), kind="stable")[: mask.sum()]] = True
    top = top.reshape(mask.shape)
    return (top & mask).sum() / (top | mask).sum()


def test_that_extremal_perturbation_finds_the_only_region_that_a_network_sees():
    area = 100 * REGION.mean()
    params = EXTREMAL.Params(cell=4, fill="black", area=area, areas=1, smoothness=0.7)
    attribution_map = map_of(EXTREMAL, sees_one_region(), X, LogitTarget(0), params)
    shown = attribution_map.values >= 0.5
    assert (shown & REGION).sum() / (shown | REGION).sum() >= 0.8
    assert shown.mean() == pytest.approx(REGION.mean(), rel=0.15)
    assert attribution_map.diagnostics["smallest_sufficient_percent"] == pytest.approx(area)
    assert attribution_map.effect > 0.9 * 10 * np.tanh(1)


def test_that_smaller_masks_lie_within_the_region_and_are_not_sufficient():
    params = EXTREMAL.Params(cell=4, fill="black", area=5.0, areas=2, smoothness=0.7)
    attribution_map = map_of(EXTREMAL, sees_one_region(), X, LogitTarget(0), params)
    assert attribution_map.values[~REGION].max() < 0.5 < attribution_map.values[REGION].max()
    assert "smallest_sufficient_percent" not in attribution_map.diagnostics
    assert attribution_map.diagnostics["score_5_percent"] > attribution_map.diagnostics["score_2.5_percent"]


def test_that_meaningful_perturbation_hides_the_only_region_that_a_network_sees():
    params = MEANINGFUL.Params(cell=4, fill="black", steps=120, jitter=0)
    attribution_map = map_of(MEANINGFUL, sees_one_region(), X, LogitTarget(0), params)
    assert overlap(attribution_map.values, REGION) >= 0.8
    figures = attribution_map.diagnostics
    assert figures["score_hidden_part"] < 0.2 * figures["score"]
    # Cells of 4 pixels fade out over half a cell on each side.
    assert figures["hidden_percent"] == pytest.approx(100 * (28 / 64) ** 2, rel=0.1)
    assert attribution_map.effect == pytest.approx(figures["score"] - figures["score_hidden_part"])


def test_that_a_costlier_mask_hides_less():
    hidden = [
        map_of(
            MEANINGFUL,
            sees_one_region(),
            X,
            LogitTarget(0),
            MEANINGFUL.Params(cell=8, fill="black", steps=60, sparsity=sparsity),
        ).diagnostics["hidden_percent"]
        for sparsity in (0.0, 1.0, 1000.0)
    ]
    assert hidden[0] > hidden[1] > hidden[2] == 0.0


@pytest.mark.parametrize("method", [MEANINGFUL, EXTREMAL], ids=lambda method: method.name)
def test_that_a_search_ends_within_one_step_of_its_cancellation(method):
    reports = []
    run = Run(
        on_progress=lambda done, total: reports.append((done, total)), cancelled=lambda: len(reports) > 3
    )
    with pytest.raises(Cancelled):
        map_of(method, sees_one_region(), X, LogitTarget(0), method.Params(), run)
    assert reports[-1][0] == 3


@pytest.mark.parametrize("shift", [(0, 0), (3, -2)])
def test_that_the_gradient_by_cells_is_that_of_finite_differences(generator, shift):
    x = generator.random(SHAPE, dtype=np.float32)
    weights = generator.normal(size=SHAPE)

    def score(inputs):
        return (np.sin(3 * inputs) * weights).sum(axis=(1, 2, 3))

    network = Analytic(score, lambda inputs: 3 * np.cos(3 * inputs) * weights, SHAPE)
    image = MaskedImage(network, MethodInput(x, LogitTarget(0)), MaskParams(cell=16, blur=3), Run())
    masks = generator.random((1, *image.cells))
    _, gradient = image.gradients(masks, shift)
    for place in [(0, 0), (2, 3)]:
        ends = []
        for sign in (1, -1):
            moved = masks.copy()
            moved[0][place] += sign * 1e-2
            ends.append(image.gradients(moved, shift)[0][0])
        assert gradient[0][place] == pytest.approx((ends[0] - ends[1]) / 2e-2, rel=2e-2, abs=1e-4)


def assert_gradient(function, gradient, values):
    """Against central differences at a few places."""
    for place in [(0, 0, 0), (0, 3, 2), (0, 4, 5)]:
        step = np.zeros_like(values)
        step[place] = 1e-5
        expected = (function(values + step) - function(values - step)) / 2e-5
        assert gradient[place] == pytest.approx(expected, rel=1e-4, abs=1e-8)


def test_that_the_penalties_have_the_gradients_of_their_formulas(generator):
    masks = generator.random((1, 5, 6))

    def roughness(values):
        return sum((np.abs(np.diff(values, axis=axis)) ** 3).sum() for axis in (1, 2)) / 30

    assert_gradient(roughness, roughness_gradient(masks), masks)
    step = np.repeat([0.0, 1.0], [24, 6])
    assert_gradient(
        lambda values: ((np.sort(values.ravel()) - step) ** 2).mean(),
        area_gradient(masks, np.array([0.2])),
        masks,
    )


def test_that_a_mask_of_the_wanted_area_costs_nothing():
    mask = np.zeros((1, 4, 5))
    mask[0, 1, 1:3] = 1.0
    assert not area_gradient(mask, np.array([0.1])).any()


def test_that_the_smooth_maximum_has_the_gradient_of_its_formula(generator):
    smooth, cells, weights = SmoothMaximum(1.0), generator.random((1, 5, 6)), generator.normal(size=(1, 5, 6))
    _, slopes = smooth.smoothed(cells)
    assert_gradient(
        lambda values: (smooth.smoothed(values)[0] * weights).sum(), smooth.gradient(weights, slopes), cells
    )


def test_that_the_smooth_maximum_of_one_cell_is_the_kernel():
    cells = np.zeros((1, 9, 9))
    cells[0, 4, 4] = 1.0
    mask, _ = SmoothMaximum(1.0).smoothed(cells)
    assert mask[0, 4, 4] == pytest.approx(1.0, abs=1e-6)
    assert mask[0, 4, 5] == pytest.approx(np.exp(-0.5), abs=1e-3)
    assert mask[0, 0, 0] == 0.0


def test_that_adam_moves_by_its_rate_at_first_and_comes_to_the_minimum():
    adam, value = Adam((2,), 0.1), np.array([1.0, -3.0])
    first = adam.moved(value, value)
    np.testing.assert_allclose(value - first, [0.1, -0.1], atol=1e-6)
    value = first
    for _ in range(400):
        value = adam.moved(value, value)
    np.testing.assert_allclose(value, 0, atol=0.02)
