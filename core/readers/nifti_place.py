"""Where the voxels of a NIfTI file lie in the patient: from its sform, its qform, or neither."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import nibabel
import numpy as np

from core.arrays import Array
from core.images.geometry import is_affine, spacing_mm
from core.readers.nifti_headers import Opened

# nibabel's functions carry no types.
orientations: Any = nibabel.orientations
_quaternions: Any = nibabel.quaternions

# Code 0 is "unknown", which most programs write and mean mm by.
_UNITS_MM = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}
# Beyond these no voxel of a patient has its size, and no voxel lies so far from the scanner's origin.
_VOXEL_MM, _FURTHEST_MM = (1e-6, 1e4), 1e6
# Volume of a voxel over that of a box with its edges: below this they lie in one plane.
_FLATTEST = 1e-3
# A unit quaternion, as far as float32 keeps it.
_ROUNDED = 1e-3
_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_DISPLAY_ORDER = orientations.axcodes2ornt(("L", "P", "S"))
UNKNOWN = "the file gives no orientation: shown as if stored from right to left, back to front, foot to head"


@dataclass(frozen=True, slots=True)
class Placement:
    """How stored voxels become displayed ones, and where these lie.

    turn: nibabel's orientation transform to columns to the left, rows to the back, slices to the head.
    shape: (slices, rows, columns) after it. affine_lps_mm: (4, 4) of (slice, row, column), None where the
    file does not say. spacing_mm: (between rows, between columns), None where not even that is known.
    notes: which of two was used, and what is missing.
    """

    turn: Array
    shape: tuple[int, int, int]
    affine_lps_mm: Array | None
    spacing_mm: tuple[float, float] | None
    notes: tuple[str, ...]


def placement_of(file: Opened) -> Placement:
    """Axes to the display: columns run to the patient's left, rows to the back, slices to the head.

    The sform goes before the qform (NIfTI-1: method 3 before method 2), a whole one before a broken one.
    """
    unit_mm, notes = _unit_mm(file.header)
    sizes, are_known = _voxel_sizes(file)
    affine, chosen = _chosen(file, unit_mm, sizes if are_known else None)
    known = affine is not None
    if affine is None:
        affine = _in_mm(np.diag([-sizes[0], sizes[1], sizes[2], 1.0]), unit_mm)
    turn = orientations.ornt_transform(orientations.io_orientation(affine), _DISPLAY_ORDER)
    columns, rows, slices = (file.shape[int(axis)] for axis in np.argsort(turn[:, 0]))
    lps = (_RAS_TO_LPS @ affine @ orientations.inv_ornt_aff(turn, file.shape))[:, [2, 1, 0, 3]]
    return Placement(
        turn,
        (slices, rows, columns),
        lps if known else None,
        spacing_mm(lps) if known or are_known else None,
        (*notes, *chosen),
    )


def _unit_mm(header: Any) -> tuple[float, tuple[str, ...]]:
    code = int(header["xyzt_units"]) % 8
    if code in _UNITS_MM:
        return _UNITS_MM[code], ()
    return 1.0, (f"the unit of length is unknown (code {code}): mm was taken",)


def _voxel_sizes(file: Opened) -> tuple[Array, bool]:
    """(3,) sizes along the stored axes by pixdim, and whether all that matter are given; 1 for those not."""
    given = np.abs(np.array(file.header["pixdim"][1:4], dtype=float))
    whole = np.isfinite(given) & (given > 0)
    matter = np.array(file.shape) > 1
    return np.where(whole, given, 1.0), bool(whole[matter].all())


def _chosen(file: Opened, unit_mm: float, sizes: Array | None) -> tuple[Array | None, tuple[str, ...]]:
    """The affine (4, 4) to RAS in mm, None for an unknown place, and what is to be told of the choice."""
    header = file.header
    claimed = {"sform": int(header["sform_code"]) > 0, "qform": int(header["qform_code"]) > 0}
    found = {"sform": _sform(header), "qform": None if sizes is None else _qform(header, sizes)}
    whole = {
        name: _in_mm(affine, unit_mm)
        for name, affine in found.items()
        if claimed[name] and affine is not None
    }
    usable = {name: affine for name, affine in whole.items() if _is_plausible(affine)}
    broken = [name for name in claimed if claimed[name] and name not in usable]
    if not usable:
        told = (f"its {' and '.join(broken)} cannot be used",) if broken else ()
        return None, (*told, UNKNOWN)
    used = "sform" if "sform" in usable else "qform"
    notes = tuple(f"the {name} cannot be used: the {used} was" for name in broken)
    if len(usable) == 2:
        notes = _of_difference(usable["sform"], usable["qform"], file.shape)
    return usable[used], notes


def _in_mm(affine: Array, unit_mm: float) -> Array:
    scaled = affine.copy()
    scaled[:3] *= unit_mm
    return scaled


def _sform(header: Any) -> Array:
    return np.array([header["srow_x"], header["srow_y"], header["srow_z"], [0, 0, 0, 1]], dtype=float)


def _qform(header: Any, sizes: Array) -> Array | None:
    """Rotation by the unit quaternion (a, b, c, d) with a >= 0, voxel sizes and offset (NIfTI-1, method 2).

    None if b, c, d are no part of a unit quaternion.
    """
    b, c, d = (float(header[f"quatern_{name}"]) for name in "bcd")
    squared = b * b + c * c + d * d
    if not squared <= 1 + _ROUNDED:  # NaN too
        return None
    quaternion = np.array([np.sqrt(max(1 - squared, 0.0)), b, c, d])
    affine = np.eye(4)
    affine[:3, :3] = _quaternions.quat2mat(quaternion)
    # pixdim[0] is -1 or 1; 0 and everything else counts as 1, as the standard has it.
    handed = -1.0 if float(header["pixdim"][0]) < 0 else 1.0
    affine[:3, :3] *= sizes * [1, 1, handed]
    affine[:3, 3] = [float(header[f"qoffset_{name}"]) for name in "xyz"]
    return affine


def _is_plausible(affine: Array) -> bool:
    """Finite, in three dimensions, with voxels and a place that a patient can have."""
    if not np.isfinite(affine).all() or not is_affine(affine):
        return False
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    sized = (edges > _VOXEL_MM[0]).all() and (edges < _VOXEL_MM[1]).all()
    near = (np.abs(affine[:3, 3]) < _FURTHEST_MM).all()
    return bool(sized and near and abs(np.linalg.det(affine[:3, :3] / edges)) > _FLATTEST)


def _of_difference(sform: Array, qform: Array, shape: tuple[int, int, int]) -> tuple[str, ...]:
    """A note if the two place a corner of the volume more than a voxel apart."""
    corners = np.array([*product(*((0, size - 1) for size in shape))], dtype=float)
    homogeneous = np.column_stack([corners, np.ones(len(corners))])
    apart = float(np.linalg.norm(((sform - qform) @ homogeneous.T)[:3], axis=0).max())
    if apart <= np.linalg.norm(sform[:3, :3], axis=0).min():
        return ()
    return (f"sform and qform place the image up to {apart:.1f} mm apart: the sform was used",)
