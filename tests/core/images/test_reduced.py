"""Slices with fewer pixels, against means that are written down block by block."""

import numpy as np
import pytest

from core.images.reduced import reduced
from core.images.slice import Slice


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.float32])
def test_that_a_pixel_is_the_mean_of_its_block_at_the_edges_too(dtype) -> None:
    values = np.random.default_rng(3).integers(0, 200, (7, 5)).astype(dtype)
    result = reduced(Slice(values, spacing_mm=(1.0, 1.0)), 3)
    assert (result.shape, result.values.dtype, result.spacing_mm) == ((3, 2), values.dtype, None)
    for row in range(3):
        for column in range(2):
            mean = values[3 * row : 3 * row + 3, 3 * column : 3 * column + 3].astype(float).mean()
            expected = mean if np.dtype(dtype).kind == "f" else np.rint(mean)
            assert result.values[row, column] == pytest.approx(expected, rel=1e-6)


def test_that_colour_keeps_its_channels() -> None:
    values = np.zeros((4, 4, 3), np.uint8)
    values[:2, :2] = (10, 20, 30)
    assert reduced(Slice(values), 2).values[0, 0].tolist() == [10, 20, 30]


def test_that_padding_and_unknown_values_do_not_spoil_their_neighbours() -> None:
    values = np.array([[4, 8, 1000, 6], [2, 2, 6, 6]], np.uint16)
    result = reduced(Slice(values, padding=values == 1000), 2)
    assert (result.values.tolist(), result.padding.tolist()) == ([[4, 1000]], [[False, True]])
    unknown = np.array([[1, np.nan], [3, 5]], np.float32)
    assert reduced(Slice(unknown), 2).values.tolist() == [[1.0]]


def test_that_a_factor_of_one_is_the_slice_itself() -> None:
    image = Slice(np.eye(3))
    assert reduced(image, 1) is image
