"""DICOM pixels: the bits that count, their sign, the frames, and files that contradict themselves."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import jpeg_ls
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from core.errors import Truncated, Unreadable, Unsupported
from core.images.slice import Slice
from core.readers.index import index_path, read
from tests.core.readers.codecs import j2k, jpeg, lossless, rle
from tests.core.readers.dicom_files import as_big_endian, compressed_file, dicom_file, relabelled

GREY8 = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5
# Every 12-bit value range end, and some in between.
TWELVE = np.tile(np.array([[0, 1, 2047, 2048], [2049, 4094, 4095, 1234]], np.uint16), (8, 4))
SMOOTH = (
    np.stack(np.broadcast_arrays(*np.meshgrid(np.arange(64), np.arange(48)), 100), -1).astype(np.uint8) * 2
)


def opened(path: Path, frame: int = 0) -> Slice:
    return read(index_path(path)[0], frame)[0]


# Bits


def as_stored(form: str, tmp_path: Path, raw: np.ndarray, **elements: object) -> Slice:
    """16-bit samples, in one of the forms that keep all of their bits."""
    path = tmp_path / "a.dcm"
    if form == "native":
        return opened(dicom_file(path, raw, **elements))
    if form == "RLE":
        return opened(compressed_file(path, [rle(raw)], RLELossless, raw, **elements))
    if form == "JPEG-LS":
        data = bytes(jpeg_ls.encode_array(raw.view(np.uint16)))
        return opened(compressed_file(path, [data], JPEGLSLossless, raw, **elements))
    if form == "JPEG Lossless":
        return opened(compressed_file(path, [lossless(raw, tmp_path)], JPEGLosslessSV1, raw, **elements))
    data = j2k(raw.view(np.uint16))
    return opened(compressed_file(path, [data], JPEG2000Lossless, raw, **elements))


FORMS = pytest.mark.parametrize("form", ["native", "RLE", "JPEG Lossless", "JPEG-LS", "JPEG 2000"])


@FORMS
def test_that_bits_beyond_those_stored_are_left_out(tmp_path: Path, form: str) -> None:
    overlay = np.random.default_rng(3).integers(0, 16, TWELVE.shape, np.uint16) << 12
    image = as_stored(form, tmp_path, TWELVE | overlay, BitsStored=12, HighBit=11, Modality="MR")
    np.testing.assert_array_equal(image.values, TWELVE)


@FORMS
def test_that_the_sign_is_the_highest_stored_bit(tmp_path: Path, form: str) -> None:
    elements = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 1, "Modality": "MR"}
    for raw in (TWELVE, TWELVE | 0x5000):  # the sign is not written on, or other bits stand there
        image = as_stored(form, tmp_path, raw.astype(np.uint16), **elements)
        expected = TWELVE.astype(int) - 4096 * (TWELVE >= 2048)
        np.testing.assert_array_equal(image.values, expected)
        assert image.values.dtype == np.int16


@FORMS
def test_that_pixels_in_the_upper_bits_are_moved_down(tmp_path: Path, form: str) -> None:
    raw = TWELVE << 4 | 0x000B
    image = as_stored(form, tmp_path, raw, BitsStored=12, HighBit=15, Modality="MR")
    np.testing.assert_array_equal(image.values, TWELVE)


def test_that_pixels_in_the_middle_bits_keep_their_sign(tmp_path: Path) -> None:
    stored = np.array([[-512, -1, 0, 511]])
    raw = ((stored & 0x3FF) << 3 | 0xE005).astype(np.uint16)
    path = dicom_file(
        tmp_path / "a.dcm", raw, BitsStored=10, HighBit=12, PixelRepresentation=1, Modality="MR"
    )
    np.testing.assert_array_equal(opened(path).values, stored)


@pytest.mark.parametrize(
    ("elements", "expected_note"),
    [
        ({"BitsStored": 17}, "BitsStored is 17 of 16 bits"),
        ({"BitsStored": 0}, "BitsStored is 0 of 16 bits"),
        ({"HighBit": 16}, "HighBit is 16"),
        ({"HighBit": 3}, "HighBit is 3"),
        ({"PixelRepresentation": None}, "PixelRepresentation is missing"),
        ({"PixelRepresentation": 7}, "PixelRepresentation is missing or neither"),
        ({"BitsAllocated": None}, "BitsAllocated is missing or impossible: 16 was assumed"),
        ({"BitsAllocated": 3000}, "BitsAllocated is missing or impossible: 16 was assumed"),
        ({"BitsAllocated": None, "BitsStored": None}, "16 was derived from the length of the data"),
    ],
)
def test_that_impossible_bits_are_noted_and_all_are_taken(
    tmp_path: Path, elements: dict[str, int], expected_note: str
) -> None:
    raw = np.array([[1, 0xFFFF]], np.uint16)
    image = opened(dicom_file(tmp_path / "a.dcm", raw, Modality="MR", **elements))
    np.testing.assert_array_equal(image.values, raw)
    (note,) = image.notes
    assert expected_note in note


def test_that_bytes_in_big_endian_words_are_put_in_order(tmp_path: Path) -> None:
    for pixels in (GREY8, GREY8[:3, :5], np.stack([GREY8[:3, :5], GREY8[3:, 3:]])):
        data = pixels.tobytes() + bytes(pixels.size % 2)
        words = np.frombuffer(data, "<u2").astype(">u2").tobytes()
        path = as_big_endian(dicom_file(tmp_path / "a.dcm", pixels), words)
        frames = pixels[None] if pixels.ndim == 2 else pixels
        for frame, expected in enumerate(frames):
            np.testing.assert_array_equal(opened(path, frame).values, expected)


def test_that_frames_of_single_bits_may_start_inside_a_byte(tmp_path: Path) -> None:
    frames = np.random.default_rng(5).integers(0, 2, (5, 3, 7), np.uint8)
    packed = np.packbits(frames.ravel(), bitorder="little").tobytes()
    path = dicom_file(tmp_path / "a.dcm", frames, BitsAllocated=1, BitsStored=1, HighBit=0, Modality="SEG")
    dataset = dcmread(path)
    dataset.PixelData = packed + bytes(len(packed) % 2)
    dataset.save_as(path)
    for frame in range(5):
        np.testing.assert_array_equal(opened(path, frame).values, frames[frame])
    dataset.PixelData = packed[:-2]
    dataset.save_as(path)
    with pytest.raises(Truncated):
        index_path(path)


def test_that_two_samples_in_three_bytes_are_unpacked(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", TWELVE, BitsAllocated=12, BitsStored=12, HighBit=11, Modality="MR")
    dataset = dcmread(path)
    pairs = TWELVE.reshape(-1, 2).tolist()
    dataset.PixelData = b"".join((first | second << 12).to_bytes(3, "little") for first, second in pairs)
    dataset.save_as(path)
    np.testing.assert_array_equal(opened(path).values, TWELVE)


# Frames


@pytest.mark.parametrize(("count", "notes"), [("0", 1), ("", 0), (None, 0), ("1", 0)])
def test_that_a_number_of_frames_of_zero_means_one(tmp_path: Path, count: str | None, notes: int) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", GREY8, NumberOfFrames=count))
    np.testing.assert_array_equal(image.values, GREY8)
    assert len(image.notes) == notes


@pytest.mark.parametrize("count", ["-1", [1, 2]])
def test_that_an_invalid_number_of_frames_is_refused(tmp_path: Path, count: object) -> None:
    with pytest.raises(Unreadable, match="does not state a positive whole number as NumberOfFrames"):
        index_path(dicom_file(tmp_path / "a.dcm", GREY8, NumberOfFrames=count))


@pytest.mark.parametrize("counted", [1, 2])
def test_that_frames_beyond_those_counted_are_noted(tmp_path: Path, counted: int) -> None:
    frames = np.stack([GREY8, GREY8 + 1, GREY8 + 2])
    coded = [rle(frame) for frame in frames]
    grey = [jpeg(np.repeat(np.repeat(frame, 4, 0), 4, 1)) for frame in frames]
    for path in (
        dicom_file(tmp_path / "a.dcm", frames, NumberOfFrames=counted),
        compressed_file(tmp_path / "b.dcm", coded, RLELossless, frames, NumberOfFrames=counted),
    ):
        image = opened(path, counted - 1)
        np.testing.assert_array_equal(image.values, frames[counted - 1])
        (note,) = image.notes
        assert "hold 3 frames" in note
    like = np.zeros((3, 24, 32), np.uint8)
    path = compressed_file(tmp_path / "c.dcm", grey, JPEGBaseline8Bit, like, NumberOfFrames=counted)
    assert "hold 3 frames" in opened(path).notes[0]


def test_that_fewer_frames_than_counted_are_truncated(tmp_path: Path) -> None:
    frames = np.stack([GREY8, GREY8])
    with pytest.raises(Truncated, match="ends before its image does: 48 bytes"):
        index_path(dicom_file(tmp_path / "a.dcm", frames, NumberOfFrames=3))
    coded = [rle(frame) for frame in frames]
    with pytest.raises(Truncated, match="states 3 frames, but has 2"):
        index_path(compressed_file(tmp_path / "b.dcm", coded, RLELossless, frames, NumberOfFrames=3))


def test_that_bytes_after_the_image_are_noted(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", GREY8)
    dataset = dcmread(path)
    dataset.PixelData += bytes(10)
    dataset.save_as(path)
    image = opened(path)
    np.testing.assert_array_equal(image.values, GREY8)
    assert image.notes == ("the pixel data are longer than the image: the rest was ignored",)


def test_that_a_frame_in_several_fragments_is_one(tmp_path: Path) -> None:
    grey = np.repeat(np.repeat(GREY8, 8, 0), 8, 1)
    encoded = jpeg(grey)
    parts = [encoded[:100], encoded[100:300], encoded[300:]]
    path = compressed_file(tmp_path / "a.dcm", parts, JPEGBaseline8Bit, grey)
    assert np.abs(opened(path).values.astype(int) - grey).mean() < 2
    two_frames = compressed_file(tmp_path / "b.dcm", parts * 2, JPEGBaseline8Bit, grey, NumberOfFrames=2)
    assert np.abs(opened(two_frames, 1).values.astype(int) - grey).mean() < 2


# Contradictions


@pytest.mark.parametrize("native", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_that_compressed_data_under_a_native_name_are_read_with_a_note(tmp_path: Path, native: str) -> None:
    path = compressed_file(tmp_path / "a.dcm", [j2k(GREY8)], JPEG2000Lossless, GREY8)
    image = opened(relabelled(path, native))
    np.testing.assert_array_equal(image.values, GREY8)
    assert any("contradicts the pixel data" in note for note in image.notes)


@pytest.mark.parametrize("named", [JPEGBaseline8Bit, RLELossless, JPEGLSLossless])
def test_that_the_wrong_compression_by_name_is_read_with_a_note(tmp_path: Path, named: str) -> None:
    path = compressed_file(tmp_path / "a.dcm", [j2k(GREY8)], JPEG2000Lossless, GREY8)
    image = opened(relabelled(path, named))
    np.testing.assert_array_equal(image.values, GREY8)
    (note,) = image.notes
    assert "contradicts the pixel data, which are JPEG 2000" in note


def test_that_native_data_under_a_compressed_name_are_read_with_a_note(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", GREY8)
    image = opened(relabelled(path, RLELossless))
    np.testing.assert_array_equal(image.values, GREY8)
    assert "contradicts the pixel data, which are not compressed" in image.notes[0]


def test_that_native_data_in_fragments_are_read_with_a_note(tmp_path: Path) -> None:
    path = compressed_file(tmp_path / "a.dcm", [GREY8.tobytes()], JPEG2000Lossless, GREY8)
    image = opened(path)
    np.testing.assert_array_equal(image.values, GREY8)
    assert "contradicts the pixel data, which are not compressed" in image.notes[0]


@pytest.mark.parametrize("wrong", [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_that_a_wrong_byte_order_or_a_false_deflation_is_noticed(tmp_path: Path, wrong: str) -> None:
    path = dicom_file(tmp_path / "a.dcm", TWELVE, Modality="MR")
    data = path.read_bytes()
    little = data.replace(b"UI\x14\x001.2.840.10008.1.2.1\0", b"UI\x16\x00" + wrong.encode().ljust(22, b"\0"))
    path.write_bytes(little)
    image = opened(path)
    np.testing.assert_array_equal(image.values, TWELVE)
    assert "contradicts the data, which are in explicit VR, little endian" in image.notes[0]


def test_that_big_endian_under_a_little_endian_name_is_noticed(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", TWELVE, Modality="MR")
    as_big_endian(path, TWELVE.astype(">u2").tobytes())
    assert opened(path).notes == ()
    image = opened(relabelled(path, ImplicitVRLittleEndian))
    np.testing.assert_array_equal(image.values, TWELVE)
    assert "which are in explicit VR, big endian" in image.notes[0]


def test_that_deflated_data_under_a_native_name_are_read_with_a_note(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", TWELVE, Modality="MR")
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    assert opened(path).notes == ()
    image = opened(relabelled(path, ExplicitVRLittleEndian))
    np.testing.assert_array_equal(image.values, TWELVE)
    assert "which are deflated" in image.notes[0]


@pytest.mark.parametrize("stated", [2**31, 1000])
def test_that_a_length_beyond_the_end_is_reported_and_makes_no_frames(tmp_path: Path, stated: int) -> None:
    path = dicom_file(tmp_path / "a.dcm", TWELVE, Modality="MR")
    data = path.read_bytes()
    length = TWELVE.nbytes.to_bytes(4, "little")
    assert TWELVE.nbytes < 1000
    path.write_bytes(data.replace(b"OW\0\0" + length, b"OW\0\0" + stated.to_bytes(4, "little")))
    image = opened(path)
    np.testing.assert_array_equal(image.values, TWELVE)
    assert image.notes == ("the stated length of the pixel data extends beyond the end of the file",)


@pytest.mark.parametrize("wrapped", [zlib.compress, gzip.compress])
def test_that_deflated_data_in_the_form_of_zlib_or_gzip_are_read_with_a_note(
    tmp_path: Path, wrapped: Callable[[bytes], bytes]
) -> None:
    """PS3.5 A.5 requires deflated data without a header of their own."""
    path = dicom_file(tmp_path / "a.dcm", TWELVE, Modality="MR")
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    data = path.read_bytes()
    start = 132 + 12 + dcmread(path).file_meta.FileMetaInformationGroupLength
    path.write_bytes(data[:start] + wrapped(zlib.decompress(data[start:], -zlib.MAX_WBITS)))
    image = opened(path)
    np.testing.assert_array_equal(image.values, TWELVE)
    assert image.notes == (
        "the deflated data are in zlib or gzip format, which the transfer syntax does not allow",
    )


def test_that_pixel_data_of_no_known_form_are_refused_with_the_cause(tmp_path: Path) -> None:
    path = compressed_file(tmp_path / "a.dcm", [b"not an image at all"], JPEG2000Lossless, GREY8)
    for syntax in (JPEG2000Lossless, ExplicitVRLittleEndian):
        with pytest.raises(Unreadable, match="the transfer syntax contradicts the pixel data"):
            index_path(relabelled(path, syntax))


def test_that_a_size_other_than_the_codestream_has_is_refused(tmp_path: Path) -> None:
    path = compressed_file(tmp_path / "a.dcm", [j2k(GREY8)], JPEG2000Lossless, GREY8, Rows=7)
    with pytest.raises(Unreadable, match="its header says 8 x 7 pixels, its JPEG 2000 data 8 x 6"):
        index_path(path)


def test_that_samples_wider_than_the_header_states_keep_all_their_bits(tmp_path: Path) -> None:
    data = bytes(jpeg_ls.encode_array(TWELVE * 16))
    narrow = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "Modality": "MR"}
    image = opened(compressed_file(tmp_path / "a.dcm", [data], JPEGLSLossless, TWELVE, **narrow))
    np.testing.assert_array_equal(image.values, TWELVE * 16)
    assert "the header states 8 bits a sample" in image.notes[0]


@pytest.mark.parametrize(
    "elements",
    [
        {"PhotometricInterpretation": "MONOCHROME2"},
        {"SamplesPerPixel": 1},
        {"SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2"},
    ],
)
def test_that_colour_labelled_grey_is_colour_where_the_data_are_colour(
    tmp_path: Path, elements: dict[str, object]
) -> None:
    path = compressed_file(tmp_path / "a.dcm", [j2k(SMOOTH, mct=0)], JPEG2000Lossless, SMOOTH, **elements)
    image = opened(path)
    np.testing.assert_array_equal(image.values, SMOOTH)
    assert "read as RGB" in image.notes[0]
    if len(elements) == 1:
        image = opened(dicom_file(tmp_path / "b.dcm", SMOOTH, **elements))
        np.testing.assert_array_equal(image.values, SMOOTH)
        assert "read as RGB" in image.notes[0]


@pytest.mark.parametrize("elements", [{"PhotometricInterpretation": "RGB"}, {"SamplesPerPixel": 3}])
def test_that_grey_labelled_colour_is_grey_where_the_data_are_grey(
    tmp_path: Path, elements: dict[str, object]
) -> None:
    for path in (
        dicom_file(tmp_path / "a.dcm", GREY8, **elements),
        compressed_file(tmp_path / "b.dcm", [j2k(GREY8)], JPEG2000Lossless, GREY8, **elements),
        compressed_file(tmp_path / "c.dcm", [rle(GREY8)], RLELossless, GREY8, **elements),
    ):
        image = opened(path)
        np.testing.assert_array_equal(image.values, GREY8)
        assert "read as MONOCHROME2" in image.notes[0]


@pytest.mark.parametrize("samples", [2, 4])
def test_that_other_numbers_of_samples_are_refused(tmp_path: Path, samples: int) -> None:
    like = np.zeros((6, 8 * samples), np.uint8)
    path = dicom_file(tmp_path / "a.dcm", like, Columns=8, SamplesPerPixel=samples)
    with pytest.raises(Unsupported, match=f"{samples} samples a pixel"):
        index_path(path)


def test_that_compressed_data_of_a_file_that_states_no_syntax_are_read_with_a_note(tmp_path: Path) -> None:
    path = compressed_file(tmp_path / "a.dcm", [j2k(GREY8)], JPEG2000Lossless, GREY8)
    data = path.read_bytes()
    path.write_bytes(data[data.index(b"\x08\x00\x05\x00CS") :])
    image = opened(path)
    np.testing.assert_array_equal(image.values, GREY8)
    assert image.notes == (
        "no transfer syntax is stated: the pixel data are JPEG 2000 and were read as such",
    )
