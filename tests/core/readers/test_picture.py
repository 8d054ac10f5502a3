"""PNG, JPEG, BMP and TIFF: bit depth, palette, transparency, orientation, and what is refused."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import Refused, Truncated, Unreadable, Unsupported
from core.images.slice import Slice
from core.images.windowing import displayed
from core.readers import index_path, read

RAMP = np.arange(6 * 8, dtype=np.uint8).reshape(6, 8) * 5
COLOUR = np.stack([RAMP, RAMP[::-1], 255 - RAMP], axis=-1)


def opened(path: Path) -> Slice:
    (entry,) = index_path(path)
    image, identity = read(entry, 0)
    assert image.shape == (entry.rows, entry.columns)
    assert not any(getattr(identity, name) for name in identity.__slots__)
    return image


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif"])
@pytest.mark.parametrize("values", [RAMP, COLOUR], ids=["grey", "colour"])
def test_that_8_bits_come_back_and_show_as_they_are(tmp_path: Path, suffix: str, values: np.ndarray) -> None:
    path = tmp_path / f"Bild mit Köpfchen 頭.{suffix}"
    Image.fromarray(values).save(path)
    image = opened(path)
    assert image.values.dtype == np.uint8
    np.testing.assert_array_equal(image.values, values)
    np.testing.assert_array_equal(displayed(image), values)


def test_that_a_jpeg_is_read(tmp_path: Path) -> None:
    smooth = np.add.outer(np.arange(32), np.arange(48)).astype(np.uint8) * 3
    Image.fromarray(smooth).save(tmp_path / "a.jpeg", quality=95)
    assert np.abs(opened(tmp_path / "a.jpeg").values.astype(int) - smooth).max() <= 4


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_that_16_bit_grey_keeps_its_16_bits(tmp_path: Path, suffix: str) -> None:
    values = RAMP.astype(np.uint16) * 257 + 3
    Image.fromarray(values).save(tmp_path / f"a.{suffix}")
    image = opened(tmp_path / f"a.{suffix}")
    np.testing.assert_array_equal(image.values, values)
    assert image.windows == ()


def test_that_16_bit_colour_is_noted_as_reduced(tmp_path: Path) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress(b"\0" + struct.pack(">6H", 0x1234, 0x5678, 0x9ABC, 0, 0xFFFF, 0x0100))
    header = struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)
    path = tmp_path / "a.png"
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    image = opened(path)
    assert image.values.tolist() == [[[0x12, 0x56, 0x9A], [0, 255, 1]]]
    assert image.notes == ("colour was reduced from 16 to 8 bits",)


def test_that_float_tiff_keeps_its_values(tmp_path: Path) -> None:
    values = np.array([[0.25, -3.5], [1e6, np.nan]], np.float32)
    Image.fromarray(values).save(tmp_path / "a.tif")
    np.testing.assert_array_equal(opened(tmp_path / "a.tif").values, values)


def test_that_grey_in_colour_channels_and_in_a_palette_is_grey(tmp_path: Path) -> None:
    Image.fromarray(np.stack([RAMP] * 3, axis=-1)).save(tmp_path / "a.png")
    np.testing.assert_array_equal(opened(tmp_path / "a.png").values, RAMP)
    Image.fromarray(RAMP).convert("P").save(tmp_path / "b.png")
    np.testing.assert_array_equal(opened(tmp_path / "b.png").values, RAMP)


def test_that_a_palette_of_colours_is_looked_up(tmp_path: Path) -> None:
    picture = Image.fromarray(np.array([[0, 1]], np.uint8), mode=None)
    picture = picture.convert("P")
    picture.putpalette([10, 20, 30, 200, 100, 0])
    picture.save(tmp_path / "a.png")
    assert opened(tmp_path / "a.png").values.tolist() == [[[10, 20, 30], [200, 100, 0]]]


def test_that_transparency_shows_on_black_and_is_noted(tmp_path: Path) -> None:
    values = np.array([[[200, 100, 50, 255], [200, 100, 50, 0]]], np.uint8)
    Image.fromarray(values).save(tmp_path / "a.png")
    image = opened(tmp_path / "a.png")
    assert image.values.tolist() == [[[200, 100, 50], [0, 0, 0]]]
    assert image.notes == ("transparent parts are shown on black",)
    values[..., 3] = 255
    Image.fromarray(values).save(tmp_path / "b.png")
    assert opened(tmp_path / "b.png").notes == ()


def test_that_one_bit_is_black_and_white(tmp_path: Path) -> None:
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "a.png")
    assert opened(tmp_path / "a.png").values.tolist() == [[255, 0]]


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [(1, RAMP), (3, RAMP[::-1, ::-1]), (6, np.rot90(RAMP, -1)), (8, np.rot90(RAMP)), (5, RAMP.T)],
)
def test_that_the_cameras_orientation_is_applied(
    tmp_path: Path, orientation: int, turned: np.ndarray
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(RAMP).save(tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(opened(tmp_path / "a.png").values, turned)


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp"])
def test_that_a_cut_picture_is_truncated(tmp_path: Path, suffix: str, generator: np.random.Generator) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(generator.integers(0, 255, (200, 200), dtype=np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(Truncated, match="ends before its image does"):
        opened(path)


def test_that_a_huge_claim_is_refused_before_decoding(tmp_path: Path) -> None:
    Image.fromarray(RAMP).save(tmp_path / "a.bmp")
    data = bytearray((tmp_path / "a.bmp").read_bytes())
    data[18:26] = struct.pack("<ii", 12_000, 12_000)
    (tmp_path / "a.bmp").write_bytes(data)
    with pytest.raises(Refused, match="12000 x 12000"):
        index_path(tmp_path / "a.bmp")
    data[18:26] = struct.pack("<ii", 100_000, 100_000)
    (tmp_path / "a.bmp").write_bytes(data)
    with pytest.raises(Refused):
        index_path(tmp_path / "a.bmp")


def test_that_several_pages_are_refused(tmp_path: Path) -> None:
    page = Image.fromarray(RAMP)
    page.save(tmp_path / "a.tif", save_all=True, append_images=[page])
    with pytest.raises(Unsupported, match="several pages"):
        index_path(tmp_path / "a.tif")


def test_that_renamed_text_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(Unreadable, match=r"a\.png is in none of the formats"):
        index_path(tmp_path / "a.png")
