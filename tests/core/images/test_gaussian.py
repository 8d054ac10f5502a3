"""Blur by matrices against scipy, and what holds for every blur."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from core.images.gaussian import blurred, gaussian_weights


@pytest.mark.parametrize(("border", "mode"), [("reflect", "reflect"), ("zero", "constant")])
@pytest.mark.parametrize("sigma", [0.0, 0.1, 0.13, 0.7, 3.0, 9.0, 40.0])
def test_that_a_blur_is_scipys_even_where_the_kernel_is_wider_than_the_image(generator, border, mode, sigma):
    values = generator.random((11, 17, 2))
    expected = gaussian_filter(values, (sigma, sigma, 0), mode=mode)
    np.testing.assert_allclose(blurred(values, sigma, border), expected, atol=1e-12)


def test_that_mirrored_borders_keep_a_constant_and_black_ones_darken_its_rim():
    bright = np.full((225, 225, 1), 0.8)
    np.testing.assert_allclose(blurred(bright, 50.0), 0.8, atol=1e-12)
    dark = blurred(bright, 50.0, "zero") / 0.8
    assert dark[0, 0, 0] == pytest.approx(0.25, abs=0.01)
    assert dark[112, 112, 0] > 0.94


def test_that_mirrored_borders_lose_no_light(generator):
    values = generator.random((20, 30, 1))
    assert blurred(values, 6.0).sum() == pytest.approx(values.sum(), rel=1e-12)


def test_that_the_weights_of_a_pixel_sum_to_one_and_are_never_negative():
    weights = gaussian_weights(13, 7.0, "reflect")
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-12)
    assert weights.min() > 0


@pytest.mark.parametrize("sigma", [0.8, 3.0])
@pytest.mark.parametrize(("border", "mode"), [("reflect", "reflect"), ("zero", "constant")])
def test_that_a_volume_is_blurred_along_all_three_axes_as_by_scipy(sigma, border, mode, generator):
    volume = generator.random((7, 9, 7, 2))
    expected = gaussian_filter(volume, (sigma, sigma, sigma, 0), mode=mode)
    np.testing.assert_allclose(blurred(volume, sigma, border), expected, atol=1e-10)
