"""Ways to damage a file: at random, and at the places of sizes and types."""

import gzip
import zlib
from collections.abc import Callable

import numpy as np

HEADER_BYTES = 2048
Damage = Callable[[bytearray, np.random.Generator], bytearray]

_ODD = (0, 1, 2, 3, 7, 8, 12, 16, 31, 32, 64, 127, 128, 255, 256, 1024, 4095, 16384, 32767, 32768, 65535)
_ODD_32 = (*_ODD, 2**16, 2**20, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
# Elements of group 0028 whose values decide how pixels are laid out.
_LAYOUT = (0x0002, 0x0006, 0x0008, 0x0010, 0x0011, 0x0100, 0x0101, 0x0102, 0x0103, 0x1050, 0x1052, 0x1053)
_SYNTAX_ENDS = (b"1.2.4.50", b"1.2.4.51", b"1.2.4.57", b"1.2.4.70", b"1.2.4.80", b"1.2.4.90", b"1.2.4.91")
_COLOURS = (
    b"MONOCHROME1",
    b"MONOCHROME2",
    b"RGB",
    b"YBR_FULL",
    b"YBR_FULL_422",
    b"PALETTE COLOR",
    b"YBR_RCT",
)
# Where NIfTI-1 keeps dim, intent, datatype, bitpix, pixdim, vox_offset, slope, units, codes, rows, magic.
_NIFTI_FIELDS = (40, 42, 44, 46, 48, 50, 54, 68, 70, 72, 76, 80, 84, 88, 108, 112, 116, 123, 252, 254, 280)
_JPEG_SIZES = (b"\xff\xc0", b"\xff\xc1", b"\xff\xc2", b"\xff\xc3", b"\xff\xf7", b"\xff\x51")


def damaged(content: bytes, generator: np.random.Generator) -> bytes:
    """`content` after one to three damages; inside a gzip stream as often as outside."""
    inside = content[:2] == b"\x1f\x8b" and generator.random() < 0.5
    data = bytearray(gzip.decompress(content) if inside else content)
    for _ in range(int(generator.integers(1, 4))):
        data = DAMAGES[int(generator.integers(len(DAMAGES)))](data, generator)
    return gzip.compress(bytes(data), 1, mtime=0) if inside else bytes(data)


def _place(data: bytearray, generator: np.random.Generator) -> int:
    """Somewhere, in the header as often as in all of the file."""
    end = min(len(data), HEADER_BYTES) if generator.random() < 0.5 else len(data)
    return int(generator.integers(max(end, 1)))


def _write(data: bytearray, at: int, new: bytes) -> None:
    """Overwrite without growing."""
    if 0 <= at < len(data):
        new = new[: len(data) - at]
        data[at : at + len(new)] = new


def flipped(data: bytearray, generator: np.random.Generator) -> bytearray:
    for _ in range(int(generator.integers(1, 5))):
        if data:
            data[_place(data, generator)] = int(generator.integers(256))
    return data


def sprinkled(data: bytearray, generator: np.random.Generator) -> bytearray:
    """One bit in every two thousand bytes."""
    for _ in range(1 + len(data) // 2000):
        if data:
            data[int(generator.integers(len(data)))] ^= 1 << int(generator.integers(8))
    return data


def cut(data: bytearray, generator: np.random.Generator) -> bytearray:
    return data[: _place(data, generator)]


def doubled(data: bytearray, generator: np.random.Generator) -> bytearray:
    at, length = _place(data, generator), int(generator.integers(1, 4096))
    return data[: at + length] + data[at:]


def dropped(data: bytearray, generator: np.random.Generator) -> bytearray:
    at, length = _place(data, generator), int(generator.integers(1, 512))
    return data[:at] + data[at + length :]


def swapped(data: bytearray, generator: np.random.Generator) -> bytearray:
    a, b, length = _place(data, generator), _place(data, generator), int(generator.integers(1, 256))
    first, second = bytes(data[a : a + length]), bytes(data[b : b + length])
    _write(data, a, second)
    _write(data, b, first)
    return data


def extreme(data: bytearray, generator: np.random.Generator) -> bytearray:
    """A number of two or four bytes becomes an odd one: a length, a count, an offset."""
    order = "little" if generator.random() < 0.7 else "big"
    value = int(_ODD_32[int(generator.integers(len(_ODD_32)))])
    size = 4 if value > 65535 or generator.random() < 0.5 else 2
    _write(data, _place(data, generator) & ~1, value.to_bytes(size, order))
    return data


def layout(data: bytearray, generator: np.random.Generator) -> bytearray:
    """A number in group 0028 of a DICOM file."""
    element = int(_LAYOUT[int(generator.integers(len(_LAYOUT)))])
    value = int(_ODD[int(generator.integers(len(_ODD)))])
    for order in ("little", "big"):
        at = data.find((0x28).to_bytes(2, order) + element.to_bytes(2, order))
        if at >= 0:
            if element in (0x0008, 0x1050, 0x1052, 0x1053):  # numbers as text
                length = data[at + 6] or 1
                _write(data, at + 8, str(value - 3).encode()[:length].ljust(length))
            else:
                _write(data, at + 8, value.to_bytes(2, order))
            return data
    return extreme(data, generator)


def other_syntax(data: bytearray, generator: np.random.Generator) -> bytearray:
    """Another transfer syntax or colour space of no greater length."""
    choices, start = (_SYNTAX_ENDS, b"1.2.4.") if generator.random() < 0.5 else (_COLOURS, b"")
    new = choices[int(generator.integers(len(choices)))]
    olds = [start] if start else _COLOURS
    at = max((data.find(old) for old in olds), default=-1)
    if at >= 0:
        _write(data, at, new)
    return data


def field(data: bytearray, generator: np.random.Generator) -> bytearray:
    """A field of a NIfTI header, of a picture's size, or of a JPEG inside another file."""
    value = int(_ODD_32[int(generator.integers(len(_ODD_32)))])
    if data[:4] in (b"\x5c\x01\0\0", b"\x1c\x02\0\0", b"\0\0\x01\x5c"):
        at = int(_NIFTI_FIELDS[int(generator.integers(len(_NIFTI_FIELDS)))])
        _write(data, at, value.to_bytes(4, "little")[: 2 if at < 76 else 4])
    elif data[:4] == b"\x89PNG":
        _write(data, 16 + int(generator.integers(13)), value.to_bytes(4, "big")[-1:])
        _write(data, 29, zlib.crc32(data[12:29]).to_bytes(4, "big"))
    elif data[:2] == b"BM":
        _write(data, int(generator.choice([10, 14, 18, 22, 26, 28, 30, 34, 46])), value.to_bytes(4, "little"))
    elif data[:4] == b"II*\0":
        start = int.from_bytes(data[4:8], "little")
        entry = start + 2 + 12 * int(generator.integers(16)) + int(generator.choice([0, 2, 4, 8]))
        _write(data, entry, value.to_bytes(4, "little")[: 2 if generator.random() < 0.5 else 4])
    else:
        return _jpeg_size(data, generator)
    return data


def _jpeg_size(data: bytearray, generator: np.random.Generator) -> bytearray:
    marker = _JPEG_SIZES[int(generator.integers(len(_JPEG_SIZES)))]
    at = data.find(marker)
    if at < 0:
        return extreme(data, generator)
    value = int(_ODD_32[int(generator.integers(len(_ODD_32)))])
    width = 4 if marker == b"\xff\x51" else 2
    _write(data, at + 4 + int(generator.integers(40 if width == 4 else 8)), value.to_bytes(4, "big")[-width:])
    return data


DAMAGES: tuple[Damage, ...] = (
    *(flipped, sprinkled, cut, doubled, dropped, swapped),
    *(extreme, layout, layout, other_syntax, field, field),
)
