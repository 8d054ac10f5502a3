"""NIfTI headers: what a file claims to hold, checked against its size."""

from dataclasses import dataclass
from math import isfinite, prod
from pathlib import Path
from typing import Any

import nibabel
import numpy as np

from core.errors import NoImages, Refused, Truncated, Unreadable, Unsupported
from core.readers.nifti_bytes import head_of, is_gzip, plain
from core.readers.nifti_kinds import (
    ANALYZE,
    FIRST_VOXEL_BYTES,
    TWICE_COMPRESSED,
    byte_order_and_size,
    kind_of,
    sibling,
)

# One volume: 512 x 512 x 1,024; as float32 1 GiB.
VOXEL_LIMIT = 2**28
# Header extensions lie before the voxels; nothing sensible needs more.
OFFSET_LIMIT = 2**24
# Deflate cannot shrink by more than this, so a smaller file does not hold what it claims.
DEFLATE_RATIO = 1032
_CLASSES: dict[bytes, Any] = {
    b"n+1": nibabel.Nifti1Image,
    b"ni1": nibabel.Nifti1Pair,
    b"n+2": nibabel.Nifti2Image,
    b"ni2": nibabel.Nifti2Pair,
}
_CIFTI_INTENTS = range(3000, 3100)
_UNREAD_TYPES = {0: "without a type", 1: "of single bits", 1536: "of 128-bit floating-point numbers"}
_UNREAD_TYPES |= {2048: "of 256-bit complex numbers"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A header that fits its file.

    data_path: the file with the voxels, `start` their first byte there. shape: (x, y, z) as stored;
    volumes: how many of them. slope, intercept: of the values, 1 and 0 where they are stored themselves.
    notes: what had to be mended.
    """

    path: Path
    header: Any
    data_path: Path
    start: int
    data_type: np.dtype[Any]
    shape: tuple[int, int, int]
    volumes: int
    slope: float = 1.0
    intercept: float = 0.0
    notes: tuple[str, ...] = ()


def opened(path: Path) -> Opened:
    """Check what the header claims before anything is decoded.

    Raises Unreadable, Unsupported, NoImages, Refused or Truncated.
    """
    head = head_of(path)
    kind = kind_of(head, path)
    if kind is None:
        raise Unreadable(f"{path.name} is no NIfTI file.")
    if kind == TWICE_COMPRESSED:
        raise Unsupported(f"{path.name} is compressed twice.", "Unpack it once.")
    if kind == ANALYZE:
        raise Unsupported(
            f"{path.name} is Analyze 7.5, which does not tell left from right.", "Convert it to NIfTI."
        )
    header_class = _CLASSES[kind].header_class
    first = plain(head)
    block = first[: header_class.template_dtype.itemsize]
    header = header_class(block, endianness=byte_order_and_size(first)[0], check=False)
    if int(header["intent_code"]) in _CIFTI_INTENTS:
        raise NoImages(f"{path.name} is a CIFTI-2 matrix and holds no volume.", "Open a volume.")
    shape, volumes = _shape_of(path, header)
    start, moved = _start_of(path, header, kind)
    slope, intercept, scaled = _scaling_of(header)
    file = Opened(
        path=path,
        header=header,
        data_path=_data_path(path, kind),
        start=start,
        data_type=_data_type(path, header),
        shape=shape,
        volumes=volumes,
        slope=slope,
        intercept=intercept,
        notes=(*moved, *scaled),
    )
    _require_honest_size(file)
    return file


def _shape_of(path: Path, header: Any) -> tuple[tuple[int, int, int], int]:
    dimensions = int(header["dim"][0])
    if not 1 <= dimensions <= 7:
        raise Unreadable(
            f"{path.name} gives {dimensions} as its number of dimensions; 1 to 7 are possible.",
            "Export the file again from its source.",
        )
    sizes = tuple(int(size) for size in header.get_data_shape())
    if min(sizes) < 1:
        raise NoImages(f"{path.name} holds no voxels: its size is {' x '.join(map(str, sizes))}.")
    x, y, z, volumes, *more = (*sizes, 1, 1, 1, 1)[: max(len(sizes), 4)]
    if prod(more) != 1:
        raise Unsupported(f"{path.name} has {len(sizes)} dimensions.", "Save its volumes one by one.")
    return (x, y, z), volumes


def _data_type(path: Path, header: Any) -> np.dtype[Any]:
    """Raises Unsupported with the type in words."""
    code = int(header["datatype"])
    try:
        found: np.dtype[Any] = header.get_data_dtype()
    except KeyError:
        found = np.dtype(np.void)
    if not found.itemsize:
        words = _UNREAD_TYPES.get(code, f"of the unknown type {code}")
        raise Unsupported(
            f"{path.name} holds voxels {words}, which are not read.", "Save it with 16-bit integers."
        )
    return found


def _start_of(path: Path, header: Any, kind: bytes) -> tuple[int, tuple[str, ...]]:
    """The first byte of the voxels, and a note if it lies where none can. Raises Refused."""
    offset = float(header["vox_offset"])
    if not 0 <= offset <= OFFSET_LIMIT:
        raise Refused(f"{path.name} claims that its voxels start at byte {offset:.0f}.")
    least = FIRST_VOXEL_BYTES.get(kind, 0)
    if offset >= least:
        return int(offset), ()
    return least, (f"the header lets the voxels start inside itself: they were read from byte {least} on",)


def _scaling_of(header: Any) -> tuple[float, float, tuple[str, ...]]:
    """Slope and intercept, and a note on what is no number; a slope of 0 or NaN means that there is none."""
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if slope in (float("inf"), float("-inf")):
        return 1.0, 0.0, ("the scaling of the values is not a number: they are shown as stored",)
    if slope == 0 or not isfinite(slope):
        return 1.0, 0.0, ()
    if not isfinite(intercept):
        return slope, 0.0, ("the intercept of the values is not a number: 0 was used",)
    return slope, intercept, ()


def _data_path(path: Path, kind: bytes) -> Path:
    """The file with the voxels. Raises Unreadable if it is missing."""
    if kind in FIRST_VOXEL_BYTES:
        return path
    found = sibling(path, ".hdr", ".img")
    if found == path or not found.exists():
        name = found.name if found != path else "the file with the ending .img"
        raise Unreadable(
            f"{path.name} is one half of a pair; {name} with the voxels is missing.",
            "Put both files into one folder, with the endings .hdr and .img.",
        )
    return found


def _require_honest_size(file: Opened) -> None:
    path, voxels = file.path, prod(file.shape)
    if voxels > VOXEL_LIMIT:
        raise Refused(
            f"{path.name} claims {' x '.join(map(str, file.shape))} voxels, more than the"
            f" {VOXEL_LIMIT / 1e6:.0f} million that are read.",
            "If it is genuine, crop it.",
        )
    claimed = voxels * file.volumes * file.data_type.itemsize + file.start
    ratio = DEFLATE_RATIO if is_gzip(head_of(file.data_path)) else 1
    if claimed > file.data_path.stat().st_size * ratio:
        raise Truncated(
            f"{file.data_path.name} ends before its image does: it claims {claimed:.0f} bytes.",
            "Copy or download the file again.",
        )
