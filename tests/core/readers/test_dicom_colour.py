"""The colours of DICOM files, and which of label and data decides them."""

from pathlib import Path

import jpeg_ls
import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.uid import (
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from core.images.slice import Slice
from core.readers.index import index_path, read
from tests.core.readers.codecs import j2k, jpeg, rle, without_marks
from tests.core.readers.dicom_files import compressed_file, dicom_file

SMOOTH = (
    np.stack(np.broadcast_arrays(*np.meshgrid(np.arange(64), np.arange(48)), 100), -1).astype(np.uint8) * 2
)


def opened(path: Path, frame: int = 0) -> Slice:
    return read(index_path(path)[0], frame)[0]


def error_of(image: Slice) -> float:
    return float(np.abs(image.values.astype(int) - SMOOTH).mean())


LABELS = pytest.mark.parametrize("label", ["RGB", "YBR_FULL", "YBR_FULL_422"])


@LABELS
@pytest.mark.parametrize("planar", [0, 1])
def test_that_a_jpeg_has_the_colours_of_its_own_components(tmp_path: Path, label: str, planar: int) -> None:
    elements = {"PhotometricInterpretation": label, "PlanarConfiguration": planar}
    luminance, rgb = jpeg(SMOOTH), jpeg(SMOOTH, keep_rgb=True)
    for name, data, is_rgb in (
        ("jfif", luminance, False),
        ("bare", without_marks(luminance), False),
        ("adobe", rgb, True),
        ("letters", without_marks(rgb, b"RGB"), True),
    ):
        image = opened(
            compressed_file(tmp_path / f"{name}.dcm", [data], JPEGBaseline8Bit, SMOOTH, **elements)
        )
        assert error_of(image) < 2, name
        assert len(image.notes) == ((label == "RGB") != is_rgb), name


def test_that_unmarked_components_have_the_colours_of_the_label(tmp_path: Path) -> None:
    for label, data in (("RGB", jpeg(SMOOTH, keep_rgb=True)), ("YBR_FULL", jpeg(SMOOTH, subsampling=0))):
        bare = without_marks(data, b"\x00\x01\x02")
        path = compressed_file(
            tmp_path / "a.dcm", [bare], JPEGBaseline8Bit, SMOOTH, PhotometricInterpretation=label
        )
        image = opened(path)
        assert error_of(image) < 2
        assert image.notes == ()


@pytest.mark.parametrize(
    ("mct", "label", "has_note"),
    [
        (1, "YBR_RCT", False),
        (1, "YBR_ICT", False),
        (1, "RGB", False),
        (1, "YBR_FULL", True),
        (1, "YBR_FULL_422", True),
        (0, "RGB", False),
        (0, "YBR_RCT", True),
    ],
)
@pytest.mark.parametrize("planar", [0, 1])
def test_that_jpeg_2000_is_rgb_where_its_own_transformation_states_it(
    tmp_path: Path, mct: int, label: str, has_note: bool, planar: int
) -> None:
    elements = {"PhotometricInterpretation": label, "PlanarConfiguration": planar}
    path = compressed_file(tmp_path / "a.dcm", [j2k(SMOOTH, mct=mct)], JPEG2000, SMOOTH, **elements)
    image = opened(path)
    np.testing.assert_array_equal(image.values, SMOOTH)
    assert bool(image.notes) is has_note


LUMINANCE = np.asarray(Image.fromarray(SMOOTH).convert("YCbCr"))


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("label", ["RGB", "YBR_FULL", "YBR_FULL_422"])
@pytest.mark.parametrize("form", ["RLE", "JPEG-LS by plane", "JPEG-LS by pixel", "JPEG 2000"])
def test_that_lossless_colour_is_what_its_label_states(
    tmp_path: Path, form: str, label: str, planar: int
) -> None:
    samples = SMOOTH if label == "RGB" else LUMINANCE
    if form == "RLE":
        data, syntax = rle(samples), RLELossless
    elif form == "JPEG 2000":
        data, syntax = j2k(samples, mct=0), JPEG2000Lossless
    else:
        order = np.moveaxis(samples, 2, 0) if form == "JPEG-LS by plane" else samples
        mode = 0 if form == "JPEG-LS by plane" else 2
        data, syntax = (
            bytes(jpeg_ls.encode_array(np.ascontiguousarray(order), interleave_mode=mode)),
            JPEGLSLossless,
        )
    elements = {"PhotometricInterpretation": label, "PlanarConfiguration": planar}
    image = opened(compressed_file(tmp_path / "a.dcm", [data], syntax, SMOOTH, **elements))
    # Luminance and chroma are whole numbers; blue is luminance and 1.772 times a chroma.
    assert np.abs(image.values.astype(int) - SMOOTH).max() <= 3
    assert image.notes == ()


def test_that_native_planes_are_planes(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", SMOOTH, PlanarConfiguration=1)
    dataset = dcmread(path)
    dataset.PixelData = np.moveaxis(SMOOTH, 2, 0).tobytes()
    dataset.save_as(path)
    np.testing.assert_array_equal(opened(path).values, SMOOTH)


def test_that_all_chroma_under_a_4_2_2_label_is_read_with_a_note(tmp_path: Path) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", LUMINANCE, PhotometricInterpretation="YBR_FULL_422"))
    assert np.abs(image.values.astype(int) - SMOOTH).max() <= 3
    assert "all chroma samples" in image.notes[0]
