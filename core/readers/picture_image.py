"""PNG, JPEG and BMP decoded by Pillow."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile, ImageOps

from core.arrays import Array
from core.errors import Unreadable, Unsupported
from core.images.slice import Slice
from core.images.windowing import EIGHT_BIT
from core.readers.channels import CMYK_NOTE, ON_BLACK, ROTATED, grey_or_colour, on_black, spread_note, upright
from core.readers.decoding import decoding
from core.readers.proportions import stated_aspect
from core.readers.protocol import SeriesEntry, require_size

_FORMATS = ("PNG", "JPEG", "BMP")
_GREY_MODES = ("L", "I", "F", "I;16", "I;16L", "I;16B")
_ORIENTATION_TAG = 0x0112
# PNG of 16 bits a channel, of which Pillow decodes the upper byte; the raw mode that gives the lower one.
_LOWER_BYTES = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L"}
_GREY_ALPHA_16 = "LA;16B"
_FEW_BITS = {"L;2": 2, "L;4": 4}
_LOSSLESS = (0xC3, 0xC7, 0xCB, 0xCF)
_JPEG_LS = 0xF7
_WITHOUT_LENGTH = (0x01, *range(0xD0, 0xD9))  # markers of a JPEG that stand alone
_NO_FRAME_HEADER = (0xC4, 0xC8, 0xCC)


def entry_of(path: Path, reader: str) -> SeriesEntry:
    """What the file holds, from its header. reader: the name of the reader. Raises an InputError."""
    with decoding(path, "a picture"), _opened(path) as picture:
        columns, rows = picture.size
        if picture.getexif().get(_ORIENTATION_TAG) in ROTATED:
            rows, columns = columns, rows
        return SeriesEntry(
            path=path, reader=reader, title=picture.format or "picture", frames=1, rows=rows, columns=columns
        )


def slice_of(path: Path, frame: int) -> Slice:
    """The picture; its only frame is 0. Raises Unreadable or another InputError."""
    if frame != 0:
        raise Unreadable(f"{path.name} has one frame, so no frame {frame}.")
    with decoding(path, "a picture"), _opened(path) as picture:
        notes = _file_notes(picture)
        raw_mode = _raw_mode(picture)
        if raw_mode in _LOWER_BYTES or raw_mode == _GREY_ALPHA_16:
            values, value_notes = _of_16_bits(path, picture, raw_mode)
        else:
            values, value_notes = _of_8_bits(picture, _FEW_BITS.get(raw_mode, 8))
        aspect = _aspect_of(picture)
    windows = (EIGHT_BIT,) if values.dtype == np.uint8 else ()
    return Slice(values, windows=windows, notes=(*notes, *value_notes), stated_aspect=aspect)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """The picture with its header read; the size is checked before pixels are decoded."""
    # Opened by path, Pillow would leave a damaged file open.
    with path.open("rb") as stream:
        _require_supported_jpeg(path, stream)
        with Image.open(stream, formats=_FORMATS) as picture:
            columns, rows = picture.size
            require_size(path, rows, columns)
            yield picture


def _require_supported_jpeg(path: Path, stream: BinaryIO) -> None:
    """Raises Unsupported for the kinds of JPEG that no permitted decoder supports, with their name."""
    marker, precision = _jpeg_process(stream)
    stream.seek(0)
    description = ""
    if marker == _JPEG_LS:
        description = "a JPEG-LS picture"
    elif marker in _LOSSLESS:
        description = "a lossless JPEG"
    elif precision != 8:
        description = f"a JPEG of {precision} bits"
    if description:
        raise Unsupported(
            f"{path.name} is {description}, which is only supported inside DICOM files.",
            "Save it as PNG of 16 bits.",
        )


def _jpeg_process(stream: BinaryIO) -> tuple[int, int]:
    """The marker of the frame header and the bits of a sample; (0, 8) without a frame header."""
    if stream.read(2) != b"\xff\xd8":
        return 0, 8
    while len(head := stream.read(2)) == 2 and head[0] == 0xFF:
        marker = head[1]
        if marker == 0xFF:  # a fill byte
            stream.seek(-1, io.SEEK_CUR)
            continue
        if marker in _WITHOUT_LENGTH:
            continue
        length = int.from_bytes(stream.read(2), "big")
        if (0xC0 <= marker <= 0xCF and marker not in _NO_FRAME_HEADER) or marker == _JPEG_LS:
            precision = stream.read(1)
            return (marker, precision[0]) if precision else (0, 8)
        if length < 2 or marker == 0xDA:
            break
        stream.seek(length - 2, io.SEEK_CUR)
    return 0, 8


def _file_notes(picture: ImageFile.ImageFile) -> tuple[str, ...]:
    """Notes on the file as a whole."""
    frames = getattr(picture, "n_frames", 1)
    notes = (f"the file has {frames} pictures: the first is shown",) if frames > 1 else ()
    if picture.mode == "CMYK":
        notes = (*notes, CMYK_NOTE)
    return notes


def _aspect_of(picture: ImageFile.ImageFile) -> float | None:
    """As `Slice.stated_aspect`; Pillow stores a ratio without a unit under another name."""
    names = ("dpi", "aspect", "jfif_density")
    resolutions = next((picture.info[name] for name in names if name in picture.info), None)
    return stated_aspect(resolutions, picture.getexif().get(_ORIENTATION_TAG, 1))


def _raw_mode(picture: ImageFile.ImageFile) -> str:
    """Pillow's name for how the pixels are packed in the file; empty if unknown."""
    arguments = picture.tile[0].args if picture.tile else ""
    first = arguments[0] if isinstance(arguments, tuple) and arguments else arguments
    return first if isinstance(first, str) else ""


def _of_8_bits(picture: ImageFile.ImageFile, bits: int) -> tuple[Array, tuple[str, ...]]:
    """Values of all other pictures and notes; bits: of a grey level in the file, which Pillow spreads."""
    key = picture.info.get("transparency")
    if bits < 8 and isinstance(key, int):
        picture.info["transparency"] = (
            key * 255 // (2**bits - 1)
        )  # Pillow spreads the levels, but not this one
    values, notes = values_of(ImageOps.exif_transpose(picture))
    return values, (*spread_note(bits), *notes)


def _of_16_bits(path: Path, picture: ImageFile.ImageFile, raw_mode: str) -> tuple[Array, tuple[str, ...]]:
    """Values of a PNG of 16 bits with colour or alpha: (rows, columns) uint16 of grey, else colour uint8."""
    orientation = picture.getexif().get(_ORIENTATION_TAG, 1)
    transparent = picture.info.get("transparency")
    if raw_mode == _GREY_ALPHA_16:
        upper_and_lower = _unpacked(path, "RGBA").astype(np.uint16)  # four bytes, decoded as four channels
        channels = upper_and_lower[..., ::2] << 8 | upper_and_lower[..., 1::2]
    else:
        upper, lower = (_unpacked(path, mode) for mode in (raw_mode, _LOWER_BYTES[raw_mode]))
        channels = upper.astype(np.uint16) << 8 | lower
    values, top = channels, 0xFFFF
    notes: tuple[str, ...] = ()
    if channels.shape[2] in (2, 4):
        values, notes = on_black(channels[..., :-1], channels[..., -1], top)
    elif isinstance(transparent, tuple):
        is_transparent = (channels == np.array(transparent, np.uint16)).all(axis=2)
        values, notes = on_black(channels, np.where(is_transparent, 0, top).astype(np.uint16), top)
    if values.shape[2] == 1:
        return upright(values[..., 0], orientation), notes
    colour, colour_notes = grey_or_colour(values, 16)
    return upright(colour, orientation), (*notes, *colour_notes)


def _unpacked(path: Path, raw_mode: str) -> Array:
    """The pixels (rows, columns, channels) decoded again with another raw mode of as many bits a pixel."""
    with path.open("rb") as stream, Image.open(stream, formats=("PNG",)) as picture:
        picture.tile = [picture.tile[0]._replace(args=raw_mode)]
        return np.array(picture)


def values_of(picture: Image.Image) -> tuple[Array, tuple[str, ...]]:
    """(rows, columns) as stored, or (rows, columns, 3) uint8, and notes; equal channels become grey."""
    if picture.mode == "1" or picture.mode in _GREY_MODES:
        values = np.array(picture.convert("L") if picture.mode == "1" else picture)
        return _without_transparent_level(values.astype(values.dtype.newbyteorder("=")), picture)
    notes: tuple[str, ...] = ()
    if picture.has_transparency_data:
        picture, notes = _on_black(picture)
    values, colour_notes = grey_or_colour(np.array(picture.convert("RGB")), 8)
    return values, (*notes, *colour_notes)


def _without_transparent_level(values: Array, picture: Image.Image) -> tuple[Array, tuple[str, ...]]:
    """Grey with one transparent level (PNG's tRNS), which becomes black."""
    key = picture.info.get("transparency")
    if not isinstance(key, int):
        return values, ()
    is_transparent = values == key
    notes = (ON_BLACK,) if values[is_transparent].any() else ()
    return np.where(is_transparent, values.dtype.type(0), values), notes


def _on_black(picture: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    layered = picture.convert("RGBA")
    if layered.getchannel("A").getextrema() == (255, 255):
        return layered, ()
    black = Image.new("RGBA", layered.size, (0, 0, 0, 255))
    return Image.alpha_composite(black, layered), (ON_BLACK,)
