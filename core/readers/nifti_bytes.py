"""The bytes of NIfTI files, plain or gzipped: whether a file is packed, its content says, not its name."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.readers.protocol import HEAD_BYTES

_GZIP = b"\x1f\x8b"
_WITH_GZIP_HEADER = 31  # zlib's name for it
_CHUNK = 2**20
# The checksum of a gzip member is at its end. So far behind the volume that was asked for it is sought;
# damage further on is found with a later volume.
_CHECKED_BEHIND = 2**28


def head_of(path: Path) -> bytes:
    """The first bytes of a file as they are."""
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def is_gzip(head: bytes) -> bool:
    """Whether a file with these first bytes is gzipped."""
    return head.startswith(_GZIP)


def plain(head: bytes) -> bytes:
    """The first bytes without compression, about HEAD_BYTES at most; those before the first damaged ones."""
    if not is_gzip(head):
        return head
    found = b""
    # In pieces, as one in which damage is found is lost as a whole.
    try:
        for piece in _Members(io.BytesIO(head), most_at_once=16).pieces():
            found += piece
            if len(found) >= HEAD_BYTES:
                break
    except (EOFError, zlib.error):  # cut off here, and whether it is damaged is found when it is read
        pass
    return found


def part_of(path: Path, start: int, length: int) -> tuple[bytearray, bool]:
    """`length` bytes from `start` on, without compression, and whether other data follow the packed ones.

    Raises EOFError if there are fewer, zlib.error for damaged data or a wrong checksum.
    """
    found = bytearray()
    with path.open("rb") as stream:
        if not is_gzip(stream.read(len(_GZIP))):
            stream.seek(start)
            found += stream.read(length)
            if len(found) < length:
                raise EOFError
            return found, False
        stream.seek(0)
        members = _Members(stream)
        passed = 0
        for piece in members.pieces():
            if len(found) < length:
                skipped = max(start - passed, 0)
                found += piece[skipped : skipped + length - len(found)]
            passed += len(piece)
            if passed > start + length + _CHECKED_BEHIND:
                break
    if len(found) < length:
        raise EOFError
    return found, members.followed_by_others


class _Members:
    """The members of a gzip file one after the other, as the format allows several."""

    def __init__(self, stream: BinaryIO, most_at_once: int = 2**24) -> None:
        self._stream, self._most_at_once = stream, most_at_once
        self.followed_by_others = False

    def pieces(self) -> Iterator[bytes]:
        """The plain bytes, `most_at_once` at most in a piece. Raises EOFError and zlib.error."""
        engine = zlib.decompressobj(wbits=_WITH_GZIP_HEADER)
        packed = self._stream.read(_CHUNK)
        while packed:
            yield engine.decompress(packed, self._most_at_once)
            packed = engine.unconsumed_tail or (b"" if engine.eof else self._stream.read(_CHUNK))
            if engine.eof:
                packed = self._next_member(engine.unused_data)
                if packed:
                    engine = zlib.decompressobj(wbits=_WITH_GZIP_HEADER)
        if not engine.eof:
            raise EOFError

    def _next_member(self, rest: bytes) -> bytes:
        """The start of a further member; empty at the end. Zeros that fill up a block are passed over."""
        while not (rest := rest.lstrip(b"\0")):
            rest = self._stream.read(_CHUNK)
            if not rest:
                return b""
        rest += self._stream.read(1) if len(rest) < len(_GZIP) else b""
        if is_gzip(rest):
            return rest
        self.followed_by_others = True
        return b""
