"""CAM, Grad-CAM++, Layer-CAM and Score-CAM against hand computations, and what they share."""

import numpy as np
import pytest

from core.errors import BadParameter, NotApplicable
from core.images.resample import resampled
from core.methods import METHODS, method_named
from core.methods.activation.cam import Cam
from core.methods.activation.grad_cam_pp import GradCamPlusPlus, position_weights
from core.methods.activation.layer_cam import LayerCam
from core.methods.activation.score_cam import ScoreCam
from core.methods.contract import Family
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget
from tests.core.methods.analytic import linear
from tests.core.methods.layered import ACTIVATIONS, TwoByTwo
from tests.core.methods.maps import map_of

CAMS = [m for m in METHODS if m.family is Family.ACTIVATION]
FIRST_CHANNEL = ACTIVATIONS[..., 0]  # the channel [[1, 0], [3, 1]]
SECOND_CHANNEL = ACTIVATIONS[..., 1]  # the channel [[2, 1], [0, 5]]
PIXELS = np.array([[1.0, 2.0], [1.0, 3.0]], np.float32)[..., None]
SLOPES = np.array([[1.0, -1.0], [2.0, 0.0]])[..., None]


def explained(method, network, x=None, target=None, **params):
    x = np.zeros(network.input_shape, np.float32) if x is None else x
    return map_of(method, network, x, target or LogitTarget(0), method.Params(**params))


def averaging():
    """A network whose layer is averaged and weighed with 2 and -1."""
    return TwoByTwo(gradients_=np.broadcast_to([0.5, -0.25], ACTIVATIONS.shape))


def linear_network(**changes):
    """A network on 2 x 2 pixels, the layer's own grid, so that nothing is resampled."""
    return TwoByTwo(weights=SLOPES, bias=10.0, **changes)


def test_that_cam_weighs_channels_as_the_dense_layer_does():
    attribution_map = explained(Cam(), averaging())
    coarse = 2 * FIRST_CHANNEL - SECOND_CHANNEL
    np.testing.assert_allclose(attribution_map.values, resampled(coarse, (4, 4)), atol=1e-6)
    assert attribution_map.signed
    assert attribution_map.values.min() == pytest.approx(-3.0)
    assert coarse.mean() == (0.5 * FIRST_CHANNEL - 0.25 * SECOND_CHANNEL).sum()  # the logit without its bias


def test_that_cam_is_refused_where_positions_weigh_differently():
    with pytest.raises(NotApplicable, match="global average and one dense layer behind 'last'"):
        explained(Cam(), TwoByTwo())


def test_that_grad_cam_pp_weighs_a_channel_by_alpha_and_positive_gradients():
    # sum(A) is 5 in the first channel; its gradients 1 and 3 give alpha 1/7 and 1/17. The second has none.
    weight = 1 / 7 + 3 / 17
    attribution_map = explained(GradCamPlusPlus(), TwoByTwo())
    np.testing.assert_allclose(attribution_map.values, resampled(weight * FIRST_CHANNEL, (4, 4)), atol=1e-6)


def test_that_normalised_alphas_of_a_channel_sum_to_one():
    weight = (1 / 7 + 3 / 17) / (1 / 7 + 1 / 17)
    attribution_map = explained(GradCamPlusPlus(), TwoByTwo(), alpha="normalised")
    np.testing.assert_allclose(attribution_map.values, resampled(weight * FIRST_CHANNEL, (4, 4)), atol=1e-6)


@pytest.mark.parametrize("score", [-3.0, 0.0, 5.0])
def test_that_alpha_is_that_of_the_exponential_whatever_the_score(generator, score):
    activations = generator.random((5, 4, 3))
    gradients = generator.normal(size=(5, 4, 3))
    second, third = np.exp(score) * gradients**2, np.exp(score) * gradients**3
    expected = second / (2 * second + third * activations.sum(axis=(0, 1)))
    np.testing.assert_allclose(position_weights(activations, gradients), expected, rtol=1e-9)


def test_that_alpha_survives_gradients_whose_squares_vanish():
    tiny = np.full((1, 1, 1), 1e-200)
    assert position_weights(np.ones((1, 1, 1)), tiny)[0, 0, 0] == 0.5


def test_that_alpha_is_zero_at_its_pole():
    assert position_weights(np.full((1, 1, 1), -2.0), np.ones((1, 1, 1)))[0, 0, 0] == 0.0


def test_that_layer_cam_weighs_each_position_by_its_own_positive_gradient():
    attribution_map = explained(LayerCam(), TwoByTwo())
    np.testing.assert_allclose(
        attribution_map.values, resampled(np.array([[1.0, 0], [0, 0]]), (4, 4)), atol=1e-6
    )


def test_that_score_cam_weighs_a_channel_by_the_rise_over_black():
    # Stretched: [[1/3, 0], [1, 1/3]] and [[2/5, 1/5], [0, 1]]; through them the score rises by 7/3 and 0.
    attribution_map = explained(ScoreCam(), linear_network(), PIXELS)
    np.testing.assert_allclose(attribution_map.values, 7 / 3 * FIRST_CHANNEL, atol=1e-5)


def test_that_score_cam_in_tf_keras_vis_form_weighs_by_probability():
    attribution_map = explained(ScoreCam(), linear_network(), PIXELS, weights="probability")
    shares = [1 / (1 + np.exp(-2 * (10 + rise))) for rise in (7 / 3, 0)]
    np.testing.assert_allclose(
        attribution_map.values, shares[0] * FIRST_CHANNEL + shares[1] * SECOND_CHANNEL, rtol=1e-5
    )


def test_that_probabilities_of_a_difference_are_subtracted():
    attribution_map = explained(
        ScoreCam(), linear_network(), PIXELS, DifferenceTarget(0, 1), weights="probability"
    )
    shares = [np.tanh(10 + rise) for rise in (7 / 3, 0)]
    np.testing.assert_allclose(
        attribution_map.values, shares[0] * FIRST_CHANNEL + shares[1] * SECOND_CHANNEL, rtol=1e-5
    )


def test_that_score_cam_takes_the_channels_that_vary_most():
    network = linear_network()
    network.bias = 0.0
    network.weights = np.ones((2, 2, 1))
    attribution_map = explained(ScoreCam(), network, PIXELS, channels=1)
    np.testing.assert_allclose(attribution_map.values, (2 / 5 + 2 / 5 + 3) * SECOND_CHANNEL, rtol=1e-5)


def test_that_a_constant_channel_gets_no_weight_and_no_forward_pass():
    constant = np.concatenate([ACTIVATIONS, np.full((2, 2, 1), 9.0)], axis=-1)
    network = linear_network(activations_=constant, gradients_=np.zeros((2, 2, 3)))
    attribution_map = explained(ScoreCam(), network, PIXELS)
    np.testing.assert_allclose(attribution_map.values, 7 / 3 * FIRST_CHANNEL, atol=1e-5)
    assert sum(network.forwards) == 1 + 2


def test_that_score_cam_of_constant_channels_is_empty_and_not_an_error():
    network = linear_network(activations_=np.ones((2, 2, 2)))
    attribution_map = explained(ScoreCam(), network, PIXELS)
    assert not attribution_map.has_positive_evidence


def test_that_score_cam_never_holds_more_than_a_batch(generator):
    many = generator.random((2, 2, 100))
    network = TwoByTwo(many, np.zeros_like(many), SLOPES, best_batch=3)
    partials = []
    map_of(ScoreCam(), network, PIXELS, LogitTarget(0), ScoreCam.Params(), Run(on_partial=partials.append))
    assert max(network.forwards) == 3
    assert sum(network.forwards) == 1 + 100 == ScoreCam().cost(ScoreCam.Params(), network.facts).forwards
    assert len(partials) == 33


def test_that_cams_of_one_layer_requested_together_share_one_pass():
    network, run = averaging(), Run()
    for method in CAMS:
        if method.name == "multi_layer_cam":
            continue
        map_of(method, network, np.zeros((4, 4, 1), np.float32), LogitTarget(0), method.Params(), run)
    assert {method.name for method in CAMS} >= {"cam", "grad_cam", "grad_cam_pp", "score_cam", "layer_cam"}
    assert network.passes == 1


def test_that_another_target_is_another_pass():
    network, run = TwoByTwo(), Run()
    maps = [
        map_of(LayerCam(), network, np.zeros((4, 4, 1)), LogitTarget(i), LayerCam.Params(), run)
        for i in (0, 1)
    ]
    assert network.passes == 2
    assert np.abs(maps[0].values - maps[1].values).max() > 1


@pytest.mark.parametrize("method", CAMS, ids=lambda m: m.name)
def test_that_a_network_without_convolution_is_refused(method):
    with pytest.raises(NotApplicable, match="convolutional layer"):
        method.applies(linear(np.ones((2, 2, 1))).facts)


@pytest.mark.parametrize("name", ["grad_cam_pp", "layer_cam", "score_cam"])
def test_that_an_unknown_layer_is_named(name):
    with pytest.raises(BadParameter, match=f"{name}.layer: the model has no convolutional layer 'lats'"):
        explained(method_named(name), TwoByTwo(), layer="lats")
