"""Encapsulated pixel data: where its fragments lie, and which of them make one frame (PS3.5 A.4)."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from core.readers.codestream import is_start

FRAGMENT, SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
# A frame's header may follow long tables and comments.
HEADER_BYTES = 2**16
_RLE_HEADER = 64


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of the file."""

    start: int
    length: int


Frame = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Fragments:
    """The fragments of one element, the offset table apart.

    offsets: of the table, from the first fragment's item. closed: all are whole, and the end mark follows.
    missing: bytes that the last fragment lacks.
    """

    pieces: tuple[Piece, ...]
    offsets: tuple[int, ...]
    closed: bool
    missing: int = 0


def fragments_in(stream: BinaryIO, start: int, length: int | None) -> Fragments:
    """Walk over the items from `start`, for `length` bytes or (None) up to the end mark."""
    end = stream.seek(0, os.SEEK_END)
    limit = end if length is None else min(end, start + length)
    pieces: list[Piece] = []
    position, closed, missing = start, length is not None and start + length <= end, 0
    while position + 8 <= limit:
        stream.seek(position)
        item = stream.read(8)
        if item[:4] != FRAGMENT:
            closed = item[:4] == SEQUENCE_END
            break
        size = int.from_bytes(item[4:], "little")
        pieces.append(Piece(position + 8, size))
        position += 8 + size
        missing = max(0, position - end)
    offsets: tuple[int, ...] = ()
    if pieces and not pieces[0].length % 4:
        stream.seek(pieces[0].start)
        table = stream.read(min(pieces[0].length, 2**24))
        offsets = tuple(int.from_bytes(table[at : at + 4], "little") for at in range(0, len(table), 4))
    return Fragments(tuple(pieces[1:]), offsets, closed and not missing, missing)


def frames_of(
    stream: BinaryIO, found: Fragments, counted: int, rle_segments: int, extended: Sequence[int] = ()
) -> tuple[Frame, ...]:
    """The fragments grouped into frames; none if nothing tells where frames start.

    The offset tables are believed only if each offset is a fragment's. rle_segments: what a run-length
    header must name to be one (0: not run lengths). extended: the extended offset table.
    """
    pieces = found.pieces
    places = {piece.start - 8 - (pieces[0].start - 8): index for index, piece in enumerate(pieces)}
    starts = [index for index, piece in enumerate(pieces) if _starts(stream, piece, rle_segments)]
    for offsets in (tuple(extended), found.offsets):
        known = [places.get(offset, -1) for offset in offsets]
        rising = all(before < after for before, after in pairwise(known))
        if known and known[0] == 0 and rising and len(known) >= max(counted, len(starts)):
            return _grouped(pieces, known)
    if starts and starts[0] == 0 and (len(starts) == counted or counted == 1):
        return _grouped(pieces, starts)
    if counted == 1:
        return (pieces,) if pieces else ()
    if len(pieces) == counted:
        return _grouped(pieces, list(range(counted)))
    return _grouped(pieces, starts) if starts and starts[0] == 0 else ()


def _grouped(pieces: tuple[Piece, ...], starts: list[int]) -> tuple[Frame, ...]:
    ends = [*starts[1:], len(pieces)]
    return tuple(pieces[start:end] for start, end in zip(starts, ends, strict=True))


def _starts(stream: BinaryIO, piece: Piece, rle_segments: int) -> bool:
    stream.seek(piece.start)
    if not rle_segments:
        return is_start(stream.read(12))
    return is_rle(stream.read(_RLE_HEADER), rle_segments)


def is_rle(head: bytes, segments: int) -> bool:
    """Whether these bytes are a run-length header of so many segments (PS3.5 G.5)."""
    words = [int.from_bytes(head[at : at + 4], "little") for at in range(0, len(head), 4)]
    return len(words) >= 16 and words[:2] == [segments, _RLE_HEADER] and not any(words[segments + 1 : 16])


def bytes_of(stream: BinaryIO, frame: Frame, limit: int | None = None) -> bytes:
    """The bytes of one frame, or the first `limit` of them."""
    parts: list[bytes] = []
    for piece in frame:
        left = None if limit is None else limit - sum(map(len, parts))
        if left is not None and left <= 0:
            break
        stream.seek(piece.start)
        parts.append(stream.read(piece.length if left is None else min(left, piece.length)))
    return b"".join(parts)
