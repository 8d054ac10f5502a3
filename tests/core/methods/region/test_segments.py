"""Segments: the dilation against scipy's, what labels cover, and images that have none."""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from core.errors import NotApplicable, NotFinite
from core.methods.region.segments import SCALES, dilated, dilated_masks, label_images, segment_masks


def disc(radius):
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return rows**2 + columns**2 <= radius**2


def halves(shape=(60, 48, 1)):
    """A picture with a dark left and a bright right half."""
    x = np.zeros(shape, np.float32)
    x[:, shape[1] // 2 :] = 1.0
    return x


@pytest.mark.parametrize("radius", [0, 1, 2, 3, 5, 8])
@pytest.mark.parametrize("shape", [(40, 31), (3, 50), (1, 1), (7, 2)])
def test_that_dilation_is_that_by_a_disc(generator, radius, shape):
    mask = generator.random(shape) < 0.02
    mask[0, 0] = True
    np.testing.assert_array_equal(dilated(mask, radius), binary_dilation(mask, disc(radius)))


def test_that_dilation_leaves_its_mask_as_it_was(generator):
    mask = generator.random((20, 20)) < 0.1
    before = mask.copy()
    dilated(mask, 3)
    np.testing.assert_array_equal(mask, before)


def test_that_each_label_of_each_image_becomes_one_dilated_mask_in_order(generator):
    labels = [
        generator.integers(0, 5, (20, 16)),
        np.repeat([[3, 3, 7, 7]], 6, axis=0).repeat(4, axis=1)[:, :16],
    ]
    labels[1] = np.resize(labels[1], (20, 16))
    result = list(dilated_masks(labels, 2))
    expected = [
        np.flatnonzero(binary_dilation(image == label, disc(2)))
        for image in labels
        for label in np.unique(image)
    ]
    assert len(result) == len(expected)
    for mask, expected_mask in zip(result, expected, strict=True):
        np.testing.assert_array_equal(mask, expected_mask)


def test_that_an_edge_divides_the_segments_at_every_scale():
    x = halves()
    for labels in label_images(x):
        assert labels.shape == x.shape[:2]
        assert not set(np.unique(labels[:, :20])) & set(np.unique(labels[:, 28:]))


def test_that_there_is_a_label_image_for_each_scale_and_coarser_ones_have_fewer_labels(generator):
    result = [len(np.unique(labels)) for labels in label_images(generator.random((64, 64, 1)))]
    assert len(result) == len(SCALES)
    assert result[0] > result[-1]


def test_that_masks_without_dilation_cover_every_pixel_once_a_scale():
    x = halves()
    counts = np.bincount(np.concatenate(segment_masks(x, 0)), minlength=x.size)
    np.testing.assert_array_equal(counts, len(SCALES))


def test_that_grey_copies_in_three_channels_give_segments_on_the_same_edge():
    x = np.repeat(halves(), 3, axis=2)
    assert all(labels[30, 5] != labels[30, 40] for labels in label_images(x))


def test_that_brightness_and_contrast_of_the_image_do_not_matter(generator):
    x = generator.random((40, 40, 1)).astype(np.float64)
    for mask, expected_mask in zip(label_images(x), label_images(4 * x - 7), strict=True):
        np.testing.assert_array_equal(mask, expected_mask)


def test_that_a_constant_image_has_no_segments():
    with pytest.raises(NotApplicable, match=r"all its pixels are 0\.5"):
        segment_masks(np.full((20, 20, 1), 0.5, np.float32), 5)


def test_that_nan_pixels_are_refused():
    x = halves()
    x[3, 3] = np.nan
    with pytest.raises(NotFinite):
        segment_masks(x, 5)
