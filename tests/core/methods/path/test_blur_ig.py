"""Blur IG against path sums by hand."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from core.methods.path.blur_ig import BlurIg, BlurIgParams, sigmas_of
from core.network.target import LogitTarget
from tests.core.methods.analytic import cubic, linear
from tests.core.methods.maps import map_of

METHOD = BlurIg()


@pytest.fixture
def x(generator):
    return generator.random((9, 8, 1), dtype=np.float32)


def explained(network, x, **params):
    return map_of(METHOD, network, x, LogitTarget(0), BlurIgParams(**{"spacing": "linear", **params}))


def blur(x, sigma, mode="reflect"):
    return gaussian_filter(x.astype(np.float64), (sigma, sigma, 0), mode=mode)


def test_that_a_linear_score_gives_weight_times_what_the_blur_takes_away(generator, x):
    weights = generator.normal(size=x.shape)
    attribution_map = explained(linear(weights), x, steps=6, max_sigma=4)
    np.testing.assert_allclose(attribution_map.values, (weights * (x - blur(x, 4.0)))[..., 0], atol=1e-6)
    assert attribution_map.diagnostics["completeness_error"] < 1e-6


@pytest.mark.parametrize("batch", [1, 4, 100])
def test_that_the_trapezoid_path_is_the_sum_by_hand_whatever_the_batch(x, batch):
    network = cubic(x.shape)
    network.best_batch = batch
    sigmas = [0.0, 1.0, 2.0, 3.0, 4.0]
    expected = np.zeros(x.shape)
    for fine, coarse in pairwise(sigmas):
        slopes = 3 * blur(x, fine) ** 2 + 3 * blur(x, coarse) ** 2
        expected += (blur(x, fine) - blur(x, coarse)) * slopes / 2
    attribution_map = explained(network, x, steps=5, max_sigma=4)
    np.testing.assert_allclose(attribution_map.values, expected[..., 0], atol=1e-6)


@pytest.mark.parametrize("batch", [1, 3, 100])
@pytest.mark.parametrize("spacing", ["linear", "quadratic"])
def test_that_pairs_rule_is_the_left_sum_by_hand_whatever_batch_and_spacing(x, batch, spacing):
    # PAIR's own batches take the step width of their last item, so its sums change with the batch.
    network = cubic(x.shape)
    network.best_batch = batch
    sigmas = 6.0 * np.linspace(0, 1, 8) ** (1 if spacing == "linear" else 2)
    expected = np.zeros(x.shape)
    for sigma, next_sigma in pairwise(sigmas):
        change = (blur(x, sigma + 0.01, "constant") - blur(x, sigma, "constant")) / 0.01
        expected -= (next_sigma - sigma) * change * 3 * blur(x, sigma, "constant") ** 2
    attribution_map = explained(network, x, rule="pair", border="zero", steps=7, max_sigma=6, spacing=spacing)
    np.testing.assert_allclose(attribution_map.values, expected[..., 0], atol=1e-5)


def test_that_the_trapezoid_is_far_nearer_to_the_rise_than_pairs_rule(generator):
    x = generator.random((16, 16, 1), dtype=np.float32)
    errors = {
        rule: explained(cubic(x.shape), x, rule=rule, steps=100, max_sigma=8).diagnostics[
            "completeness_error"
        ]
        for rule in ("trapezoid", "pair")
    }
    assert errors["trapezoid"] < 0.01
    assert errors["pair"] > 3 * errors["trapezoid"]


def test_that_a_constant_image_gets_zeros_with_mirrored_borders_and_a_rim_with_black_ones():
    flat = np.full((12, 12, 1), 0.5, np.float32)
    network = linear(np.ones((12, 12, 1)))
    np.testing.assert_allclose(explained(network, flat, max_sigma=3).values, 0.0, atol=1e-7)
    rim = explained(network, flat, max_sigma=3, border="zero").values
    assert rim[0, 0] > 2 * rim[6, 6] > 0


def test_that_an_integer_image_is_explained_like_the_same_in_floats():
    integers = np.arange(36).reshape(6, 6, 1)
    attribution_map, expected = (
        explained(cubic((6, 6, 1)), kind, steps=5, max_sigma=2)
        for kind in (integers, integers.astype(np.float32))
    )
    np.testing.assert_allclose(attribution_map.values, expected.values, rtol=1e-6)


@pytest.mark.parametrize(
    ("spacing", "expected"), [("linear", [0, 2, 4, 6, 8]), ("quadratic", [0, 0.5, 2, 4.5, 8])]
)
def test_that_blurs_are_spaced_as_named(spacing, expected):
    np.testing.assert_allclose(sigmas_of(BlurIgParams(max_sigma=8, spacing=spacing), 5), expected)


def test_that_colour_channels_are_blurred_alone_and_added_up(generator):
    x = generator.random((5, 6, 3), dtype=np.float32)
    weights = generator.normal(size=x.shape)
    attribution_map = explained(linear(weights), x, steps=3, max_sigma=2)
    np.testing.assert_allclose(attribution_map.values, (weights * (x - blur(x, 2.0))).sum(axis=-1), atol=1e-6)
