"""The position of NIfTI voxels in the patient: from the sform, the qform, or neither."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import nibabel
import numpy as np

from core.arrays import Array
from core.images.geometry import is_affine
from core.readers.nifti_headers import NiftiFile

# nibabel has no type annotations.
orientations: Any = nibabel.orientations
_quaternions: Any = nibabel.quaternions

# Code 0 is "unknown", which most programs write for mm.
_UNITS_MM = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}
# The range of voxel sizes, and the largest distance from the scanner's origin.
_VOXEL_SIZES_MM, _MAX_DISTANCE_MM = (1e-6, 1e4), 1e6
# Volume of a voxel divided by that of a box with its edge lengths: below this its edges are coplanar.
_MIN_VOLUME_SHARE = 1e-3
# Tolerance of a unit quaternion in float32.
_QUATERNION_TOLERANCE = 1e-3
_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_DISPLAY_ORDER = orientations.axcodes2ornt(("L", "P", "S"))
NO_ORIENTATION_NOTE = (
    "the file states no orientation: shown as if stored from right to left, back to front, foot to head"
)


@dataclass(frozen=True, slots=True)
class Placement:
    """How stored voxels become displayed ones, and where these are.

    reorientation: (3, 2), nibabel's orientation transform to columns to the left, rows to the back, slices to
    the head. shape: (slices, rows, columns) after it. affine_lps_mm: (4, 4), (slice, row, column) to LPS in
    mm, None where the file states none. spacing_mm: between slices, rows and columns, None where it is
    unknown. notes: which of sform and qform was used, and what is missing.
    """

    reorientation: Array
    shape: tuple[int, int, int]
    affine_lps_mm: Array | None
    spacing_mm: tuple[float, float, float] | None
    notes: tuple[str, ...]


def placement_of(file: NiftiFile) -> Placement:
    """The placement for display: columns run to the patient's left, rows to the back, slices to the head.

    The sform is preferred to the qform (NIfTI-1: method 3 to method 2), a valid one to an invalid one.
    """
    unit_mm, notes = _unit_mm(file.header)
    sizes, has_sizes = _voxel_sizes(file)
    affine, affine_notes = _affine_ras_mm(file, unit_mm, sizes if has_sizes else None)
    has_affine = affine is not None
    if affine is None:
        affine = _in_mm(np.diag([-sizes[0], sizes[1], sizes[2], 1.0]), unit_mm)
    reorientation = orientations.ornt_transform(orientations.io_orientation(affine), _DISPLAY_ORDER)
    columns, rows, slices = (file.shape[int(axis)] for axis in np.argsort(reorientation[:, 0]))
    lps = (_RAS_TO_LPS @ affine @ orientations.inv_ornt_aff(reorientation, file.shape))[:, [2, 1, 0, 3]]
    steps = np.linalg.norm(lps[:3, :3], axis=0)
    return Placement(
        reorientation,
        (slices, rows, columns),
        lps if has_affine else None,
        (float(steps[0]), float(steps[1]), float(steps[2])) if has_affine or has_sizes else None,
        (*notes, *affine_notes),
    )


def _unit_mm(header: Any) -> tuple[float, tuple[str, ...]]:
    code = int(header["xyzt_units"]) % 8
    if code in _UNITS_MM:
        return _UNITS_MM[code], ()
    return 1.0, (f"the unit of length is unknown (code {code}): mm was assumed",)


def _voxel_sizes(file: NiftiFile) -> tuple[Array, bool]:
    """(3,) sizes along the stored axes from pixdim, 1 where invalid, and whether those needed are valid."""
    stated = np.abs(np.array(file.header["pixdim"][1:4], dtype=float))
    is_valid = np.isfinite(stated) & (stated > 0)
    is_needed = np.array(file.shape) > 1
    return np.where(is_valid, stated, 1.0), bool(is_valid[is_needed].all())


def _affine_ras_mm(
    file: NiftiFile, unit_mm: float, sizes: Array | None
) -> tuple[Array | None, tuple[str, ...]]:
    """The affine (4, 4) to RAS in mm, None for an unknown position, and notes on the choice."""
    header = file.header
    has_code = {"sform": int(header["sform_code"]) > 0, "qform": int(header["qform_code"]) > 0}
    affines = {"sform": _sform(header), "qform": None if sizes is None else _qform(header, sizes)}
    affines_mm = {
        name: _in_mm(affine, unit_mm)
        for name, affine in affines.items()
        if has_code[name] and affine is not None
    }
    usable = {name: affine for name, affine in affines_mm.items() if _is_plausible(affine)}
    unusable = [name for name in has_code if has_code[name] and name not in usable]
    if not usable:
        unusable_notes = (f"its {' and '.join(unusable)} cannot be used",) if unusable else ()
        return None, (*unusable_notes, NO_ORIENTATION_NOTE)
    used = "sform" if "sform" in usable else "qform"
    notes = tuple(f"the {name} cannot be used: the {used} was used instead" for name in unusable)
    if len(usable) == 2:
        notes = _difference_notes(usable["sform"], usable["qform"], file.shape)
    return usable[used], notes


def _in_mm(affine: Array, unit_mm: float) -> Array:
    scaled = affine.copy()
    scaled[:3] *= unit_mm
    return scaled


def _sform(header: Any) -> Array:
    return np.array([header["srow_x"], header["srow_y"], header["srow_z"], [0, 0, 0, 1]], dtype=float)


def _qform(header: Any, sizes: Array) -> Array | None:
    """Rotation by the unit quaternion (a, b, c, d) with a >= 0, voxel sizes and offset (NIfTI-1, method 2).

    None if b, c, d are not part of a unit quaternion.
    """
    b, c, d = (float(header[f"quatern_{name}"]) for name in "bcd")
    squared = b * b + c * c + d * d
    if not squared <= 1 + _QUATERNION_TOLERANCE:  # NaN too
        return None
    quaternion = np.array([np.sqrt(max(1 - squared, 0.0)), b, c, d])
    affine = np.eye(4)
    affine[:3, :3] = _quaternions.quat2mat(quaternion)
    # pixdim[0] is -1 or 1; 0 and everything else counts as 1, as the standard requires.
    handedness = -1.0 if float(header["pixdim"][0]) < 0 else 1.0
    affine[:3, :3] *= sizes * [1, 1, handedness]
    affine[:3, 3] = [float(header[f"qoffset_{name}"]) for name in "xyz"]
    return affine


def _is_plausible(affine: Array) -> bool:
    """Whether an affine is finite and invertible, with plausible voxel sizes and position."""
    if not np.isfinite(affine).all() or not is_affine(affine):
        return False
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    has_valid_sizes = (edges > _VOXEL_SIZES_MM[0]).all() and (edges < _VOXEL_SIZES_MM[1]).all()
    is_near = (np.abs(affine[:3, 3]) < _MAX_DISTANCE_MM).all()
    return bool(
        has_valid_sizes and is_near and abs(np.linalg.det(affine[:3, :3] / edges)) > _MIN_VOLUME_SHARE
    )


def _difference_notes(sform: Array, qform: Array, shape: tuple[int, int, int]) -> tuple[str, ...]:
    """A note if sform and qform place a corner of the volume more than a voxel apart."""
    corners = np.array([*product(*((0, size - 1) for size in shape))], dtype=float)
    homogeneous = np.column_stack([corners, np.ones(len(corners))])
    distance_mm = float(np.linalg.norm(((sform - qform) @ homogeneous.T)[:3], axis=0).max())
    if distance_mm <= np.linalg.norm(sform[:3, :3], axis=0).min():
        return ()
    return (f"sform and qform place the image up to {distance_mm:.1f} mm apart: the sform was used",)
