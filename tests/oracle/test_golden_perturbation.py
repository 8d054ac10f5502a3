"""Occlusion, coalitions of segments and GradientSHAP against golden values of captum, lime and shap."""

from functools import partial

import numpy as np
import pytest

from core.methods import method_named
from core.methods.path.background_paths import PathDraws, map_of_draws
from core.methods.surrogate.coalitions import SegmentedImage, all_coalitions
from core.methods.surrogate.kernel_shap import coalition_pairs, exact_values, sampled_values, solved
from core.methods.surrogate.lime import Lime, lime_fit
from core.models.runtime import frameworks
from core.network.method_input import MethodInput
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.maps import map_of
from tests.oracle.golden_networks import (
    NAMES,
    golden_handle,
    golden_inputs,
    golden_model,
    golden_values,
    image_error,
)

CLOSE = 2e-5  # of the image's largest value
TARGETS = ("target_argmax", "target_class0")


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def handle(name):
    return golden_handle(name)


@pytest.fixture(params=TARGETS)
def target(request):
    return request.param


def cases_of(name, target):
    """Each image with its target."""
    classes = golden_values(name)["target_argmax"] if target == "target_argmax" else [0] * 6
    return [(x, LogitTarget(int(index))) for x, index in zip(golden_inputs()["x"], classes, strict=True)]


class ExactNetwork:
    """A golden network in double precision: its input is not rounded, and no ReLU turns near 0."""

    best_batch = 8

    def __init__(self, name: str) -> None:
        _, tf = frameworks()
        self._gradients = tf.function(partial(_values_and_gradients, golden_model(name, "float64")))

    def background(self):
        return golden_inputs()["shap_baselines"].astype(np.float64)

    def values(self, inputs, target, run=None):
        return self.gradients(inputs, target, run)[0]

    def gradients(self, inputs, target, run=None):
        _, tf = frameworks()
        results = self._gradients(tf.constant(inputs, tf.float64), tf.constant(target.index))
        return tuple(each.numpy() for each in results)


def _values_and_gradients(model, x, index):
    _, tf = frameworks()
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        values = tf.gather(model(x, training=False), index, axis=1)
    return values, tape.gradient(values, x)


@pytest.fixture(scope="module")
def exact_network(name):
    return ExactNetwork(name)


def test_that_gradient_shap_of_the_stored_draws_is_captums(exact_network, name, target):
    golden, network = golden_values(name), exact_network
    places = golden["captum/gradient_shap/draws_alpha"].astype(np.float64)
    backgrounds = golden["captum/gradient_shap/draws_baseline_index"].astype(int)
    maps = [
        map_of_draws(
            network,
            MethodInput(x.astype(np.float64), logit),
            PathDraws(backgrounds[number], places[number]),
            Run(),
        )
        for number, (x, logit) in enumerate(cases_of(name, target))
    ]
    values = np.stack([each.values for each in maps])
    assert image_error(values, golden[f"captum/gradient_shap/{target}"][..., 0]) < CLOSE


# Windows of 6 at a stride of 4 end at captum's border cut off, at ours flush with it, so that they differ.
@pytest.mark.parametrize(("key", "window"), [("occlusion_window8_stride4", 8), ("feature_ablation_8x8", 4)])
def test_that_occlusion_by_zero_is_captums(handle, name, target, key, window):
    occlusion = method_named("occlusion")
    params = occlusion.Params(window=window, stride=4, fill="zero")
    values = np.stack([map_of(occlusion, handle, *case, params).values for case in cases_of(name, target)])
    golden = golden_values(name)[f"captum/{key}/{target}"]
    golden = golden.reshape(6, *golden.shape[1:3])
    growth = 32 // golden.shape[1]
    assert image_error(values, golden.repeat(growth, axis=1).repeat(growth, axis=2)) < CLOSE


@pytest.fixture
def scores(handle, name, target):
    """(6, 512) ours, of all coalitions of nine segments."""
    labels = golden_inputs()["segments_3x3"].astype(int)
    labels -= labels.min()
    coalitions = all_coalitions(9)
    return np.stack(
        [
            SegmentedImage(x, labels, np.zeros_like(x)).scores(handle, coalitions, each, Run())
            for x, each in cases_of(name, target)
        ]
    )


def test_that_scores_and_shapley_values_of_nine_segments_are_the_golden_ones(scores, name, target):
    golden = golden_values(name)
    assert image_error(scores, golden[f"coalitions9/values/{target}"]) < CLOSE
    values = np.stack([exact_values(each).values for each in scores])
    for key in ("shapley_exact", "kernel_shap"):
        assert image_error(values, golden[f"coalitions9/{key}/{target}"]) < CLOSE
    weights = [lime_fit(all_coalitions(9), each, Lime.Params()) for each in scores]
    key = f"coalitions9/lime_ridge/coefficients/{target}"
    assert image_error(np.stack([fit.weights for fit in weights]), golden[key]) < CLOSE
    intercepts = np.array([fit.intercept for fit in weights])
    np.testing.assert_allclose(
        intercepts, golden[f"coalitions9/lime_ridge/intercept/{target}"].ravel(), atol=2e-4
    )
    unpenalised = [lime_fit(all_coalitions(9), each, Lime.Params(penalty=0)) for each in scores]
    key = f"coalitions9/lime_ols/coefficients/{target}"
    assert image_error(np.stack([fit.weights for fit in unpenalised]), golden[key]) < CLOSE


@pytest.mark.parametrize("target", TARGETS)
def test_that_the_least_squares_of_coalitions_as_often_as_their_weight_give_the_shapley_values(name, target):
    golden = golden_values(name)
    scores = golden[f"coalitions9/values/{target}"].astype(np.float64)
    coalitions = all_coalitions(9)
    sizes = coalitions.sum(axis=1)
    # 1 / (C(9, k) k (9 - k)) times 7560; both ends are constraints.
    often = np.array([0, 105, 15, 5, 3, 3, 5, 15, 105, 0])[sizes]
    rows = np.repeat(np.arange(512), often)
    for row, expected in zip(scores, golden[f"coalitions9/shapley_exact/{target}"], strict=True):
        values = solved(coalitions[rows], row[rows], row[0], row[-1])
        np.testing.assert_allclose(values, expected, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("target", TARGETS)
def test_that_drawn_coalitions_give_the_shapley_values_within_their_error(name, target, generator):
    golden = golden_values(name)
    bits = 1 << np.arange(9)
    for row, expected in zip(
        golden[f"coalitions9/values/{target}"].astype(np.float64),
        golden[f"coalitions9/shapley_exact/{target}"],
        strict=True,
    ):
        pairs = coalition_pairs(9, 500, generator)
        estimate = sampled_values(pairs, row[pairs @ bits], row[0], row[-1])
        assert (np.abs(estimate.values - expected) < 5 * estimate.standard_error + 1e-9).all()
        assert estimate.values.sum() == pytest.approx(row[-1] - row[0])
