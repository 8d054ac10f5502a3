"""Grad-CAM against a hand computation, and the layer it takes."""

import numpy as np
import pytest

from core.errors import BadParameter, NotApplicable
from core.images.resample import resampled
from core.methods.activation.grad_cam import GradCam, GradCamParams
from core.network.target import LogitTarget
from tests.core.methods.analytic import linear
from tests.core.methods.layered import TwoByTwo
from tests.core.methods.maps import map_of


def test_that_the_map_is_the_rectified_sum_of_weighted_channels():
    # Channel weights: means (1+3+0+0)/4 = 1 and (-2+0+0-2)/4 = -1.
    coarse = np.maximum(np.array([[1 - 2, 0 - 1], [3 - 0, 1 - 5]]), 0)
    attribution_map = map_of(GradCam(), TwoByTwo(), np.zeros((4, 4, 1)), LogitTarget(0), GradCamParams())
    np.testing.assert_allclose(attribution_map.values, resampled(coarse, (4, 4)), atol=1e-6)
    assert attribution_map.values.max() == pytest.approx(3.0)
    assert attribution_map.cells == (2, 2)
    assert attribution_map.choices == {"layer": "last"}
    assert not attribution_map.signed


def test_that_the_opposite_target_shows_the_evidence_for_it():
    coarse = np.maximum(-np.array([[1 - 2, 0 - 1], [3 - 0, 1 - 5]]), 0)
    attribution_map = map_of(GradCam(), TwoByTwo(), np.zeros((4, 4, 1)), LogitTarget(1), GradCamParams())
    np.testing.assert_allclose(attribution_map.values, resampled(coarse, (4, 4)), atol=1e-6)


def test_that_an_unknown_layer_is_named_with_the_nearest_one():
    with pytest.raises(BadParameter, match="no convolutional layer 'lats'") as caught:
        map_of(GradCam(), TwoByTwo(), np.zeros((4, 4, 1)), LogitTarget(0), GradCamParams(layer="lats"))
    assert "'last'" in caught.value.hint


def test_that_a_network_without_convolution_is_refused():
    with pytest.raises(NotApplicable):
        GradCam().applies(linear(np.ones((2, 2, 1))).facts)
