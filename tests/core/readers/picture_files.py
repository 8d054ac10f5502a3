"""PNG and TIFF files written byte by byte, for forms that no library at hand writes."""

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of PNG's colour types
# Adam7: first row, first column, step of rows, step of columns.
_PASSES = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(values: np.ndarray, bits: int) -> bytes:
    """Rows of samples of `bits` bits, each after its filter type 0."""
    flat = values.reshape(values.shape[0], -1)
    if bits == 16:
        packed = [row.astype(">u2").tobytes() for row in flat]
    else:
        single = np.unpackbits(flat.astype(np.uint8)[..., None], axis=2)[..., 8 - bits :]
        packed = [np.packbits(row.ravel()).tobytes() for row in single]
    return b"".join(b"\0" + row for row in packed)


def png(
    path: Path,
    values: np.ndarray,
    bits: int,
    colour: int,
    more: Iterable[tuple[bytes, bytes]] = (),
    interlaced: bool = False,
) -> Path:
    """Write values (rows, columns, channels) as they are; `more` are chunks before the pixels."""
    assert values.shape[2] == _CHANNELS[colour]
    header = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], bits, colour, 0, 0, interlaced)
    parts = [values]
    if interlaced:
        parts = [values[row::down, column::right] for row, column, down, right in _PASSES]
    pixels = b"".join(_rows(part, bits) for part in parts if part.size)
    chunks = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))
    return path


def packed_bits(values: np.ndarray, bits: int) -> bytes:
    """Rows (rows, count) of samples of `bits` bits, the highest first, each row from a whole byte on."""
    places = np.arange(bits)[::-1]
    single = (values[..., None] >> places & 1).astype(np.uint8)
    return b"".join(np.packbits(row.ravel()).tobytes() for row in single)


def tiff(
    path: Path,
    shape: tuple[int, int],
    data: bytes,
    order: str = "<",
    palette: np.ndarray | None = None,
    **fields: int,
) -> Path:
    """A page of one strip with `data` in it; `fields` are t258=8, t262=1 and so on. palette: (3, n)."""
    start = 8
    numbers = {256: shape[1], 257: shape[0], 258: 8, 259: 1, 262: 1, 273: start, 277: 1, 278: shape[0]}
    numbers |= {279: len(data)} | {int(name[1:]): value for name, value in fields.items()}
    entries = {tag: struct.pack(f"{order}HHII", tag, 4, 1, number) for tag, number in numbers.items()}
    data += b"\0" * (len(data) % 2)
    if palette is not None:
        entries[320] = struct.pack(f"{order}HHII", 320, 3, palette.size, start + len(data))
        data += palette.astype(f"{order}u2").tobytes()
    mark = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", start + len(data))
    listed = b"".join(entry for _, entry in sorted(entries.items()))
    path.write_bytes(mark + data + struct.pack(f"{order}H", len(entries)) + listed + bytes(4))
    return path


def samples(kind: str, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Random numbers over the whole range of a type."""
    if kind[0] == "f":
        return generator.normal(size=shape).astype(kind)
    about = np.iinfo(kind)
    return generator.integers(about.min, about.max, shape, dtype=kind, endpoint=True)
