"""PNG, JPEG and BMP: bit depth, palette, transparency, orientation, and what is refused."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import Refused, Truncated, Unreadable, Unsupported
from core.images.slice import Slice
from core.images.windowing import EIGHT_BIT, displayed
from core.readers.index import index_path, read
from tests.core.readers.picture_files import png

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


LEVELS = (np.arange(48, dtype=np.uint16).reshape(6, 8) * 75)[..., None]
OPAQUE = np.full_like(LEVELS, 65535)
SIXTEEN_BITS = {
    "grey": (0, (LEVELS,)),
    "grey and alpha": (4, (LEVELS, OPAQUE)),
    "equal channels": (2, (LEVELS, LEVELS, LEVELS)),
    "equal channels and alpha": (6, (LEVELS, LEVELS, LEVELS, OPAQUE)),
}


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "channels"), SIXTEEN_BITS.values(), ids=SIXTEEN_BITS)
def test_that_16_bits_of_grey_are_kept_however_they_are_stored(
    tmp_path: Path, colour: int, channels: tuple[np.ndarray, ...], interlaced: bool
) -> None:
    path = png(tmp_path / "a.png", np.concatenate(channels, axis=2), 16, colour, interlaced=interlaced)
    image = opened(path)
    np.testing.assert_array_equal(image.values, LEVELS[..., 0])
    assert (image.values.dtype, image.windows, image.notes) == (np.uint16, (), ())


def test_that_transparency_of_16_bits_is_shown_on_black(tmp_path: Path) -> None:
    alpha = np.array([65535, 0, 32768], np.uint16).reshape(1, 3, 1)
    values = np.full((1, 3, 1), 40000, np.uint16)
    grey = opened(png(tmp_path / "a.png", np.concatenate([values, alpha], axis=2), 16, 4))
    assert grey.values.tolist() == [[40000, 0, 20000]]
    assert grey.notes == ("transparent parts are shown on black",)
    channels = np.concatenate([values, values, values // 2, alpha], axis=2)
    colour = opened(png(tmp_path / "b.png", channels, 16, 6))
    assert colour.values.tolist() == [[[156, 156, 78], [0, 0, 0], [78, 78, 39]]]
    assert colour.notes == (
        "transparent parts are shown on black",
        "colour was reduced from 16 to 8 bits",
    )


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_that_a_transparent_grey_level_is_shown_black(tmp_path: Path, bits: int) -> None:
    top = 2**bits - 1
    values = np.array([[0, top, top - 1]]).reshape(1, 3, 1)
    key = (b"tRNS", struct.pack(">H", top))
    image = opened(png(tmp_path / "a.png", values, bits, 0, [key]))
    last = (top - 1) * (255 // top if bits < 8 else 1)
    assert image.values.tolist() == [[0, 0, last]]
    assert "transparent parts are shown on black" in image.notes
    black = (b"tRNS", struct.pack(">H", 0))  # black stays black: nothing to report
    image = opened(png(tmp_path / "b.png", values, bits, 0, [black]))
    assert "transparent parts are shown on black" not in image.notes


def test_that_a_transparent_colour_of_16_bits_is_identified_by_all_its_bits(tmp_path: Path) -> None:
    values = np.array([[[0x1234, 0x5678, 0x9ABC], [0x1235, 0x5678, 0x9ABC]]])
    key = (b"tRNS", struct.pack(">3H", 0x1234, 0x5678, 0x9ABC))
    image = opened(png(tmp_path / "a.png", values, 16, 2, [key]))
    assert image.values.tolist() == [[[0, 0, 0], [0x12, 0x56, 0x9A]]]


@pytest.mark.parametrize("bits", [2, 4])
def test_that_few_bits_are_spread_over_8_and_reported(tmp_path: Path, bits: int) -> None:
    levels = np.arange(2**bits).reshape(1, -1, 1)
    image = opened(png(tmp_path / "a.png", levels, bits, 0))
    np.testing.assert_array_equal(image.values, levels[..., 0] * (255 // (2**bits - 1)))
    assert image.notes == (f"{bits}-bit grey levels were spread over 0 to 255",)
    assert image.windows == (EIGHT_BIT,)


def test_that_a_gamma_changes_no_value(tmp_path: Path) -> None:
    gamma = (b"gAMA", struct.pack(">I", 100_000))
    for bits, values in ((8, RAMP[..., None]), (16, LEVELS)):
        path = png(tmp_path / "a.png", values, bits, 0, [gamma])
        np.testing.assert_array_equal(opened(path).values, values[..., 0])


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_that_a_palette_of_any_depth_is_looked_up_with_its_transparency(tmp_path: Path, bits: int) -> None:
    colours = [(7 * index % 256, 255 - index % 256, index % 100) for index in range(2**bits)]
    chunks = [(b"PLTE", bytes(part for colour in colours for part in colour))]
    indices = np.arange(2**bits).reshape(1, -1, 1)
    image = opened(png(tmp_path / "a.png", indices, bits, 3, chunks))
    assert image.values[0].tolist() == [list(colour) for colour in colours]
    assert image.notes == ()
    clear = [*chunks, (b"tRNS", bytes([255, 0]))]  # the second colour
    image = opened(png(tmp_path / "b.png", indices, bits, 3, clear))
    assert image.values[0, :2].tolist() == [list(colours[0]), [0, 0, 0]]
    assert image.notes == ("transparent parts are shown on black",)


def test_that_16_bit_colour_is_noted_as_reduced(tmp_path: Path) -> None:
    values = np.array([[[0x1234, 0x5678, 0x9ABC], [0, 0xFFFF, 0x0100]]])
    image = opened(png(tmp_path / "a.png", values, 16, 2))
    assert image.values.tolist() == [[[0x12, 0x56, 0x9A], [0, 255, 1]]]
    assert image.notes == ("colour was reduced from 16 to 8 bits",)


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


TURNED = {
    1: RAMP,
    2: RAMP[:, ::-1],
    3: RAMP[::-1, ::-1],
    4: RAMP[::-1],
    5: RAMP.T,
    6: RAMP.T[:, ::-1],
    7: RAMP.T[::-1, ::-1],
    8: RAMP.T[::-1],
}


@pytest.mark.parametrize(("orientation", "turned"), TURNED.items(), ids=str)
def test_that_the_cameras_orientation_is_applied(
    tmp_path: Path, orientation: int, turned: np.ndarray
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(RAMP).save(tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(opened(tmp_path / "a.png").values, turned)
    smooth = np.kron(RAMP, np.ones((8, 8), np.uint8))
    Image.fromarray(smooth).save(tmp_path / "a.jpg", exif=exif, quality=95)
    values = opened(tmp_path / "a.jpg").values.astype(int)
    assert np.abs(values - np.kron(turned, np.ones((8, 8), np.uint8))).max() <= 4
    chunk = (b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    deep = png(tmp_path / "b.png", np.repeat(RAMP[..., None].astype(np.uint16) * 257, 3, 2), 16, 2, [chunk])
    np.testing.assert_array_equal(opened(deep).values, turned.astype(np.uint16) * 257)


@pytest.mark.parametrize("progressive", [False, True])
def test_that_printing_colours_are_converted_and_reported(tmp_path: Path, progressive: bool) -> None:
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[..., 0] = 255
    Image.fromarray(inks, mode="CMYK").save(tmp_path / "a.jpg", quality=95, progressive=progressive)
    image = opened(tmp_path / "a.jpg")
    assert np.abs(image.values.astype(int) - [0, 255, 255]).max() <= 4
    assert image.notes == ("printing colours (CMYK) were converted without a colour profile",)


@pytest.mark.parametrize(
    ("marker", "precision", "words"),
    [
        (0xC1, 12, "a JPEG of 12 bits"),
        (0xC3, 8, "a lossless JPEG"),
        (0xC3, 16, "a lossless JPEG"),
        (0xF7, 8, "a JPEG-LS picture"),
    ],
)
def test_that_a_form_of_jpeg_that_is_not_read_is_named(
    tmp_path: Path, marker: int, precision: int, words: str
) -> None:
    stream = io.BytesIO()
    Image.fromarray(RAMP).save(stream, format="JPEG")
    data = bytearray(stream.getvalue())
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4] = marker, precision
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(Unsupported, match=words):
        index_path(tmp_path / "a.jpg")


def test_that_the_first_of_several_pictures_is_shown_and_reported(tmp_path: Path) -> None:
    pictures = [Image.fromarray(RAMP), Image.fromarray(255 - RAMP)]
    for name, form in (("a.png", "PNG"), ("a.jpg", "MPO")):
        pictures[0].save(tmp_path / name, format=form, save_all=True, append_images=pictures[1:], quality=95)
        image = opened(tmp_path / name)
        assert np.abs(image.values.astype(int) - RAMP).max() <= 4
        assert image.notes == ("the file has 2 pictures: the first is shown",)


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif"])
def test_that_black_and_white_are_0_and_255_in_every_format(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(RAMP > 99).save(tmp_path / f"a.{suffix}")
    image = opened(tmp_path / f"a.{suffix}")
    np.testing.assert_array_equal(image.values, np.where(RAMP > 99, 255, 0))
    assert (image.inverted, image.windows, image.notes) == (False, (EIGHT_BIT,), ())


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


def test_that_renamed_text_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(Unreadable, match=r"a\.png is not in a supported format"):
        index_path(tmp_path / "a.png")
