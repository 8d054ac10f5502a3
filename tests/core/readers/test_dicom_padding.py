"""Pixel padding: which pixels it marks, whatever the sign, the bits and the byte order."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import RLELossless

from core.images.slice import Slice
from core.images.windowing import displayed, percentile_window
from core.readers.index import index_path, read
from tests.core.readers.dicom_files import as_big_endian, compressed_file, dicom_file


def opened(path: Path) -> Slice:
    return read(index_path(path)[0], 0)[0]


def written(
    path: Path, pixels: np.ndarray, vr: str, value: int, limit: int | None = None, **more: Any
) -> Path:
    """A file whose padding elements have this value representation."""
    dicom_file(path, pixels, **more)
    dataset = dcmread(path)
    dataset.add_new("PixelPaddingValue", vr, value)
    if limit is not None:
        dataset.add_new("PixelPaddingRangeLimit", vr, limit)
    dataset.save_as(path)
    return path


SIGNED = np.array([[-2000, -2000, 5, -1999], [100, -1000, -2001, 0]], np.int16)


@pytest.mark.parametrize(("vr", "value"), [("SS", -2000), ("US", 63536)])
def test_that_padding_is_found_whatever_the_sign_of_its_element(tmp_path: Path, vr: str, value: int) -> None:
    image = opened(written(tmp_path / "a.dcm", SIGNED, vr, value, RescaleSlope=2, RescaleIntercept=10))
    assert image.padding is not None
    np.testing.assert_array_equal(image.padding, SIGNED == -2000)
    np.testing.assert_array_equal(image.values, SIGNED.astype(int) * 2 + 10)


@pytest.mark.parametrize(("vr", "value"), [("US", 65535), ("SS", -1)])
def test_that_unsigned_padding_is_found_whatever_the_sign_of_its_element(
    tmp_path: Path, vr: str, value: int
) -> None:
    pixels = np.array([[65535, 0, 65534, 65535]], np.uint16)
    image = opened(written(tmp_path / "a.dcm", pixels, vr, value))
    assert image.padding is not None
    np.testing.assert_array_equal(image.padding, pixels == 65535)


@pytest.mark.parametrize(("value", "limit"), [(-2000, -1000), (-1000, -2000)])
@pytest.mark.parametrize("vr", ["SS", "US"])
def test_that_the_range_holds_both_its_ends_in_either_order(
    tmp_path: Path, vr: str, value: int, limit: int
) -> None:
    turned = [number % 65536 if vr == "US" else number for number in (value, limit)]
    image = opened(written(tmp_path / "a.dcm", SIGNED, vr, *turned))
    assert image.padding is not None
    np.testing.assert_array_equal(image.padding, (SIGNED >= -2000) & (SIGNED <= -1000))


def test_that_padding_of_fewer_bits_is_found_under_an_overlay(tmp_path: Path) -> None:
    stored = np.array([[4095, 0, 17, 4095]], np.uint16)
    overlay = np.array([[0x1000, 0, 0xF000, 0xA000]], np.uint16)
    path = written(tmp_path / "a.dcm", stored | overlay, "US", 4095, BitsStored=12, HighBit=11)
    image = opened(path)
    assert image.padding is not None
    np.testing.assert_array_equal(image.padding, stored == 4095)


@pytest.mark.parametrize(("vr", "value"), [("SS", -2000), ("US", 63536), ("US", 2096)])
def test_that_signed_padding_of_fewer_bits_is_found(tmp_path: Path, vr: str, value: int) -> None:
    # 12 bits: -2000 is 2096 in them, and 63536 with the sign written on.
    stored = np.array([[-2000, 2047, 48, -2048]])
    raw = (stored & 0xFFF).astype(np.uint16)
    path = written(
        tmp_path / "a.dcm", raw, vr, value, BitsStored=12, HighBit=11, PixelRepresentation=1, Modality="MR"
    )
    image = opened(path)
    np.testing.assert_array_equal(image.values, stored)
    assert image.padding is not None
    np.testing.assert_array_equal(image.padding, stored == -2000)


def test_that_a_value_beyond_the_stored_bits_means_all_bits(tmp_path: Path) -> None:
    # 63536 has no meaning in 12 bits; its lower ones are 2096, a value of tissue.
    raw = np.array([[63536, 2096, 0, 63536]], np.uint16)
    image = opened(written(tmp_path / "a.dcm", raw, "US", 63536, BitsStored=12, HighBit=11))
    assert image.padding is not None
    np.testing.assert_array_equal(image.padding, [[True, False, False, True]])


def test_that_padding_is_found_in_big_endian_and_in_run_lengths(tmp_path: Path) -> None:
    path = written(tmp_path / "a.dcm", SIGNED, "SS", -2000)
    as_big_endian(path, SIGNED.astype(">i2").tobytes())
    big = opened(path)
    data = RLELosslessEncoder.encode(
        SIGNED,
        encoding_plugin="pydicom",
        rows=2,
        columns=4,
        samples_per_pixel=1,
        bits_allocated=16,
        bits_stored=16,
        pixel_representation=1,
        photometric_interpretation="MONOCHROME2",
        number_of_frames=1,
    )
    coded = opened(compressed_file(tmp_path / "b.dcm", [data], RLELossless, SIGNED, PixelPaddingValue=-2000))
    for image in (big, coded):
        assert image.padding is not None
        np.testing.assert_array_equal(image.padding, SIGNED == -2000)


def test_that_padding_that_no_pixel_has_marks_nothing(tmp_path: Path) -> None:
    assert opened(written(tmp_path / "a.dcm", SIGNED, "SS", 1234)).padding is None
    assert opened(dicom_file(tmp_path / "b.dcm", SIGNED)).padding is None


def test_that_colour_has_no_padding(tmp_path: Path) -> None:
    colour = np.full((2, 2, 3), 255, np.uint8)
    assert opened(written(tmp_path / "a.dcm", colour, "US", 255)).padding is None


@pytest.mark.parametrize(("kind", "name"), [("f4", "Float"), ("f8", "DoubleFloat")])
def test_that_floating_pixels_have_floating_padding(tmp_path: Path, kind: str, name: str) -> None:
    values = np.array([[-0.1, 0.5, 7.25, -0.1]], kind)
    path = dicom_file(tmp_path / "a.dcm", values.view(f"u{values.dtype.itemsize}"), Modality="MR")
    dataset = dcmread(path)
    del dataset.PixelData
    setattr(dataset, f"{name}PixelData", values.tobytes())
    setattr(dataset, f"{name}PixelPaddingValue", -0.1)
    setattr(dataset, f"{name}PixelPaddingRangeLimit", 0.5)
    dataset.save_as(path)
    image = opened(path)
    np.testing.assert_array_equal(image.values, values)
    assert image.padding is not None
    assert image.padding.tolist() == [[True, True, False, True]]


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_that_padding_is_dark_and_takes_no_part_in_windows(tmp_path: Path, photometric: str) -> None:
    pixels = np.arange(100, 200, dtype=np.uint16).reshape(10, 10)
    pixels[:, 0] = 65535
    path = written(tmp_path / "a.dcm", pixels, "US", 65535, PhotometricInterpretation=photometric)
    image = opened(path)
    window = percentile_window(image, 0, 100)
    assert (window.low, window.high) == (101, 199)
    for inverted in (False, True):
        shown = displayed(image, window, inverted)
        assert (shown[:, 0] == 0).all()
        assert shown[:, 1:].max() == 255
