"""Grad-CAM++, Layer-CAM and Score-CAM against tf-keras-vis 0.8.7, its layer set by hand."""

import warnings
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest
from PIL import Image

from core import api
from core.images.resample import resampled
from core.images.slice import Slice
from core.methods import method_named
from core.models.handle import ModelHandle
from core.network.target import LogitTarget
from core.samples import samples
from tests.cards import make_card, small_model
from tests.core.methods.maps import map_of

CLOSE = 1e-3  # of the map's range

# It imports a scipy name that is going, and hands Keras its inputs as a list.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The structure of `inputs`:UserWarning"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def peer():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tf_keras_vis import gradcam_plus_plus, layercam, scorecam
        from tf_keras_vis.utils import model_modifiers
    return SimpleNamespace(
        grad_cam_pp=gradcam_plus_plus.GradcamPlusPlus,
        layer_cam=layercam.Layercam,
        score_cam=scorecam.Scorecam,
        modifiers=model_modifiers,
    )


def small():
    handle = ModelHandle(make_card(), small_model(seed=3))
    return handle, np.random.default_rng(3).random((32, 32, 1), dtype=np.float32)


def bundled():
    sample = samples()[0]
    loaded = api.load_model(sample.model)
    # The peer has no temperature: its probabilities are the softmax of the logits themselves.
    handle = ModelHandle(loaded.card.model_copy(update={"temperature": None}), loaded._model)
    return handle, api.prepare(handle, Slice(np.asarray(Image.open(sample.path)))).x


@pytest.fixture(
    scope="module",
    params=[(small, "first"), (small, "last"), pytest.param((bundled, "relu"), marks=pytest.mark.slow)],
    ids=["random network, its first layer", "random network, its last layer", "bundled model"],
)
def case(request):
    """A handle, its input, the class it predicts and a layer."""
    make, layer = request.param
    handle, x = make()
    return handle, x, LogitTarget(handle.predict(x).index), layer


def ours(case, name, **params):
    handle, x, target, layer = case
    method = method_named(name)
    return map_of(method, handle, x, target, method.Params(layer=layer, **params)).values


def theirs(peer, case, name, **options):
    """The peer's map on the layer's grid, brought to the input's grid by our rule."""
    handle, x, target, layer = case
    explainer = getattr(peer, name)(handle._model, clone=False)
    coarse = explainer(
        lambda outputs: outputs[:, target.index],
        x[None],
        penultimate_layer=layer,
        seek_penultimate_conv_layer=False,
        expand_cam=False,
        normalize_cam=False,
        **options,
    )
    return resampled(np.asarray(coarse)[0], x.shape[:2])


def assert_same_picture(values, expected):
    """Equal but for a positive factor, which the peer's factor e^F is."""
    assert expected.max() > 0
    np.testing.assert_allclose(values / values.max(), expected / expected.max(), atol=CLOSE)


def test_that_grad_cam_pp_with_normalised_alphas_is_the_peers_but_for_its_factor(peer, case):
    assert_same_picture(ours(case, "grad_cam_pp", alpha="normalised"), theirs(peer, case, "grad_cam_pp"))


def test_that_layer_cam_is_the_peers(peer, case):
    expected = theirs(peer, case, "layer_cam")
    assert np.abs(ours(case, "layer_cam") - expected).max() <= CLOSE * np.ptp(expected)


def test_that_score_cam_weighed_by_probability_is_the_peers(peer, case):
    def as_ours(channels, factor, order, mode):
        return resampled(np.asarray(channels)[0], case[1].shape[:2])[None]

    count = min(6, case[0].activations(case[1][None], case[3]).shape[-1])
    with patch("tf_keras_vis.scorecam.zoom", as_ours):
        expected = theirs(peer, case, "score_cam", max_N=count)
    # Its mask is divided by range + 1e-7; channels of a small range feel that.
    values = ours(case, "score_cam", weights="probability", channels=count)
    assert np.abs(values - expected).max() <= CLOSE * np.ptp(expected)


def test_that_the_peers_grad_cam_pp_overflows_with_the_score_and_ours_does_not(peer):
    handle, x = small()
    before = ours((handle, x, LogitTarget(1), "last"), "grad_cam_pp")
    logits = handle._model.get_layer("logits")
    logits.bias.assign(logits.bias + 663.0)
    case = ModelHandle(make_card(), handle._model), x, LogitTarget(1), "last"
    assert not np.isfinite(theirs(peer, case, "grad_cam_pp")).all()
    np.testing.assert_allclose(ours(case, "grad_cam_pp"), before, rtol=1e-3, atol=1e-7)


def test_that_the_peer_by_itself_takes_a_side_branch_of_densenet(peer):
    handle, _ = bundled()
    chosen_layer = peer.modifiers.ExtractIntermediateLayerForGradcam()(handle._model).outputs[-1]
    last = handle.layers()[-1]
    assert chosen_layer.shape[-1] == 32
    assert (last.name, last.channels) == ("relu", 1024)
