"""Pixels of pictures that are not square: the ratio of the resolutions along both sides."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.images.slice import Slice
from core.models.preprocessing import Preprocessing
from core.readers.index import index_path, read
from core.readers.proportions import stated_aspect

GREY = np.arange(64 * 32, dtype=np.uint8).reshape(64, 32)


def opened(path: Path) -> Slice:
    return read(index_path(path)[0], 0)[0]


def with_resolutions(path: Path, across: int, down: int) -> Path:
    Image.fromarray(GREY).save(path, dpi=(across, down))
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif"])
def test_that_half_as_many_rows_for_each_inch_make_pixels_twice_as_high(tmp_path, suffix):
    image = opened(with_resolutions(tmp_path / f"a{suffix}", 200, 100))
    assert image.pixel_aspect == pytest.approx(2, rel=1e-3)
    assert image.spacing_mm is None


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif"])
@pytest.mark.parametrize("resolutions", [(96, 96), (72, 0), (0, 72)])
def test_that_equal_or_missing_resolutions_make_square_pixels(tmp_path, suffix, resolutions):
    assert opened(with_resolutions(tmp_path / f"a{suffix}", *resolutions)).stated_aspect is None


def test_that_a_ratio_without_a_length_counts(tmp_path):
    """JFIF with unit 0, and TIFF with ResolutionUnit 1, are made for this."""
    data = bytearray(with_resolutions(tmp_path / "a.jpg", 10, 20).read_bytes())
    place = data.index(b"JFIF\0") + 7
    data[place] = 0
    (tmp_path / "a.jpg").write_bytes(data)
    assert opened(tmp_path / "a.jpg").stated_aspect == 0.5
    tifffile.imwrite(tmp_path / "a.tif", GREY, resolution=(3, 1), resolutionunit="NONE")
    assert opened(tmp_path / "a.tif").stated_aspect == 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_that_the_ratio_is_turned_with_the_picture(tmp_path, suffix, orientation):
    """The anatomy is square: 64 rows at half the distance of 32 columns."""
    path, entries = tmp_path / f"a{suffix}", Image.Exif()
    entries[274] = orientation
    Image.fromarray(GREY).save(path, dpi=(100, 200), exif=entries)
    image = opened(path)
    rows, columns = image.shape
    assert rows * image.pixel_aspect / columns == pytest.approx(1, rel=1e-3)


def test_that_the_network_gets_the_true_proportions(tmp_path):
    image = opened(with_resolutions(tmp_path / "a.png", 100, 200))
    grid = Preprocessing(aspect="pad", height=32, width=32).grid_map(image)
    assert grid.box == (-0.5, -0.5, 63.5, 31.5)


@pytest.mark.parametrize("broken", [None, (1,), (1, 2, 3), ("a", 1), (-1, -2), (1e9, 1), (float("nan"), 1)])
def test_that_impossible_resolutions_are_ignored(broken):
    assert stated_aspect(broken) is None
