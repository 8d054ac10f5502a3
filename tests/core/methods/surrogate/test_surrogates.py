"""LIME and KernelSHAP against closed forms."""

import tracemalloc

import numpy as np
import pytest

from core.errors import BadParameter
from core.methods import method_named
from core.methods.surrogate import coalitions as coalitions_module
from core.methods.surrogate.coalitions import all_coalitions
from core.methods.surrogate.kernel_shap import coalition_pairs, exact_values, sampled_values
from core.methods.surrogate.lime import kernel_weights, lime_fit, selections
from core.methods.surrogate.segmentation import SegmentParams, segment_labels
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic, linear
from tests.core.methods.maps import map_of

LIME, KERNEL_SHAP = method_named("lime"), method_named("kernel_shap")
SHAPE = (12, 16, 1)
GRID = {"segmentation": "grid", "segments": 12, "fill": "value"}


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32) + 0.1


def explained(method, network, x, target=None, **params):
    return map_of(method, network, x, target or LogitTarget(0), method.Params(**(GRID | params)))


def segment_effects(x, weights):
    """(segments,) the sum of weight times input over each segment, and the labels."""
    labels = segment_labels(x, SegmentParams(segmentation="grid", segments=12))
    return np.bincount(labels.ravel(), (x * weights)[..., 0].ravel().astype(np.float64)), labels


def pairwise(shape):
    """Score = (sum of the image)^2: segments work together."""
    axes = (1, 2, 3)
    return Analytic(
        lambda x: x.sum(axis=axes) ** 2, lambda x: 2 * x.sum(axis=axes, keepdims=True) + 0 * x, shape
    )


def test_that_lime_of_a_linear_score_recovers_each_segments_weight(generator, x):
    weights = generator.normal(size=SHAPE)
    effects, labels = segment_effects(x, weights)
    attribution_map = explained(LIME, linear(weights), x, penalty=0.0, masks=64)
    np.testing.assert_allclose(attribution_map.values, effects[labels], atol=1e-4 * np.abs(effects).max())
    assert attribution_map.diagnostics["fit"] == pytest.approx(1.0)
    assert attribution_map.diagnostics["stability"] == pytest.approx(1.0)
    assert attribution_map.diagnostics["intercept"] == pytest.approx(0.0, abs=1e-4)
    assert attribution_map.choices == {"segments": "12"}


def test_that_a_penalty_shrinks_the_weights_of_lime(generator, x):
    network = linear(generator.normal(size=SHAPE))
    sizes = [
        np.abs(explained(LIME, network, x, penalty=penalty, masks=64).values).sum() for penalty in (0, 1, 100)
    ]
    assert sizes[0] > sizes[1] > sizes[2] > 0


def test_that_segments_that_work_together_lower_the_fit(x):
    # The product of two segments' sums; each alone is a poor account of it.
    def both(inputs):
        return inputs[:, :4, :4].sum(axis=(1, 2, 3)) * inputs[:, 8:, 12:].sum(axis=(1, 2, 3))

    fit = explained(LIME, Analytic(both, np.ones_like, SHAPE), x, kernel_width=10.0).diagnostics["fit"]
    assert 0.5 < fit < 0.9


def test_that_a_random_score_is_not_stable(x):
    noise = np.random.default_rng(1)
    network = Analytic(lambda inputs: noise.normal(size=len(inputs)), np.ones_like, SHAPE)
    diagnostics = explained(LIME, network, x, masks=200).diagnostics
    assert diagnostics["stability"] < 0.7
    assert diagnostics["fit"] < 0.5


@pytest.mark.parametrize("method", [LIME, KERNEL_SHAP], ids=lambda each: each.name)
def test_that_only_a_map_with_a_large_error_is_called_uncertain(method, generator, x):
    noise = np.random.default_rng(1)
    network = Analytic(lambda inputs: noise.normal(size=len(inputs)), np.ones_like, SHAPE)
    sampled = {"masks": 200} | ({"penalty": 0.0} if method is LIME else {"exact": 0})
    assert explained(method, network, x, **sampled).caution.startswith("Uncertain: ")
    clear = linear(generator.normal(size=SHAPE))
    assert explained(method, clear, x, **sampled).caution == ""


def test_that_the_kernel_of_lime_is_one_for_the_whole_image_and_falls_with_absent_segments():
    coalitions = np.tril(np.ones((9, 9), bool))
    weights = kernel_weights(coalitions, 0.25)
    assert weights[-1] == 1.0
    assert (np.diff(weights) > 0).all()
    # Four of nine: the cosine to all ones is 2/3.
    assert weights[3] == pytest.approx(np.sqrt(np.exp(-((1 / 3) ** 2) / 0.25**2)))


def test_that_lime_is_ridge_regression_with_a_free_intercept(generator):
    coalitions = generator.random((40, 5)) < 0.5
    scores = generator.normal(size=40) + 7
    params = LIME.Params(penalty=3.0, kernel_width=0.4)
    fit = lime_fit(coalitions, scores, params)
    nearness = kernel_weights(coalitions, 0.4)

    def loss(weights, intercept):
        return nearness @ (scores - intercept - coalitions @ weights) ** 2 + 3.0 * (weights**2).sum()

    best = loss(fit.weights, fit.intercept)
    for _ in range(50):
        assert (
            loss(fit.weights + generator.normal(0, 0.01, 5), fit.intercept + generator.normal(0, 0.01)) > best
        )


@pytest.mark.parametrize("exact", [12, 0], ids=["exact", "sampled"])
def test_that_shapley_values_of_a_linear_score_are_the_segments_effects(generator, x, exact):
    weights = generator.normal(size=SHAPE)
    effects, labels = segment_effects(x, weights)
    attribution_map = explained(KERNEL_SHAP, linear(weights), x, exact=exact, masks=64)
    np.testing.assert_allclose(attribution_map.values, effects[labels], atol=1e-4 * np.abs(effects).max())
    assert attribution_map.diagnostics["standard_error"] < 1e-4


@pytest.mark.parametrize("exact", [12, 0], ids=["exact", "sampled"])
def test_that_the_values_of_all_segments_sum_to_the_difference_of_the_scores(x, exact):
    network = pairwise(SHAPE)
    diagnostics = explained(KERNEL_SHAP, network, x, exact=exact, masks=100).diagnostics
    rise = float(network.score(x[None].astype(np.float64))[0])
    assert diagnostics["segment_sum"] == pytest.approx(diagnostics["rise"], rel=1e-12)
    assert diagnostics["rise"] == pytest.approx(rise, rel=1e-6)


def test_that_a_product_of_two_segments_is_shared_equally():
    coalitions = all_coalitions(4)
    scores = 3.0 * (coalitions[:, 1] & coalitions[:, 2]) + 1.0 * coalitions[:, 3] + 5.0
    np.testing.assert_allclose(exact_values(scores).values, [0, 1.5, 1.5, 1.0], atol=1e-12)


def test_that_drawn_values_are_within_their_standard_error_of_the_exact_ones(generator):
    count = 10
    table = generator.normal(size=2**count)
    exact = exact_values(table).values
    bits = 1 << np.arange(count)
    deviations = []
    for seed in range(20):
        pairs = coalition_pairs(count, 300, np.random.default_rng(seed))
        estimate = sampled_values(pairs, table[pairs @ bits], table[0], table[-1])
        deviations.append((estimate.values - exact) / estimate.standard_error)
    # Half of normal deviations are within 0.67 standard errors.
    assert 0.5 < np.median(np.abs(deviations)) < 0.85


def test_that_coalitions_come_in_pairs_of_opposites_and_by_the_weights_of_the_shapley_kernel(generator):
    pairs = coalition_pairs(6, 20_000, generator)
    np.testing.assert_array_equal(pairs[0::2], ~pairs[1::2])
    sizes = np.bincount(pairs[0::2].sum(axis=1), minlength=6)[1:6] / 20_000
    weights = 1 / (np.arange(1, 6) * np.arange(5, 0, -1))
    np.testing.assert_allclose(sizes, weights / weights.sum(), atol=0.015)


def test_that_too_few_coalitions_for_the_segments_are_refused(x):
    with pytest.raises(BadParameter, match="12 segments need at least 24"):
        explained(KERNEL_SHAP, linear(np.ones(SHAPE)), x, exact=0, masks=20)


@pytest.mark.parametrize("method", [LIME, KERNEL_SHAP], ids=lambda method: method.name)
def test_that_no_batch_is_larger_than_the_networks_and_partial_maps_are_shown(method, x):
    sizes, partials = [], []

    def score(inputs):
        sizes.append(len(inputs))
        return inputs.sum(axis=(1, 2, 3))

    params = method.Params(**(GRID | {"masks": 200} | ({"exact": 0} if method is KERNEL_SHAP else {})))
    network = Analytic(score, np.ones_like, SHAPE)
    map_of(method, network, x, LogitTarget(0), params, Run(on_partial=partials.append))
    assert max(sizes) == network.best_batch
    assert sum(sizes) == method.cost(params, network.facts).forwards
    assert 4 <= len(partials) <= 8


def test_that_drawing_and_fitting_in_blocks_changes_nothing(monkeypatch):
    def drawn_and_fitted():
        pairs = coalition_pairs(7, 150, np.random.default_rng(4))
        chosen = selections(301, 7, np.random.default_rng(5))
        scores = np.random.default_rng(6).normal(size=301)
        shapley = sampled_values(pairs, scores[:300], -1.0, 2.0)
        fit = lime_fit(chosen, scores, LIME.Params(penalty=0.5))
        return pairs, chosen, shapley.values, shapley.standard_error, fit.weights, [fit.explained]

    whole = drawn_and_fitted()
    monkeypatch.setattr(coalitions_module, "BLOCK_VALUES", 16 * 7)
    blocks = drawn_and_fitted()
    for one, other in zip(whole, blocks, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("method", ["lime", "kernel_shap"])
def test_that_many_coalitions_take_little_more_memory_than_they_are(method, generator, monkeypatch):
    monkeypatch.setattr(coalitions_module, "BLOCK_VALUES", 100_000)
    masks, count = 60_000, 100
    scores = generator.normal(size=masks)
    tracemalloc.start()
    try:
        if method == "lime":
            lime_fit(selections(masks, count, generator), scores, LIME.Params())
        else:
            sampled_values(coalition_pairs(count, masks // 2, generator), scores, 0.0, 1.0)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # As numbers they take eight times as much, and a fit needs several such arrays.
    assert most < 4 * masks * count
