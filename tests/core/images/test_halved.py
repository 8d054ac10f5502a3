"""Slices with fewer pixels, against means that are written down block by block."""

import numpy as np
import pytest

from core.images.halved import halved
from core.images.slice import Slice


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64])
def test_that_a_pixel_is_the_mean_of_its_block_at_the_edges_too(dtype) -> None:
    low = 0 if np.dtype(dtype).kind == "u" else -100
    values = np.random.default_rng(3).integers(low, 200, (7, 5)).astype(dtype)
    result = halved(Slice(values, spacing_mm=(1.0, 1.0)))
    assert (result.shape, result.values.dtype, result.spacing_mm) == ((4, 3), values.dtype, None)
    for row in range(4):
        for column in range(3):
            mean = values[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].astype(float).mean()
            expected = mean if np.dtype(dtype).kind == "f" else np.floor(mean + 0.5)
            assert result.values[row, column] == expected


def test_that_colour_keeps_its_channels() -> None:
    values = np.zeros((4, 4, 3), np.uint8)
    values[:2, :2] = (10, 20, 30)
    assert halved(Slice(values)).values[0, 0].tolist() == [10, 20, 30]


def test_that_large_values_do_not_overflow() -> None:
    assert halved(Slice(np.full((2, 2), 65535, np.uint16))).values.tolist() == [[65535]]


def test_that_padding_and_unknown_values_do_not_spoil_their_neighbours() -> None:
    values = np.array([[4, 8, 1000, 6], [2, 2, 6, 6]], np.uint16)
    result = halved(Slice(values, padding=values == 1000))
    assert (result.values.tolist(), result.padding.tolist()) == ([[4, 1000]], [[False, True]])
    unknown = np.array([[1, np.nan], [3, 5]], np.float32)
    assert halved(Slice(unknown)).values.tolist() == [[1.0]]
