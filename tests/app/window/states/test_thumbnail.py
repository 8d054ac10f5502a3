"""Small pictures: size, content, and strips that are too thin to average."""

import numpy as np
import pytest

from app.window.states.thumbnail import thumbnail
from core.images.slice import Slice, Window

ALL = (Window(127.5, 255, function="linear_exact"),)


@pytest.mark.parametrize("shape", [(1, 1), (96, 96), (97, 96), (512, 512), (3, 4000), (2048, 1024)])
def test_that_no_side_is_longer_than_asked_and_none_is_lost(shape) -> None:
    small = thumbnail(Slice(np.full(shape, 80, np.uint8), windows=ALL), side=96)
    assert small.shape[2] == 3
    assert 1 <= min(small.shape[:2]) <= max(small.shape[:2]) <= 96
    assert (small == 80).all()


def test_that_each_pixel_is_the_mean_of_its_field() -> None:
    checks = np.indices((192, 192)).sum(axis=0) % 2 * np.uint8(200)
    small = thumbnail(Slice(checks.astype(np.uint8), windows=ALL), side=96)
    assert small.shape == (96, 96, 3)
    assert (small == 100).all()


def test_that_colour_stays_colour() -> None:
    red = np.zeros((100, 50, 3), np.uint8)
    red[..., 0] = 250
    assert thumbnail(Slice(red))[10, 10].tolist() == [250, 0, 0]


@pytest.mark.parametrize(
    ("aspect", "size"), [(2.0, (96, 48)), (0.5, (48, 96)), (1.0, (66, 66)), (100.0, (96, 1))]
)
def test_that_a_small_picture_has_the_proportions_of_its_pixels(aspect, size) -> None:
    image = Slice(np.full((200, 200), 80, np.uint8), windows=ALL, stated_aspect=aspect)
    small = thumbnail(image, side=96)
    assert abs(small.shape[0] - size[0]) <= 2
    assert abs(small.shape[1] - size[1]) <= 2
    assert (small == 80).all()


def test_that_padding_is_dark_in_a_small_picture_too() -> None:
    values = np.full((800, 800), 120, np.uint16)
    values[:, 400:] = 200
    values[:, :200] = 65535
    small = thumbnail(Slice(values, padding=values == 65535), side=96)
    quarter = small.shape[1] // 4
    assert (small[:, : quarter - 1] == 0).all()
    assert (small[:, 2 * quarter + 2 :] == 255).all()
