"""Which kind of NIfTI file the first bytes are, and which two files make a pair."""

import struct
from pathlib import Path

from core.readers.nifti_bytes import decompressed_head, head_of, is_gzip

# Single files hold header and voxels: the first byte that voxels may take.
FIRST_VOXEL_BYTES = {b"n+1": 352, b"n+2": 544}
ANALYZE, TWICE_COMPRESSED = b"analyze", b"twice"
_MAGICS = (*FIRST_VOXEL_BYTES, b"ni1", b"ni2")
_SIZES = (348, 540)  # of the header, its first field


def kind_of(head: bytes, path: Path) -> bytes | None:
    """The magic of a NIfTI file, ANALYZE for its predecessor, TWICE_COMPRESSED, or None for other files."""
    start = decompressed_head(head)
    if is_gzip(head) and is_gzip(start):
        return TWICE_COMPRESSED if kind_of(start, path) is not None else None
    byte_order, size = byte_order_and_size(start)
    if not byte_order or len(start) < size:
        return None
    magic = start[344:347] if size == _SIZES[0] else start[4:7]
    if magic in _MAGICS:
        return magic
    return ANALYZE if magic == bytes(3) and ".hdr" in path.name.lower() else None


def byte_order_and_size(start: bytes) -> tuple[str, int]:
    """Byte order (`<` or `>`) and length of a header from its first field; empty and 0 if it is invalid."""
    for byte_order in "<>":
        for size in _SIZES:
            if start[:4] == struct.pack(f"{byte_order}i", size):
                return byte_order, size
    return "", 0


def header_path_of(path: Path) -> Path:
    """The path of the header for the voxel file of a pair; any other path unchanged."""
    if kind_of(head_of(path), path) is not None:
        return path
    return sibling(path, ".img", ".hdr")


def is_voxel_file(path: Path) -> bool:
    """Whether the file of the same name with the ending .hdr is the header of a pair."""
    header_path = sibling(path, ".img", ".hdr")
    if header_path == path or not header_path.is_file():
        return False
    kind = kind_of(head_of(header_path), header_path)
    return kind is not None and kind not in FIRST_VOXEL_BYTES


def sibling(path: Path, suffix: str, other: str) -> Path:
    """The path of the other file of a pair: `path` with the ending `other` instead of `suffix`.

    Both in any case and plain or gzipped; one that exists is preferred. `path` itself without that ending.
    """
    for own_ending in (suffix, suffix + ".gz"):
        if path.name.lower().endswith(own_ending):
            stem = path.name[: -len(own_ending)]
            spellings = (other, other.upper(), other.title())
            endings = (spelling + gz for gz in ("", ".gz", ".GZ", ".Gz") for spelling in spellings)
            candidates = [path.with_name(stem + ending) for ending in endings]
            return next((candidate for candidate in candidates if candidate.exists()), candidates[0])
    return path
