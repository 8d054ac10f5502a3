"""The samples of one TIFF page as numbers: strips and tiles decompressed and assembled.

tifffile decodes neither LZW nor packed 12-bit samples nor floating-point predictors without a further
package, and decompresses without a limit; Pillow supports few sample types. So the bytes are decompressed
here, at most to the size that the header states, and those of LZW, PackBits and Zstandard by the libtiff in
Pillow.
"""

import io
import lzma
import math
import struct
import zlib
from collections.abc import Iterator
from itertools import product
from typing import BinaryIO

import numpy as np
from PIL import Image

from core.arrays import Array
from core.errors import Truncated, Unreadable, Unsupported
from core.readers.tiff_pages import Page

_NONE, _LZW, _DEFLATE, _OLD_DEFLATE, _PACKBITS, _LZMA, _ZSTD = 1, 5, 8, 32946, 32773, 34925, 50000
_BY_LIBTIFF = (_LZW, _PACKBITS, _ZSTD)
SUPPORTED_COMPRESSIONS = (_NONE, _DEFLATE, _OLD_DEFLATE, _LZMA, *_BY_LIBTIFF)
_DIFFERENCES, _FLOAT_DIFFERENCES = 2, 3  # Predictor
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def samples_of(page: Page) -> Array:
    """(rows, columns, samples) as stored, in native byte order.

    Raises Truncated, Unreadable, Unsupported, and the decoders' errors on damaged data.
    """
    kind = page.kind if page.bits % 8 == 0 else "u"
    values = np.empty((page.rows, page.columns, page.samples), f"{kind}{page.item_bytes}")
    with page.path.open("rb") as stream:
        for (row, column, plane), data in _segments(stream, page):
            part = _numbers(page, data, _segment_rows(page, row))
            samples = slice(plane, plane + 1) if page.planar else slice(None)
            target = values[row : row + part.shape[0], column : column + part.shape[1], samples]
            target[...] = part[: target.shape[0], : target.shape[1]]
    return values


def _segment_rows(page: Page, row: int) -> int:
    """Rows of a strip or tile: the last strip ends with the image, tiles are padded."""
    return page.segment[0] if page.tiled else min(page.segment[0], page.rows - row)


def _segments(stream: BinaryIO, page: Page) -> Iterator[tuple[tuple[int, int, int], bytes]]:
    """(row, column, plane) of each strip or tile, and its decompressed bytes."""
    axes = (
        range(page.samples if page.planar else 1),
        range(0, page.rows, page.segment[0]),
        range(0, page.columns, page.segment[1]),
    )
    needed_count, stated_count = math.prod(map(len, axes)), min(len(page.offsets), len(page.counts))
    if stated_count < needed_count:
        raise Unreadable(
            f"{page.path.name} has {stated_count} strips or tiles where its size needs {needed_count}.",
            "The file is damaged; export it again from its source.",
        )
    positions = ((row, column, plane) for plane, row, column in product(*axes))
    for position, offset, count in zip(positions, page.offsets, page.counts, strict=False):
        stream.seek(offset)
        packed = stream.read(count)
        row_bytes = _row_bytes(page)
        rows = _segment_rows(page, position[0])
        if page.reversed_bits:
            packed = packed.translate(_REVERSED)
        data = _decompressed(page.compression, packed, rows, row_bytes)
        if len(packed) < count or len(data) < rows * row_bytes:
            raise Truncated(
                f"{page.path.name} ends before its image does.", "Copy or download the file again."
            )
        yield position, data


def _row_bytes(page: Page) -> int:
    """Bytes of one row of a strip or tile; rows start at whole bytes."""
    samples = 1 if page.planar else page.samples
    return (page.segment[1] * samples * page.bits + 7) // 8


def _decompressed(compression: int, packed: bytes, rows: int, row_bytes: int) -> bytes:
    """At most rows * row_bytes bytes, even if the compressed data contain more."""
    size = rows * row_bytes
    if compression == _NONE:
        return packed
    if compression in (_DEFLATE, _OLD_DEFLATE):
        return zlib.decompressobj().decompress(packed, size)
    if compression == _LZMA:
        return lzma.LZMADecompressor().decompress(packed, size)
    return _by_libtiff(compression, packed, rows, row_bytes)


def _by_libtiff(compression: int, packed: bytes, rows: int, row_bytes: int) -> bytes:
    """Bytes decompressed by the libtiff in Pillow, as a strip of 8-bit grey whatever the samples are."""
    long, short = 4, 3
    start = 8 + 2 + 12 * 9 + 4
    fields = (
        (256, long, row_bytes),
        (257, long, rows),
        (258, short, 8),
        (259, short, compression),
        (262, short, 1),
        (273, long, start),
        (277, short, 1),
        (278, long, rows),
        (279, long, len(packed)),
    )
    head = struct.pack("<2sHIH", b"II", 42, 8, len(fields))
    head += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in fields) + bytes(4)
    with Image.open(io.BytesIO(head + packed), formats=("TIFF",)) as strip:
        return strip.tobytes()


def _numbers(page: Page, data: bytes, rows: int) -> Array:
    """The samples (rows, columns, samples) of one strip or tile."""
    columns, samples = page.segment[1], 1 if page.planar else page.samples
    # As in libtiff: these compressions have no predictor, whatever a writer left in the field.
    predictor = 1 if page.compression in (_NONE, _PACKBITS) else page.predictor
    if predictor == _FLOAT_DIFFERENCES and page.kind == "f":
        return _from_byte_planes(data, rows, columns, samples, page.bits // 8)
    if page.bits % 8:
        values = _from_packed_bits(data, rows, columns * samples, page.bits)
    else:
        stored = np.dtype(f"{page.byte_order}{page.kind}{page.bits // 8}")
        values = np.frombuffer(data, stored, rows * columns * samples).astype(stored.newbyteorder("="))
    values = values.reshape(rows, columns, samples)
    if predictor == 1:
        return values
    if predictor != _DIFFERENCES or page.bits % 8:
        raise Unsupported(
            f"{page.path.name} has {page.bits}-bit samples with predictor {predictor}, which is not"
            " supported.",
            "Save it without compression.",
        )
    unsigned = values.view(f"u{values.dtype.itemsize}")  # differences are modulo the type, of floats too
    return np.cumsum(unsigned, axis=1, dtype=unsigned.dtype).view(values.dtype)


def _from_packed_bits(data: bytes, rows: int, count: int, bits: int) -> Array:
    """(rows, count) from rows of samples of `bits` bits each, the highest bit first."""
    row_bytes = (count * bits + 7) // 8
    packed = np.frombuffer(data, np.uint8, rows * row_bytes).reshape(rows, row_bytes)
    values = np.zeros((rows, count), np.uint8 if bits < 8 else np.uint16)
    for row, line in zip(values, packed, strict=True):  # each bit takes a byte: one row at a time
        single = np.unpackbits(line)[: count * bits].reshape(count, bits)
        for bit in range(bits):
            row[...] = (row << 1) | single[:, bit]
    return values


def _from_byte_planes(data: bytes, rows: int, columns: int, samples: int, size: int) -> Array:
    """Undo predictor 3: each row holds the highest bytes of all its numbers, then the next, as differences.

    Adobe Photoshop TIFF Technical Note 3.
    """
    differences = np.frombuffer(data, np.uint8, rows * columns * samples * size)
    planes = np.cumsum(differences.reshape(rows, -1, samples), axis=1, dtype=np.uint8)
    ordered = planes.reshape(rows, size, columns * samples).swapaxes(1, 2)
    values = np.ascontiguousarray(ordered).view(f">f{size}").reshape(rows, columns, samples)
    return values.astype(values.dtype.newbyteorder("="))
