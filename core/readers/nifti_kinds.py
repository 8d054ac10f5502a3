"""Which kind of NIfTI file the first bytes are, and which two files make a pair."""

import struct
from pathlib import Path

from core.readers.nifti_bytes import head_of, is_gzip, plain

# Single files hold header and voxels: the first byte that voxels may take.
FIRST_VOXEL_BYTES = {b"n+1": 352, b"n+2": 544}
ANALYZE, TWICE_COMPRESSED = b"analyze", b"twice"
_MAGICS = (*FIRST_VOXEL_BYTES, b"ni1", b"ni2")
_SIZES = (348, 540)  # of the header, its first field


def kind_of(head: bytes, path: Path) -> bytes | None:
    """The magic of a NIfTI file by its first bytes, `analyze` for its forerunner, `twice`, else None."""
    first = plain(head)
    if is_gzip(head) and is_gzip(first):
        return TWICE_COMPRESSED if kind_of(first, path) is not None else None
    order, size = byte_order_and_size(first)
    if not order or len(first) < size:
        return None
    magic = first[344:347] if size == _SIZES[0] else first[4:7]
    if magic in _MAGICS:
        return magic
    return ANALYZE if magic == bytes(3) and ".hdr" in path.name.lower() else None


def byte_order_and_size(first: bytes) -> tuple[str, int]:
    """Byte order (`<` or `>`) and length of a header by its first field; empty and 0 if it is none."""
    for order in "<>":
        for size in _SIZES:
            if first[:4] == struct.pack(f"{order}i", size):
                return order, size
    return "", 0


def header_path_of(path: Path) -> Path:
    """The header of a pair for its voxel file, any other path as it is."""
    if kind_of(head_of(path), path) is not None:
        return path
    return sibling(path, ".img", ".hdr")


def is_voxel_file(path: Path) -> bool:
    """Whether the file beside it with the ending .hdr is the header of a pair."""
    header_path = sibling(path, ".img", ".hdr")
    if header_path == path or not header_path.is_file():
        return False
    kind = kind_of(head_of(header_path), header_path)
    return kind is not None and kind not in FIRST_VOXEL_BYTES


def sibling(path: Path, suffix: str, other: str) -> Path:
    for ending in (suffix, suffix + ".gz"):
        if path.name.lower().endswith(ending):
            stem = path.name[: -len(ending)]
            forms = (other, other.upper(), other.title())
            endings = (form + packed for packed in ("", ".gz", ".GZ", ".Gz") for form in forms)
            places = [path.with_name(stem + name) for name in endings]
            return next((place for place in places if place.exists()), places[0])
    return path
