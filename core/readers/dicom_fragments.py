"""Encapsulated pixel data: where the fragments are, and which of them make one frame (PS3.5 A.4)."""

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
class ByteRange:
    """A range of bytes of the file."""

    start: int
    length: int


FrameBytes = tuple[ByteRange, ...]


@dataclass(frozen=True, slots=True)
class Fragments:
    """The fragments of one element, without the basic offset table.

    offsets: those of the table, frame_count from the first fragment's item. is_complete: all fragments are
    complete, and the sequence delimitation item follows. missing: bytes that the last fragment lacks.
    """

    ranges: tuple[ByteRange, ...]
    offsets: tuple[int, ...]
    is_complete: bool
    missing: int = 0


def fragments_in(stream: BinaryIO, start: int, length: int | None) -> Fragments:
    """The items from `start` on, for `length` bytes or (None) up to the sequence delimitation item."""
    end = stream.seek(0, os.SEEK_END)
    limit = end if length is None else min(end, start + length)
    ranges: list[ByteRange] = []
    position, is_complete, missing = start, length is not None and start + length <= end, 0
    while position + 8 <= limit:
        stream.seek(position)
        item = stream.read(8)
        if item[:4] != FRAGMENT:
            is_complete = item[:4] == SEQUENCE_END
            break
        size = int.from_bytes(item[4:], "little")
        ranges.append(ByteRange(position + 8, size))
        position += 8 + size
        missing = max(0, position - end)
    offsets: tuple[int, ...] = ()
    if ranges and not ranges[0].length % 4:
        stream.seek(ranges[0].start)
        table = stream.read(min(ranges[0].length, 2**24))
        offsets = tuple(int.from_bytes(table[at : at + 4], "little") for at in range(0, len(table), 4))
    return Fragments(tuple(ranges[1:]), offsets, is_complete and not missing, missing)


def frames_of(
    stream: BinaryIO, fragments: Fragments, frame_count: int, rle_segments: int, extended: Sequence[int] = ()
) -> tuple[FrameBytes, ...]:
    """The fragments grouped into frames; empty if it cannot be determined where frames start.

    frame_count: as the header states it. An offset table is used only if each offset is that of a fragment.
    rle_segments: the number of segments in a run-length header (0: not run lengths). extended: the extended
    offset table.
    """
    ranges = fragments.ranges
    indices = {fragment.start - 8 - (ranges[0].start - 8): index for index, fragment in enumerate(ranges)}
    starts = [
        index for index, fragment in enumerate(ranges) if _is_frame_start(stream, fragment, rle_segments)
    ]
    for offsets in (tuple(extended), fragments.offsets):
        starts_by_table = [indices.get(offset, -1) for offset in offsets]
        are_ascending = all(before < after for before, after in pairwise(starts_by_table))
        if (
            starts_by_table
            and starts_by_table[0] == 0
            and are_ascending
            and len(starts_by_table) >= max(frame_count, len(starts))
        ):
            return _grouped(ranges, starts_by_table)
    if starts and starts[0] == 0 and (len(starts) == frame_count or frame_count == 1):
        return _grouped(ranges, starts)
    if frame_count == 1:
        return (ranges,) if ranges else ()
    if len(ranges) == frame_count:
        return _grouped(ranges, list(range(frame_count)))
    return _grouped(ranges, starts) if starts and starts[0] == 0 else ()


def _grouped(ranges: tuple[ByteRange, ...], starts: list[int]) -> tuple[FrameBytes, ...]:
    ends = [*starts[1:], len(ranges)]
    return tuple(ranges[start:end] for start, end in zip(starts, ends, strict=True))


def _is_frame_start(stream: BinaryIO, fragment: ByteRange, rle_segments: int) -> bool:
    stream.seek(fragment.start)
    if not rle_segments:
        return is_start(stream.read(12))
    return is_rle(stream.read(_RLE_HEADER), rle_segments)


def is_rle(head: bytes, segments: int) -> bool:
    """Whether these bytes are a run-length header with this number of segments (PS3.5 G.5)."""
    integers = [int.from_bytes(head[at : at + 4], "little") for at in range(0, len(head), 4)]
    return (
        len(integers) >= 16
        and integers[:2] == [segments, _RLE_HEADER]
        and not any(integers[segments + 1 : 16])
    )


def bytes_of(stream: BinaryIO, frame: FrameBytes, limit: int | None = None) -> bytes:
    """The bytes of one frame, or the first `limit` of them."""
    parts: list[bytes] = []
    for fragment in frame:
        left = None if limit is None else limit - sum(map(len, parts))
        if left is not None and left <= 0:
            break
        stream.seek(fragment.start)
        parts.append(stream.read(fragment.length if left is None else min(left, fragment.length)))
    return b"".join(parts)
