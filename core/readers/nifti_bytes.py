"""The bytes of NIfTI files, plain or gzipped; the content decides which, not the name."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.readers.protocol import HEAD_BYTES

_GZIP = b"\x1f\x8b"
_WITH_GZIP_HEADER = 31  # zlib's name for it
_CHUNK = 2**20
# The checksum of a gzip member is at its end. It is verified if it is at most so many bytes after the
# requested volume; damage further on is detected with a later volume.
_VERIFIED_AFTER = 2**28


def head_of(path: Path) -> bytes:
    """The first HEAD_BYTES of a file as stored."""
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def is_gzip(head: bytes) -> bool:
    """Whether a file with these first bytes is gzipped."""
    return head.startswith(_GZIP)


def decompressed_head(head: bytes) -> bytes:
    """The first bytes decompressed, about HEAD_BYTES at most, up to the first damaged ones."""
    if not is_gzip(head):
        return head
    decompressed = b""
    # In small pieces, as a piece with damage is lost completely.
    try:
        for piece in _Members(io.BytesIO(head), max_piece=16).pieces():
            decompressed += piece
            if len(decompressed) >= HEAD_BYTES:
                break
    except (EOFError, zlib.error):  # the head is truncated; damage is reported when the file is read
        pass
    return decompressed


def part_of(path: Path, start: int, length: int) -> tuple[bytearray, bool]:
    """`length` decompressed bytes from `start` on, and whether other data follow the compressed ones.

    Raises EOFError if there are fewer, zlib.error for damaged data or a wrong checksum.
    """
    part = bytearray()
    with path.open("rb") as stream:
        if not is_gzip(stream.read(len(_GZIP))):
            stream.seek(start)
            part += stream.read(length)
            if len(part) < length:
                raise EOFError
            return part, False
        stream.seek(0)
        members = _Members(stream)
        position = 0
        for piece in members.pieces():
            if len(part) < length:
                skipped = max(start - position, 0)
                part += piece[skipped : skipped + length - len(part)]
            position += len(piece)
            if position > start + length + _VERIFIED_AFTER:
                break
    if len(part) < length:
        raise EOFError
    return part, members.has_other_data_after


class _Members:
    """The members of a gzip file one after the other; the format allows several."""

    def __init__(self, stream: BinaryIO, max_piece: int = 2**24) -> None:
        self._stream, self._max_piece = stream, max_piece
        self.has_other_data_after = False

    def pieces(self) -> Iterator[bytes]:
        """The decompressed bytes, at most `max_piece` in a piece. Raises EOFError and zlib.error."""
        decompressor = zlib.decompressobj(wbits=_WITH_GZIP_HEADER)
        packed = self._stream.read(_CHUNK)
        while packed:
            yield decompressor.decompress(packed, self._max_piece)
            packed = decompressor.unconsumed_tail or (b"" if decompressor.eof else self._stream.read(_CHUNK))
            if decompressor.eof:
                packed = self._next_member(decompressor.unused_data)
                if packed:
                    decompressor = zlib.decompressobj(wbits=_WITH_GZIP_HEADER)
        if not decompressor.eof:
            raise EOFError

    def _next_member(self, rest: bytes) -> bytes:
        """The start of the next member, empty at the end; zeros that pad a block are skipped."""
        while not (rest := rest.lstrip(b"\0")):
            rest = self._stream.read(_CHUNK)
            if not rest:
                return b""
        rest += self._stream.read(1) if len(rest) < len(_GZIP) else b""
        if is_gzip(rest):
            return rest
        self.has_other_data_after = True
        return b""
