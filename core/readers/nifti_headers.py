"""NIfTI headers: the claims of a header, checked against the size of the file."""

from dataclasses import dataclass
from math import isfinite, prod
from pathlib import Path
from typing import Any

import nibabel
import numpy as np

from core.errors import NoImages, Refused, Truncated, Unreadable, Unsupported
from core.readers.files import DEFLATE_RATIO
from core.readers.nifti_bytes import decompressed_head, head_of, is_gzip
from core.readers.nifti_kinds import (
    ANALYZE,
    FIRST_VOXEL_BYTES,
    TWICE_COMPRESSED,
    byte_order_and_size,
    kind_of,
    sibling,
)

# One volume that is decompressed or converted in memory: 512 x 512 x 1,024; as float32 1 GiB.
VOXEL_LIMIT = 2**28
# One volume that is mapped from its file and takes address space, but no memory.
MAPPED_LIMIT_BYTES = 2**32
# Header extensions are stored before the voxels; no valid file needs more.
OFFSET_LIMIT = 2**24
_CLASSES: dict[bytes, Any] = {
    b"n+1": nibabel.Nifti1Image,
    b"ni1": nibabel.Nifti1Pair,
    b"n+2": nibabel.Nifti2Image,
    b"ni2": nibabel.Nifti2Pair,
}
_CIFTI_INTENTS = range(3000, 3100)
_UNSUPPORTED_TYPES = {0: "without a type", 1: "of single bits", 1536: "of 128-bit floating-point numbers"}
_UNSUPPORTED_TYPES |= {2048: "of 256-bit complex numbers"}


@dataclass(frozen=True, slots=True)
class NiftiFile:
    """A header that agrees with its file.

    data_path: the file with the voxels; `start`: their first byte in it; is_packed: it is gzipped.
    shape: (x, y, z) of a volume as stored; volumes: their number, along the fourth axis first. slope,
    intercept: scaling of the values, 1 and 0 without one. notes: what was corrected.
    """

    path: Path
    header: Any
    data_path: Path
    start: int
    is_packed: bool
    data_type: np.dtype[Any]
    shape: tuple[int, int, int]
    volumes: int
    slope: float = 1.0
    intercept: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def volume_bytes(self) -> int:
        """Of one volume as stored."""
        return prod(self.shape) * self.data_type.itemsize

    @property
    def is_converted(self) -> bool:
        """Whether the stored voxels are no modality values up to a slope and have to be converted first."""
        return self.data_type.kind == "c" or (self.data_type.kind == "f" and self.data_type.itemsize > 8)

    @property
    def is_mapped(self) -> bool:
        """Whether slices are cut from the file where it lies."""
        return not self.is_packed and not self.is_converted


def open_nifti(path: Path) -> NiftiFile:
    """The header, checked before anything is decoded.

    Raises Unreadable, Unsupported, NoImages, Refused or Truncated.
    """
    head = head_of(path)
    kind = kind_of(head, path)
    if kind is None:
        raise Unreadable(f"{path.name} is not a NIfTI file.")
    if kind == TWICE_COMPRESSED:
        raise Unsupported(f"{path.name} is compressed twice.", "Decompress it once.")
    if kind == ANALYZE:
        raise Unsupported(
            f"{path.name} is Analyze 7.5, which does not distinguish left from right.", "Convert it to NIfTI."
        )
    header_class = _CLASSES[kind].header_class
    first_bytes = decompressed_head(head)
    block = first_bytes[: header_class.template_dtype.itemsize]
    header = header_class(block, endianness=byte_order_and_size(first_bytes)[0], check=False)
    if int(header["intent_code"]) in _CIFTI_INTENTS:
        raise NoImages(f"{path.name} is a CIFTI-2 matrix, not a volume.", "Open a volume.")
    shape, volumes = _shape_of(path, header)
    start, start_notes = _start_of(path, header, kind)
    slope, intercept, scaling_notes = _scaling_of(header)
    data_path = _data_path(path, kind)
    file = NiftiFile(
        path=path,
        header=header,
        data_path=data_path,
        start=start,
        is_packed=is_gzip(head_of(data_path)),
        data_type=_data_type(path, header),
        shape=shape,
        volumes=volumes,
        slope=slope,
        intercept=intercept,
        notes=(*start_notes, *scaling_notes),
    )
    _require_plausible_size(file)
    return file


def _shape_of(path: Path, header: Any) -> tuple[tuple[int, int, int], int]:
    dimensions = int(header["dim"][0])
    if not 1 <= dimensions <= 7:
        raise Unreadable(
            f"{path.name} states {dimensions} as its number of dimensions; 1 to 7 are possible.",
            "Export the file again from its source.",
        )
    sizes = tuple(int(size) for size in header.get_data_shape())
    if min(sizes) < 1:
        raise NoImages(f"{path.name} has no voxels: its size is {' x '.join(map(str, sizes))}.")
    x, y, z, times, fifth, *further_sizes = (*sizes, 1, 1, 1, 1)[: max(len(sizes), 5)]
    if prod(further_sizes) != 1:
        raise Unsupported(f"{path.name} has {len(sizes)} dimensions.", "Save its volumes one by one.")
    return (x, y, z), times * fifth


def _data_type(path: Path, header: Any) -> np.dtype[Any]:
    """The voxel type. Raises Unsupported, with the name of the type."""
    code = int(header["datatype"])
    try:
        data_type: np.dtype[Any] = header.get_data_dtype()
    except KeyError:
        data_type = np.dtype(np.void)
    if not data_type.itemsize:
        description = _UNSUPPORTED_TYPES.get(code, f"of the unknown type {code}")
        raise Unsupported(
            f"{path.name} has voxels {description}, which are not supported.", "Save it with 16-bit integers."
        )
    return data_type


def _start_of(path: Path, header: Any, kind: bytes) -> tuple[int, tuple[str, ...]]:
    """The first byte of the voxels, and a note if the header's is impossible. Raises Refused."""
    offset = float(header["vox_offset"])
    if not 0 <= offset <= OFFSET_LIMIT:
        raise Refused(f"{path.name} claims that its voxels start at byte {offset:.0f}.")
    first_possible = FIRST_VOXEL_BYTES.get(kind, 0)
    if offset >= first_possible:
        return int(offset), ()
    note = f"the voxels cannot start inside the header: they were read from byte {first_possible} on"
    return first_possible, (note,)


def _scaling_of(header: Any) -> tuple[float, float, tuple[str, ...]]:
    """Slope and intercept, and a note on NaN and infinity; a slope of 0 or NaN means no scaling."""
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if slope in (float("inf"), float("-inf")):
        return 1.0, 0.0, ("the slope of the values is infinite: they are shown as stored",)
    if slope == 0 or not isfinite(slope):
        return 1.0, 0.0, ()
    if not isfinite(intercept):
        return slope, 0.0, ("the intercept of the values is NaN or infinite: 0 was used",)
    return slope, intercept, ()


def _data_path(path: Path, kind: bytes) -> Path:
    """The file with the voxels. Raises Unreadable if it is missing."""
    if kind in FIRST_VOXEL_BYTES:
        return path
    data_path = sibling(path, ".hdr", ".img")
    if data_path == path or not data_path.exists():
        name = data_path.name if data_path != path else "the file with the ending .img"
        raise Unreadable(
            f"{path.name} is one half of a pair; {name} with the voxels is missing.",
            "Put both files into one folder, with the endings .hdr and .img.",
        )
    return data_path


def _require_plausible_size(file: NiftiFile) -> None:
    path = file.path
    limit = MAPPED_LIMIT_BYTES // file.data_type.itemsize if file.is_mapped else VOXEL_LIMIT
    if prod(file.shape) > limit:
        raise Refused(
            f"{path.name} claims {' x '.join(map(str, file.shape))} voxels, more than the"
            f" supported {limit / 1e6:.0f} million.",
            "If it is genuine, crop it.",
        )
    claimed = file.volume_bytes * file.volumes + file.start
    ratio = DEFLATE_RATIO if file.is_packed else 1
    if claimed > file.data_path.stat().st_size * ratio:
        raise Truncated(
            f"{file.data_path.name} ends before its image does: it claims {claimed:.0f} bytes.",
            "Copy or download the file again.",
        )
