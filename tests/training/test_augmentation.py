"""Augmentation: image and mask move alike, nothing changes when everything is off, the seed decides."""

import numpy as np

from training.augmentation import Augmentation

OFF = Augmentation(
    flip=False, rotation_degrees=0, shift=0, zoom=0, brightness=0, contrast=0, gamma=0, noise=0, blur_pixels=0
)


def pair(generator):
    mask = np.zeros((40, 40), np.float32)
    mask[10:18, 22:30] = 1
    return mask[..., None] * 0.8 + 0.1, mask


def test_that_nothing_changes_when_all_is_off(generator):
    image, mask = pair(generator)
    same, same_mask = OFF.apply(image, mask, generator)
    np.testing.assert_allclose(same, image, atol=1e-6)
    np.testing.assert_allclose(same_mask, mask, atol=1e-6)


def test_that_image_and_mask_move_alike(generator):
    image, mask = pair(generator)
    moving = OFF.model_copy(update={"flip": True, "rotation_degrees": 25.0, "shift": 0.1, "zoom": 0.15})
    for _ in range(10):
        moved, moved_mask = moving.apply(image, mask, generator)
        np.testing.assert_allclose(moved[..., 0], moved_mask * 0.8 + 0.1, atol=1e-5)
        assert moved_mask.sum() > 30


def test_that_a_flip_mirrors_columns_only(generator):
    image, mask = pair(generator)
    flipping = OFF.model_copy(update={"flip": True})
    observed = {round(float(flipping.apply(image, mask, generator)[1][12, 25]), 3) for _ in range(20)}
    assert observed == {0.0, 1.0}


def test_that_values_stay_in_range_and_follow_the_seed(generator):
    image, mask = pair(generator)
    first, _ = Augmentation().apply(image, mask, np.random.default_rng(5))
    again, _ = Augmentation().apply(image, mask, np.random.default_rng(5))
    other, _ = Augmentation().apply(image, mask, np.random.default_rng(6))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01
    assert 0 <= first.min() <= first.max() <= 1
