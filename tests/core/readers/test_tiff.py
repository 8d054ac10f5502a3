"""TIFF: every sample type as stored, in every layout; stacks; polarity; and what is refused by its name."""

import lzma
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.errors import InputError, NoImages, Refused, Truncated, Unreadable, Unsupported
from core.images.slice import Slice
from core.images.windowing import EIGHT_BIT, displayed
from core.readers.index import index_path, read
from tests.core.readers.picture_files import packed_bits, samples, tiff

RAMP = np.arange(6 * 8, dtype=np.uint8).reshape(6, 8) * 5
TYPES = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]
LAYOUTS: dict[str, dict[str, Any]] = {
    "strips": {"rowsperstrip": 5},
    "tiles": {"tile": (16, 32)},
    "deflate": {"compression": "zlib", "rowsperstrip": 5},
    "deflate of differences": {"compression": "zlib", "predictor": 2, "tile": (16, 16)},
    "lzma": {"compression": "lzma"},
    "BigTIFF": {"bigtiff": True},
}
WRITTEN_BY_LIBTIFF: dict[str, tuple[np.ndarray, tuple[int, ...]]] = {
    "u1": (RAMP, (1, 2)),
    "u2": (RAMP.astype(np.uint16) * 257, (1, 2)),
    "i4": (RAMP.astype(np.int32) - 9, (1, 2)),
    "f4": (np.sqrt(RAMP, dtype=np.float32), (1, 2, 3)),
    "colour": (np.stack([RAMP, RAMP[::-1], 255 - RAMP], axis=-1), (1, 2)),
}


def opened(path: Path, frame: int = 0) -> Slice:
    (entry,) = index_path(path)
    image, identity = read(entry, frame)
    assert image.shape == (entry.rows, entry.columns)
    assert not any(getattr(identity, name) for name in identity.__slots__)
    return image


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", TYPES)
def test_that_values_are_those_stored(
    tmp_path: Path, kind: str, order: str, layout: dict[str, Any], generator: np.random.Generator
) -> None:
    if kind[0] == "f":  # tifffile takes no differences of floating-point numbers
        layout = {name: value for name, value in layout.items() if name != "predictor"}
    values = samples(kind, (37, 53), generator)
    for white_is_zero in (False, True):
        photometric = "miniswhite" if white_is_zero else "minisblack"
        more = {} if order == "<" or kind[0] != "f" else {"predictor": None}
        tifffile.imwrite(
            tmp_path / "a.tif", values, byteorder=order, photometric=photometric, **layout | more
        )
        image = opened(tmp_path / "a.tif")
        np.testing.assert_array_equal(image.values, values)
        assert image.values.dtype == (np.float32 if kind == "f2" else np.dtype(kind))
        assert image.inverted == white_is_zero
        assert image.windows == ((EIGHT_BIT,) if kind == "u1" else ())
        assert image.notes == ()


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "zstd"])
@pytest.mark.parametrize(("values", "predictors"), WRITTEN_BY_LIBTIFF.values(), ids=WRITTEN_BY_LIBTIFF)
def test_that_what_libtiff_wrote_comes_back(
    tmp_path: Path, compression: str, values: np.ndarray, predictors: tuple[int, ...]
) -> None:
    for predictor in predictors:
        info = {317: predictor} if predictor > 1 else {}
        Image.fromarray(values).save(tmp_path / "a.tif", compression=compression, tiffinfo=info)
        np.testing.assert_array_equal(opened(tmp_path / "a.tif").values, values)


def packed(data: bytes, compression: str, path: Path) -> bytes:
    """As libtiff packs it."""
    Image.frombytes("L", (len(data), 1), data).save(path, compression=compression)
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        return path.read_bytes()[page.dataoffsets[0] :][: page.databytecounts[0]]


@pytest.mark.parametrize(("name", "number"), [("tiff_lzw", 5), ("packbits", 32773), ("zstd", 50000)])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", TYPES)
def test_that_what_tifffile_cannot_unpack_is_unpacked_for_every_type(
    tmp_path: Path, kind: str, order: str, name: str, number: int, generator: np.random.Generator
) -> None:
    values = samples(kind, (7, 9), generator)
    form = {"u": 1, "i": 2, "f": 3}[kind[0]]
    data = packed(values.astype(f"{order}{kind}").tobytes(), name, tmp_path / "packed.tif")
    bits = 8 * values.itemsize
    path = tiff(tmp_path / "a.tif", (7, 9), data, order, t258=bits, t259=number, t339=form)
    np.testing.assert_array_equal(opened(path).values, values)


@pytest.mark.parametrize("bits", range(1, 17))
@pytest.mark.parametrize("white_is_zero", [False, True])
def test_that_few_and_odd_bits_are_unpacked_and_white_is_where_the_file_states(
    tmp_path: Path, bits: int, white_is_zero: bool, generator: np.random.Generator
) -> None:
    values = generator.integers(0, 2**bits, (5, 7))
    values[0, :2] = 0, 2**bits - 1
    data = values.astype("<u2").tobytes() if bits == 16 else packed_bits(values, bits)
    path = tiff(tmp_path / "a.tif", (5, 7), data, t258=bits, t262=int(not white_is_zero))
    image = opened(path)
    # Less than 8 bits are spread over 0 to 255.
    expected = np.rint(values * 255 / (2**bits - 1)) if bits < 8 else values
    np.testing.assert_array_equal(image.values, expected)
    assert image.inverted == white_is_zero
    assert bool(image.notes) == (1 < bits < 8)
    pixels = displayed(image)
    assert pixels[0, int(white_is_zero)] < pixels[0, int(not white_is_zero)]


@pytest.mark.parametrize(
    "compression", [None, "tiff_lzw", "packbits", "tiff_ccitt", "group3", "group4", "jpeg"]
)
def test_that_polarity_does_not_depend_on_the_compression(tmp_path: Path, compression: str | None) -> None:
    smooth = np.add.outer(np.arange(32), np.arange(48)).astype(np.uint8) * 3
    pictures = {
        "jpeg": [smooth],
        "group3": [smooth > 99],
        "group4": [smooth > 99],
        "tiff_ccitt": [smooth > 99],
    }
    for pixels in pictures.get(str(compression), [smooth, smooth > 99]):
        # Pillow inverts what it writes there, so that it is to be shown as before.
        Image.fromarray(pixels).save(tmp_path / "a.tif", compression=compression, tiffinfo={262: 0})
        image = opened(tmp_path / "a.tif")
        expected = (pixels * 255 if pixels.dtype == bool else pixels).astype(int)
        tolerance = 5 if compression == "jpeg" else 0
        assert image.inverted
        assert np.abs(image.values - (255 - expected)).max() <= tolerance
        assert np.abs(displayed(image).astype(int) - expected).max() <= tolerance


@pytest.mark.parametrize("layout", [{}, {"tile": (16, 16)}, {"compression": "zlib"}], ids=str)
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_that_planes_and_pixels_give_the_same_colour(
    tmp_path: Path, kind: str, planar: str, order: str, layout: dict[str, Any], generator: np.random.Generator
) -> None:
    values = samples(kind, (37, 53, 3), generator)
    stored = values if planar == "contig" else np.moveaxis(values, -1, 0)
    tifffile.imwrite(
        tmp_path / "a.tif",
        np.ascontiguousarray(stored),
        photometric="rgb",
        planarconfig=planar,
        byteorder=order,
        **layout,
    )
    image = opened(tmp_path / "a.tif")
    np.testing.assert_array_equal(image.values, values if kind == "u1" else values >> 8)
    assert image.notes == (() if kind == "u1" else ("colour was reduced from 16 to 8 bits",))


@pytest.mark.parametrize("kind", TYPES)
def test_that_grey_in_colour_channels_keeps_its_type(
    tmp_path: Path, kind: str, generator: np.random.Generator
) -> None:
    grey = samples(kind, (9, 11), generator)
    tifffile.imwrite(tmp_path / "a.tif", np.stack([grey] * 3, axis=-1), photometric="rgb")
    np.testing.assert_array_equal(opened(tmp_path / "a.tif").values, grey)


def test_that_transparency_is_shown_on_black_whichever_end_is_black(tmp_path: Path) -> None:
    values = np.array([[[40000, 65535], [40000, 0], [40000, 32768]]], np.uint16)
    for photometric, expected in (("minisblack", [40000, 0, 20000]), ("miniswhite", [40000, 65535, 52767])):
        tifffile.imwrite(
            tmp_path / "a.tif",
            values,
            photometric=photometric,
            planarconfig="contig",
            extrasamples=["unassalpha"],
        )
        image = opened(tmp_path / "a.tif")
        assert image.values[0].tolist() == expected
        assert image.notes == ("transparent parts are shown on black",)


def test_that_values_that_are_weighed_already_are_not_weighed_again(tmp_path: Path) -> None:
    for alpha, notes in ((128, ("transparent parts are shown on black",)), (255, ())):
        values = np.array([[[100, alpha]]], np.uint8)
        tifffile.imwrite(
            tmp_path / "a.tif",
            values,
            photometric="minisblack",
            planarconfig="contig",
            extrasamples=["assocalpha"],
        )
        image = opened(tmp_path / "a.tif")
        assert (image.values.tolist(), image.notes) == ([[100]], notes)


def test_that_channels_without_a_meaning_are_left_out_and_reported(tmp_path: Path) -> None:
    values = np.stack([RAMP, RAMP + 1, RAMP + 2])
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", planarconfig="separate")
    image = opened(tmp_path / "a.tif")
    np.testing.assert_array_equal(image.values, RAMP)
    assert image.notes == ("channels that the file does not describe were left out: 2",)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", [None, "jpeg"])
def test_that_the_entry_and_the_array_are_turned_alike(
    tmp_path: Path, orientation: int, compression: str | None
) -> None:
    smooth = np.add.outer(np.arange(16) * 2, np.arange(48)).astype(np.uint8) * 3
    Image.fromarray(smooth).save(tmp_path / "a.tif", compression=compression, tiffinfo={274: orientation})
    # Row 0 and column 0 lie at: top left, top right, bottom right, bottom left, and the same with rows for
    # columns: left top, right top, right bottom, left bottom (TIFF 6.0).
    upright = {
        1: smooth,
        2: smooth[:, ::-1],
        3: smooth[::-1, ::-1],
        4: smooth[::-1],
        5: smooth.T,
        6: smooth.T[:, ::-1],
        7: smooth.T[::-1, ::-1],
        8: smooth.T[::-1],
    }[orientation]
    values = opened(tmp_path / "a.tif").values
    assert values.shape == upright.shape
    assert np.abs(values.astype(int) - upright).max() <= (5 if compression else 0)


def test_that_a_palette_is_looked_up(tmp_path: Path) -> None:
    colours = np.zeros((3, 256), np.uint16)
    colours[:, 1], colours[:, 2] = (10 * 257, 20 * 257, 30 * 257), (65535, 0, 257)
    tifffile.imwrite(
        tmp_path / "a.tif", np.array([[1, 2, 0]], np.uint8), photometric="palette", colormap=colours
    )
    assert opened(tmp_path / "a.tif").values.tolist() == [[[10, 20, 30], [255, 0, 1], [0, 0, 0]]]
    tifffile.imwrite(  # a palette of 8 bits where 16 are required
        tmp_path / "b.tif", np.array([[1, 2, 0]], np.uint8), photometric="palette", colormap=colours >> 8
    )
    assert opened(tmp_path / "b.tif").values.tolist() == [[[10, 20, 30], [255, 0, 1], [0, 0, 0]]]


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_that_a_small_palette_is_looked_up(tmp_path: Path, bits: int) -> None:
    colours = [(7 * index % 256, 250 - index, index) for index in range(2**bits)]
    data = packed_bits(np.arange(2**bits)[None], bits)
    table = np.array(colours).T * 257
    tiff(tmp_path / "a.tif", (1, 2**bits), data, palette=table, t258=bits, t262=3)
    assert opened(tmp_path / "a.tif").values.tolist() == [[list(colour) for colour in colours]]


def test_that_printing_colours_are_converted_and_reported(tmp_path: Path) -> None:
    inks = np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255], [0, 128, 0, 51]]], np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", inks, photometric="separated", planarconfig="contig")
    image = opened(tmp_path / "a.tif")
    assert image.values.tolist() == [[[255, 255, 255], [0, 255, 255], [0, 0, 0], [204, 102, 204]]]
    assert image.notes == ("printing colours (CMYK) were converted without a colour profile",)


REFUSED: dict[str, tuple[dict[str, int], type[InputError], str]] = {
    "LERC": ({"t259": 34887}, Unsupported, "LERC compression"),
    "JPEG 2000": ({"t259": 33005}, Unsupported, "JPEG 2000 compression"),
    "WebP": ({"t259": 50001}, Unsupported, "WebP compression"),
    "unknown compression": ({"t259": 4711}, Unsupported, "compression number 4711"),
    "12-bit JPEG": ({"t259": 7, "t258": 12}, Unsupported, "12-bit samples in JPEG compression"),
    "24-bit integers": ({"t258": 24}, Unsupported, "24-bit integers"),
    "complex": ({"t258": 64, "t339": 6}, Unsupported, "64-bit complex samples"),
    "odd floats": ({"t258": 24, "t339": 3}, Unsupported, "24-bit floating-point numbers"),
    "Lab": ({"t262": 8}, Unsupported, r"CIE L\*a\*b\* colour"),
    "raw": ({"t262": 32803}, Unsupported, "raw camera samples"),
    "unknown meaning": ({"t262": 99}, Unsupported, r"unknown meaning \(99\)"),
    "volume": ({"t32997": 4}, Unsupported, "a volume in one TIFF page"),
    "too large": ({"t256": 100_000, "t257": 100_000}, Refused, "100000 x 100000"),
    "too many samples": ({"t256": 10_000, "t257": 10_000, "t277": 64}, Refused, "64 samples"),
    "too few samples": ({"t262": 2}, Unreadable, "1 samples in each pixel where its colour needs 3"),
    "no palette": ({"t262": 3}, Unreadable, "0 colours for indices of 8 bits"),
    "no rows": ({"t257": 0}, Unreadable, "cannot be decoded as a picture"),
}


@pytest.mark.parametrize(("fields", "error", "words"), REFUSED.values(), ids=REFUSED)
def test_that_what_is_not_read_is_named(
    tmp_path: Path, fields: dict[str, int], error: type[InputError], words: str
) -> None:
    with pytest.raises(error, match=words):
        index_path(tiff(tmp_path / "a.tif", (6, 8), RAMP.tobytes(), **fields))


def test_that_colour_of_a_type_that_is_not_shown_is_named(
    tmp_path: Path, generator: np.random.Generator
) -> None:
    tifffile.imwrite(tmp_path / "a.tif", generator.normal(size=(4, 5, 3)), photometric="rgb")
    with pytest.raises(Unsupported, match="colour of 64-bit floating-point numbers"):
        opened(tmp_path / "a.tif")


def test_that_a_file_that_does_not_state_its_polarity_is_reported(tmp_path: Path) -> None:
    data = bytearray(tiff(tmp_path / "a.tif", (6, 8), RAMP.tobytes()).read_bytes())
    at = data.index(b"\x06\x01\x04\0")  # PhotometricInterpretation
    data[at : at + 2] = (261).to_bytes(2, "little")
    (tmp_path / "a.tif").write_bytes(data)
    image = opened(tmp_path / "a.tif")
    assert not image.inverted
    assert image.notes == ("the file does not state what its samples mean: read as grey with black at 0",)


@pytest.mark.parametrize("byte_count", [8, 20, 40, 60])
def test_that_a_cut_file_is_a_typed_error(tmp_path: Path, byte_count: int) -> None:
    tifffile.imwrite(tmp_path / "a.tif", RAMP)
    (tmp_path / "a.tif").write_bytes((tmp_path / "a.tif").read_bytes()[:byte_count])
    with pytest.raises(Unreadable, match=r"a\.tif (cannot be decoded as a picture|is a TIFF without a page)"):
        index_path(tmp_path / "a.tif")


def test_that_missing_pixels_are_truncated(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", RAMP)
    (tmp_path / "a.tif").write_bytes((tmp_path / "a.tif").read_bytes()[:-9])
    with pytest.raises(Truncated, match="ends before its image does"):
        opened(tmp_path / "a.tif")
    path = tiff(tmp_path / "b.tif", (60, 80), zlib.compress(RAMP.tobytes()), t259=8)
    with pytest.raises(Truncated):
        opened(path)


@pytest.mark.parametrize(("pack", "number"), [(zlib.compress, 8), (lzma.compress, 34925)])
def test_that_more_packed_data_than_the_page_needs_is_never_unpacked(
    tmp_path: Path, pack: Any, number: int
) -> None:
    bomb = pack(RAMP.tobytes() + bytes(2**26))
    path = tiff(tmp_path / "a.tif", (6, 8), bomb, t259=number)
    np.testing.assert_array_equal(opened(path).values, RAMP)


def test_that_a_folder_takes_a_tiff_by_its_content(tmp_path: Path) -> None:
    with pytest.raises(NoImages):
        index_path(tmp_path)
    tifffile.imwrite(tmp_path / "scan", RAMP)
    assert [(entry.reader, entry.title) for entry in index_path(tmp_path)] == [("TIFF", "TIFF")]
