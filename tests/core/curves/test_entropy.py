import io

import numpy as np
import pytest
from PIL import Image

from core.curves.entropy import ShannonEntropy, WebpEntropy, entropy_named, information
from core.errors import BadParameter


@pytest.fixture
def grey(generator):
    return generator.integers(0, 256, (40, 50, 1)).astype(np.uint8)


def test_that_webp_entropy_is_the_size_of_a_file_that_gives_the_picture_back(grey):
    buffer = io.BytesIO()
    Image.fromarray(grey[..., 0]).save(buffer, format="webp", lossless=True, quality=100, method=4)
    assert WebpEntropy().of(grey) == len(buffer.getvalue())
    np.testing.assert_array_equal(np.asarray(Image.open(buffer).convert("L")), grey[..., 0])


def test_that_a_grey_picture_and_its_colour_copy_cost_the_same(grey):
    assert WebpEntropy().of(grey) == WebpEntropy().of(np.repeat(grey, 3, axis=2))
    assert ShannonEntropy().of(grey) == pytest.approx(ShannonEntropy().of(np.repeat(grey, 3, axis=2)))


def test_that_only_webp_sees_where_the_values_stand():
    ramp = np.repeat(np.arange(64, dtype=np.uint8), 64).reshape(64, 64, 1)
    shuffled = np.random.default_rng(0).permutation(ramp.ravel()).reshape(ramp.shape)
    assert ShannonEntropy().of(shuffled) == pytest.approx(ShannonEntropy().of(ramp)) == pytest.approx(6)
    assert WebpEntropy().of(shuffled) > 5 * WebpEntropy().of(ramp)


def test_that_shannon_entropy_has_its_closed_forms():
    assert ShannonEntropy().of(np.full((5, 5, 1), 9, np.uint8)) == 0
    assert ShannonEntropy().of(np.arange(256, dtype=np.uint8).reshape(16, 16, 1)) == pytest.approx(8)
    quarter = np.array([0, 0, 0, 1], np.uint8).reshape(2, 2, 1)
    assert ShannonEntropy().of(quarter) == pytest.approx(0.8112781244591328)


def test_that_a_rare_value_informs_more_than_a_frequent_one():
    bits = information(np.array([[[7], [7]], [[7], [200]]], np.uint8))
    np.testing.assert_allclose(bits, [[np.log2(4 / 3)] * 2, [np.log2(4 / 3), 2.0]])


def test_that_the_information_of_all_pixels_is_the_entropy_of_all_values(grey):
    assert information(grey).sum() == pytest.approx(ShannonEntropy().of(grey) * grey.size)


def test_that_an_unknown_entropy_is_named():
    with pytest.raises(BadParameter, match="'zip'"):
        entropy_named("zip")
