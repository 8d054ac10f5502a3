"""Methods against PAIR saliency 0.2.1 with the same compiled model call, on real and random networks."""

import numpy as np
import pytest
import saliency.core as pair
from PIL import Image

from core import api
from core.images.slice import Slice
from core.methods import method_named
from core.models.handle import ModelHandle
from core.network.target import LogitTarget
from core.samples import samples
from tests.cards import make_card, small_model
from tests.core.methods.maps import map_of

CLOSE = 1e-4  # of the map's range


def bundled():
    sample = samples()[0]
    handle = api.load_model(sample.model)
    return handle, api.prepare(handle, Slice(np.asarray(Image.open(sample.path)))).x


def small():
    handle = ModelHandle(make_card(), small_model(seed=3))
    return handle, np.random.default_rng(3).random((32, 32, 1), dtype=np.float32)


@pytest.fixture(
    scope="module",
    params=[small, pytest.param(bundled, marks=pytest.mark.slow)],
    ids=["random network", "bundled model"],
)
def case(request):
    """A handle, its input and the class it predicts."""
    handle, x = request.param()
    return handle, x, LogitTarget(handle.predict(x).index)


def ours(case, name, **params):
    handle, x, target = case
    method = method_named(name)
    return map_of(method, handle, x, target, method.Params(**params))


def assert_close(result, expected):
    assert np.abs(result - expected).max() <= CLOSE * np.ptp(expected)


def gradients_for_pair(case):
    handle, _, target = case

    def call(batch, call_model_args=None, expected_keys=None):
        assert expected_keys == [pair.base.INPUT_OUTPUT_GRADIENTS]
        return {pair.base.INPUT_OUTPUT_GRADIENTS: handle.gradients(np.asarray(batch), target)[1]}

    return call


def layers_for_pair(case, layer):
    handle, _, target = case

    def call(batch, call_model_args=None, expected_keys=None):
        _, activations, gradients = handle.activation_gradients(np.asarray(batch), layer, target)
        return {
            pair.base.CONVOLUTION_LAYER_VALUES: activations,
            pair.base.CONVOLUTION_OUTPUT_GRADIENTS: gradients,
        }

    return call


def test_that_the_gradient_is_pairs(case):
    expected = pair.GradientSaliency().GetMask(case[1], gradients_for_pair(case)).sum(axis=-1)
    assert_close(ours(case, "gradient").values, expected)


def test_that_integrated_gradients_by_pairs_rule_are_pairs(case):
    handle, x, _ = case
    with handle.calls.at_batch(5):
        expected = pair.IntegratedGradients().GetMask(
            x, gradients_for_pair(case), x_baseline=np.full_like(x, x.min()), x_steps=25, batch_size=5
        )
        result = ours(case, "integrated_gradients", rule="pair", steps=25)
    assert_close(result.values, expected.sum(axis=-1))


def test_that_gauss_legendre_is_nearer_to_the_rise_than_pairs_rule(case):
    result = {
        rule: ours(case, "integrated_gradients", rule=rule, steps=25) for rule in ("gauss_legendre", "pair")
    }
    errors = {
        rule: attribution_map.diagnostics["completeness_error"] for rule, attribution_map in result.items()
    }
    assert errors["gauss_legendre"] < errors["pair"]


def test_that_grad_cam_is_pairs_on_the_layers_grid_and_inside_the_picture(case):
    x = case[1]
    result = ours(case, "grad_cam")
    layer = result.choices["layer"]
    coarse = pair.GradCam().GetMask(x, layers_for_pair(case, layer), should_resize=False, three_dims=False)
    assert result.cells == coarse.shape
    # PAIR divides by the maximum and mirrors at the border while it resizes; ours holds the border value.
    resized = pair.GradCam().GetMask(x, layers_for_pair(case, layer), three_dims=False) * coarse.max()
    edge = [-(-size // (2 * cells)) for size, cells in zip(x.shape, coarse.shape, strict=False)]
    inside = (slice(edge[0], -edge[0]), slice(edge[1], -edge[1]))
    assert_close(result.values[inside], resized[inside])
    assert result.values.max() <= coarse.max() * (1 + 1e-6)


def test_that_the_layer_of_grad_cam_is_the_last_before_pooling(case):
    handle, x, target = case
    layer = ours(case, "grad_cam").choices["layer"]
    _, activations, _ = handle.activation_gradients(x[None], layer, target)
    weights = {path: values for path, values in _weights(handle).items() if path.startswith("logits/")}
    logits = activations.mean(axis=(1, 2)) @ weights["logits/kernel"] + weights["logits/bias"]
    np.testing.assert_allclose(logits, handle.logits(x[None]), rtol=1e-3, atol=1e-3)


def _weights(handle):
    from core.models.handle import named_weights

    return named_weights(handle._model)
