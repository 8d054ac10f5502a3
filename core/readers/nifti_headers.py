"""NIfTI headers: what a file claims to hold, checked against its size, and how it lies in the patient."""

import struct
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import nibabel
import numpy as np

from core.arrays import Array
from core.errors import NoImages, Refused, Truncated, Unreadable, Unsupported
from core.images.geometry import is_affine

# nibabel's functions carry no types.
orientations: Any = nibabel.orientations

SUFFIXES = (".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz")
# One volume: 512 x 512 x 1,024; as float32 1 GiB.
VOXEL_LIMIT = 2**28
# Header extensions lie before the voxels; nothing sensible needs more.
OFFSET_LIMIT = 2**24
# Deflate cannot shrink by more than this, so a smaller file does not hold what it claims.
DEFLATE_RATIO = 1032
_HEADER_BYTES = 540
_CLASSES: dict[bytes, Any] = {
    b"n+1": nibabel.Nifti1Image,
    b"ni1": nibabel.Nifti1Pair,
    b"n+2": nibabel.Nifti2Image,
    b"ni2": nibabel.Nifti2Pair,
}
_ANALYZE = b"analyze"
_CIFTI_INTENTS = range(3000, 3100)
_MM = {"meter": 1000.0, "micron": 0.001}
_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_DISPLAY_ORDER = orientations.axcodes2ornt(("L", "P", "S"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A header that fits its file.

    shape: (x, y, z) as stored; volumes: how many of them; image_class: nibabel's class for the file.
    """

    path: Path
    header: Any
    image_class: Any
    shape: tuple[int, int, int]
    volumes: int


@dataclass(frozen=True, slots=True)
class Placement:
    """How stored voxels become displayed ones, and where these lie.

    turn: nibabel's orientation transform to columns to the left, rows to the back, slices to the head.
    shape: (slices, rows, columns) after it. affine_lps_mm: (4, 4) of (slice, row, column).
    known: whether the file gives an orientation at all.
    """

    turn: Array
    shape: tuple[int, int, int]
    affine_lps_mm: Array
    known: bool


def kind_of(head: bytes, path: Path) -> bytes | None:
    """The magic of a NIfTI file by its first bytes, `analyze` for its forerunner, else None."""
    if not path.name.lower().endswith(SUFFIXES):
        return None
    plain = _inflated(head)
    length = {plain[:4]} & {struct.pack(order + "i", size) for order in "<>" for size in (348, 540)}
    if not length or len(plain) < 348:
        return None
    magic = plain[4:7] if plain[:4] in (struct.pack("<i", 540), struct.pack(">i", 540)) else plain[344:347]
    if magic in _CLASSES:
        return magic
    return _ANALYZE if magic == bytes(3) and ".hdr" in path.name.lower() else None


def header_path_of(path: Path) -> Path:
    """The header of a pair for its voxel file, any other path as it is."""
    return _sibling(path, ".img", ".hdr")


def _sibling(path: Path, suffix: str, other: str) -> Path:
    for ending in (suffix, suffix + ".gz"):
        if path.name.lower().endswith(ending):
            stem = path.name[: -len(ending)]
            places = (path.with_name(stem + name) for name in (other, other + ".gz", other.upper()))
            return next((place for place in places if place.exists()), path.with_name(stem + other))
    return path


def _inflated(head: bytes) -> bytes:
    if head[:2] != b"\x1f\x8b":
        return head[:_HEADER_BYTES]
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEADER_BYTES)
    except zlib.error:
        return b""


def opened(path: Path, head: bytes) -> Opened:
    """Check what the header claims before anything is decoded.

    Raises Unsupported, NoImages, Refused or Truncated.
    """
    kind = kind_of(head, path)
    if kind is None:
        raise Unreadable(f"{path.name} is no NIfTI file.")
    if kind == _ANALYZE:
        raise Unsupported(
            f"{path.name} is Analyze 7.5, which does not tell left from right.", "Convert it to NIfTI."
        )
    image_class = _CLASSES[kind]
    header_class = image_class.header_class
    header = header_class(_inflated(head)[: header_class.template_dtype.itemsize])
    if int(header["intent_code"]) in _CIFTI_INTENTS:
        raise NoImages(f"{path.name} is a CIFTI-2 matrix and holds no volume.", "Open a volume.")
    file = Opened(path, header, image_class, *_shape_of(path, header))
    _require_honest_size(file)
    return file


def _shape_of(path: Path, header: Any) -> tuple[tuple[int, int, int], int]:
    sizes = tuple(int(size) for size in header.get_data_shape())
    if not sizes or min(sizes) < 1:
        raise NoImages(f"{path.name} holds no voxels: its size is {sizes}.")
    x, y, z, volumes, *more = (*sizes, 1, 1, 1, 1)[: max(len(sizes), 4)]
    if prod(more) != 1:
        raise Unsupported(f"{path.name} has {len(sizes)} dimensions.", "Save its volumes one by one.")
    return (x, y, z), volumes


def _require_honest_size(file: Opened) -> None:
    path, voxels = file.path, prod(file.shape)
    if voxels > VOXEL_LIMIT:
        raise Refused(
            f"{path.name} claims {' x '.join(map(str, file.shape))} voxels, more than the"
            f" {VOXEL_LIMIT / 1e6:.0f} million that are read.",
            "If it is genuine, crop it.",
        )
    offset = float(file.header["vox_offset"])
    if not 0 <= offset <= OFFSET_LIMIT:
        raise Refused(f"{path.name} claims that its voxels start at byte {offset:.0f}.")
    single = file.image_class in (nibabel.Nifti1Image, nibabel.Nifti2Image)
    data_path = path if single else _sibling(path, ".hdr", ".img")
    if not data_path.exists():
        raise Unreadable(
            f"{path.name} is one half of a pair; {data_path.name} with the voxels is missing.",
            "Put both files into one folder.",
        )
    claimed = voxels * file.volumes * file.header.get_data_dtype().itemsize + offset
    ratio = DEFLATE_RATIO if data_path.suffix.lower() == ".gz" else 1
    if claimed > data_path.stat().st_size * ratio:
        raise Truncated(
            f"{data_path.name} ends before its image does: it claims {claimed:.0f} bytes.",
            "Copy or download the file again.",
        )


def placement_of(file: Opened) -> Placement:
    """Axes to the display: columns run to the patient's left, rows to the back, slices to the head."""
    header = file.header
    affine = header.get_best_affine()
    known = bool(header["qform_code"] > 0 or header["sform_code"] > 0) and is_affine(affine)
    if not known:
        affine = header.get_base_affine()
    if not is_affine(affine):
        affine = np.diag([-1.0, 1.0, 1.0, 1.0])
    affine = np.diag([*(3 * [_MM.get(header.get_xyzt_units()[0], 1.0)]), 1.0]) @ affine
    turn = orientations.ornt_transform(orientations.io_orientation(affine), _DISPLAY_ORDER)
    columns, rows, slices = (file.shape[int(axis)] for axis in np.argsort(turn[:, 0]))
    lps = _RAS_TO_LPS @ affine @ orientations.inv_ornt_aff(turn, file.shape)
    return Placement(turn, (slices, rows, columns), lps[:, [2, 1, 0, 3]], known)
