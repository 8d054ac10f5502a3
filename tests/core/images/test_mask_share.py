"""The share of cells inside a mask: the mean of its pixels, without a number for each of them."""

import numpy as np
import pytest

from core.images.resample import mask_share, resampled


@pytest.mark.parametrize("size", [(7, 5), (1, 1), (12, 40), (41, 30), (40, 30), (40, 29), (60, 50)])
def test_that_it_is_the_mean_of_the_masks_pixels(size, generator) -> None:
    mask = generator.random((41, 30)) < 0.4
    np.testing.assert_allclose(mask_share(mask, size), resampled(mask, size), atol=1e-12)


def test_that_a_cell_that_is_half_inside_has_exactly_a_half() -> None:
    mask = np.arange(24).reshape(4, 6) % 2 == 0
    assert (mask_share(mask, (2, 3)) == 0.5).all()
