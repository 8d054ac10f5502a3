"""The DICOM files that people reported: each gives what its row of the index calls right.

What the network makes of them, and the fit check, stand in tests of their own.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.view_models.image import ImageModel
from core.images.slice import Slice
from core.images.windowing import default_window, displayed, percentile_window, presets
from core.readers.process import ReaderProcess

CASES: dict[str, Callable[["Files"], None]] = {}


class Files:
    """The files of the set, read as the program reads them."""

    def __init__(self, folder: Path, reader: ReaderProcess) -> None:
        self._folder, self._reader = folder, reader

    def entry_frames(self, name: str) -> int:
        (entry,) = self._reader.index(self._folder / name)
        return entry.frames

    def image(self, name: str) -> Slice:
        (entry,) = self._reader.index(self._folder / name)
        image, _ = self._reader.read(entry, 0)
        assert image.shape == (entry.rows, entry.columns)
        return image

    def truth(self, name: str) -> np.ndarray:
        return np.load(self._folder / name)


def case(name: str) -> Callable[[Callable[[Files], None]], Callable[[Files], None]]:
    def added(check: Callable[[Files], None]) -> Callable[[Files], None]:
        CASES[name] = check
        return check

    return added


@case("mono1")
def _(files: Files) -> None:
    negative, plain = files.image("d10_mono1.dcm"), files.image("d10_mono2.dcm")
    assert (negative.inverted, plain.inverted) == (True, False)
    np.testing.assert_array_equal(negative.values, 4095 - plain.values)
    assert np.abs(displayed(negative).astype(int) - displayed(plain)).max() <= 1


@case("padding_film")
def _(files: Files) -> None:
    padded, plain, black = (files.image(f"d06_{name}.dcm") for name in ("padded", "plain", "black"))
    assert padded.padding is not None
    np.testing.assert_array_equal(padded.padding, padded.values == 65535)
    inside = ~padded.padding
    np.testing.assert_array_equal(padded.values[inside], plain.values[inside])
    for low, high in ((0, 100), (1, 99)):
        expected = percentile_window(Slice(plain.values[inside][None]), low, high)
        assert percentile_window(padded, low, high) == expected
    # Under the same window it is shown as the film with a black frame.
    window = default_window(padded)
    np.testing.assert_array_equal(displayed(padded, window)[inside], displayed(black, window)[inside])
    assert (displayed(padded, window)[padded.padding] == 0).all()
    assert (displayed(padded, window, inverted=True)[padded.padding] == 0).all()


@case("voi_lut_8bit")
def _(files: Files) -> None:
    for name in ("d16b_voi_lut_8bit.dcm", "d16c_voi_lut_8bit_wide.dcm"):
        image = files.image(name)
        window = default_window(image)
        assert (window.centre, window.width) == (127.5, 255)
        np.testing.assert_array_equal(displayed(image), image.values)


@case("sigmoid")
def _(files: Files) -> None:
    image = files.image("d05_sigmoid.dcm")
    expected = 255 / (1 + np.exp(-4 * (image.values.astype(float) - 2000) / 1000))
    np.testing.assert_array_equal(displayed(image), np.rint(expected))


@case("rescale_gaps")
def _(files: Files) -> None:
    for name in ("d04_slope_empty.dcm", "d04_intercept_only.dcm"):
        image = files.image(name)
        assert (image.values.min(), image.values.max(), image.unit) == (-1024, 2576, "HU")
    comma = files.image("d24_slope_comma.dcm")
    assert "RescaleSlope is unreadable: 1 was taken" in comma.notes


@case("jpeg_planar1")
def _(files: Files) -> None:
    for name in ("d08_jpeg_planar1.dcm", "d08_jpeg_called_ybr422.dcm"):
        assert np.abs(files.image(name).values - files.truth("d08_truth.npy").astype(float)).mean() < 2


@case("jpeg_rgb_label")
def _(files: Files) -> None:
    for name in ("d08_jpeg_bare_called_rgb.dcm", "d08_jpeg_jfif_called_rgb.dcm"):
        image = files.image(name)
        assert np.abs(image.values - files.truth("d08_truth.npy").astype(float)).mean() < 2
        assert image.notes == ("labelled RGB, but the JPEG data say YCbCr: read as that",)


@case("frames0")
def _(files: Files) -> None:
    assert files.entry_frames("d03_frames0.dcm") == 1
    assert files.image("d03_frames0.dcm").values.max() == 3600


@case("uncounted")
def _(files: Files) -> None:
    assert files.entry_frames("d13_three_uncounted.dcm") == 1
    image = files.image("d13_three_uncounted.dcm")
    assert image.shape == (256, 256)
    assert not image.is_colour
    assert "hold 3 frames" in image.notes[0]


@case("wrong_syntax")
def _(files: Files) -> None:
    image = files.image("d11_jpeg_called_native.dcm")
    assert image.values.max() == 221
    assert "contradicts the pixel data, which are JPEG" in image.notes[0]


@case("non_square")
def _(files: Files) -> None:
    # Rows lie 0.5 mm apart and columns 1 mm: a square of 256 x 128 pixels, and one squeezed to half.
    for name, sides in (("d25_square_anatomy.dcm", (128, 128)), ("d25_squeezed_anatomy.dcm", (128, 256))):
        image = files.image(name)
        model = ImageModel()
        model.set_view_size(256, 256)
        model.show(image, 1, "case")
        view, (rows, columns) = model.view, image.shape
        shown = (rows * view.per_row, columns * view.per_column)
        assert shown[0] / shown[1] == sides[0] / sides[1]


def dicom_rows(folder: Path) -> set[str]:
    with (folder / "index.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"] for row in csv.DictReader(stream) if ".dcm" in row["files"]}


@pytest.fixture(scope="module")
def files(shared: Path) -> object:
    with ReaderProcess() as process:
        yield Files(shared / "field_cases", process)


def test_that_every_reported_dicom_file_has_its_check(shared: Path) -> None:
    assert dicom_rows(shared / "field_cases") == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_that_a_reported_file_gives_what_is_right(qapp: object, files: Files, name: str) -> None:
    CASES[name](files)


def test_that_every_window_of_a_reported_file_shows_its_image(files: Files) -> None:
    for name in ("d05_sigmoid.dcm", "d06_padded.dcm", "d10_mono1.dcm", "d16b_voi_lut_8bit.dcm"):
        image = files.image(name)
        for window in presets(image):
            assert len(np.unique(displayed(image, window))) > 16, (name, window.name)
