"""The header of a compressed image: size, samples, precision and colour.

JPEG (ITU T.81), JPEG-LS (T.87) and JPEG 2000 (T.800, T.814 for the high-throughput form). Where a DICOM
header contradicts these, the decoder follows them, not the header.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

_JPEG_START, _J2K_START = b"\xff\xd8\xff", b"\xff\x4f\xff\x51"
_JP2_START = b"\x00\x00\x00\x0cjP  "
_JPEG_XL_STARTS = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")
_DCT, _LOSSLESS, _LS = (0xC0, 0xC1, 0xC2), 0xC3, 0xF7
_FRAMES = frozenset({*range(0xC0, 0xD0), _LS} - {0xC4, 0xC8, 0xCC})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
# DICOM has 16 bits for rows and columns; its decoders support at most 32 bits a sample.
_LARGEST, _LARGEST_PRECISION = 2**16, 32
_RGB_IDS, _YCBCR_IDS = (b"RGB", b"rgb"), (b"\x01\x02\x03",)


class Coding(StrEnum):
    """How the samples are compressed."""

    JPEG = "JPEG"
    JPEG_LOSSLESS = "JPEG Lossless"
    JPEG_LS = "JPEG-LS"
    JPEG_2000 = "JPEG 2000"
    HTJ2K = "High-Throughput JPEG 2000"
    RLE = "run lengths"


Space = Literal["RGB", "YCbCr", "unknown"]


@dataclass(frozen=True, slots=True)
class Codestream:
    """The header of one compressed image.

    precision: bits a sample. is_signed: stated only by JPEG 2000, None for the others. space: the colour
    space of three samples, "unknown" where the data do not state it; for JPEG 2000 that after decoding.
    is_transformed: whether JPEG 2000's multiple component transformation is used, which the decoder undoes.
    """

    coding: Coding
    rows: int
    columns: int
    samples: int
    precision: int
    space: Space = "unknown"
    is_signed: bool | None = None
    is_transformed: bool = False


def is_start(data: bytes) -> bool:
    """Whether an image in one of these formats starts with these bytes (12 are enough)."""
    return data.startswith((_JPEG_START, _J2K_START, _JP2_START, *_JPEG_XL_STARTS))


def codestream_of(data: bytes) -> Codestream | None:
    """The header of a compressed image; None for other data and for a truncated or invalid header."""
    try:
        codestream = _parsed(data)
    except IndexError:
        return None
    if codestream is None or not (0 <= codestream.rows < _LARGEST and 0 < codestream.columns < _LARGEST):
        return None
    return codestream if 0 < codestream.precision <= _LARGEST_PRECISION and codestream.samples else None


def _parsed(data: bytes) -> Codestream | None:
    if data.startswith(_JPEG_START):
        return _jpeg(data)
    start = data.find(_J2K_START)
    if start == 0 or (start > 0 and data.startswith(_JP2_START)):
        return _jpeg_2000(data, start)
    return None


def _jpeg(data: bytes) -> Codestream | None:
    has_jfif, adobe_transform = False, -1
    for marker, body in _segments(data):
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            has_jfif = True
        elif marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe_transform = body[11]
        elif marker in _FRAMES:
            return _jpeg_frame(marker, body, has_jfif, adobe_transform)
    return None


def _segments(data: bytes) -> list[tuple[int, bytes]]:
    """(marker, content) of all segments up to the frame header."""
    segments: list[tuple[int, bytes]] = []
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return segments
        marker = data[position + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            position += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        segments.append((marker, data[position + 4 : position + 2 + length]))
        if marker in _FRAMES or marker == 0xDA:
            return segments
        position += 2 + max(length, 2)
    return segments


def _jpeg_frame(marker: int, body: bytes, has_jfif: bool, adobe_transform: int) -> Codestream | None:
    if marker == _LS:
        coding = Coding.JPEG_LS
    elif marker == _LOSSLESS:
        coding = Coding.JPEG_LOSSLESS
    elif marker in _DCT:
        coding = Coding.JPEG
    else:  # hierarchical or arithmetic: not supported by any decoder used here
        return None
    samples = body[5]
    ids = bytes(body[6 + 3 * index] for index in range(samples))
    factors = [body[7 + 3 * index] for index in range(samples)]
    space: Space = "unknown"
    if samples == 3:
        space = (
            _space(ids, factors, has_jfif, adobe_transform)
            if coding is Coding.JPEG
            else _lossless_space(ids, adobe_transform)
        )
    rows, columns = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    return Codestream(coding, rows, columns, samples, body[0], space)


def _space(ids: bytes, factors: list[int], has_jfif: bool, adobe_transform: int) -> Space:
    """As libjpeg decides (jdapimin.c, default_decompress_parms), except for its last guess.

    libjpeg takes components with other identifiers and without a marker for YCbCr; those are left to the
    DICOM header, unless the first has a finer grid than the others, as only a luminance has.
    """
    if has_jfif:
        return "YCbCr"
    if adobe_transform >= 0:
        return "RGB" if adobe_transform == 0 else "YCbCr"
    if ids in _RGB_IDS:
        return "RGB"
    return "YCbCr" if ids in _YCBCR_IDS or factors[0] > max(factors[1:]) else "unknown"


def _lossless_space(ids: bytes, adobe_transform: int) -> Space:
    """Lossless coding does not transform colours by itself; only an explicit marker counts."""
    if ids in _RGB_IDS or adobe_transform == 0:
        return "RGB"
    return "YCbCr" if adobe_transform == 1 else "unknown"


def _jpeg_2000(data: bytes, start: int) -> Codestream:
    """SIZ comes first; COD, with the component transformation, anywhere before the first tile."""
    size = [int.from_bytes(data[start + offset : start + offset + 4], "big") for offset in (8, 12, 16, 20)]
    samples = int.from_bytes(data[start + 40 : start + 42], "big")
    depth = data[start + 42]
    position, coding, is_transformed = start + 2, Coding.JPEG_2000, False
    while position + 4 <= len(data) and data[position + 1] != 0x90:
        if data[position + 1] == 0x50:
            coding = Coding.HTJ2K
        if data[position + 1] == 0x52:
            is_transformed = data[position + 8] == 1
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return Codestream(
        coding,
        rows=size[1] - size[3],
        columns=size[0] - size[2],
        samples=samples,
        precision=(depth & 0x7F) + 1,
        space="RGB" if is_transformed else "unknown",
        is_signed=bool(depth & 0x80),
        is_transformed=is_transformed,
    )
