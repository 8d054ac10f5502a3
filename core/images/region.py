"""Regions of an image in which the evidence should lie: from masks, and on the network's grid."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.arrays import Array
from core.errors import IncompatibleInput
from core.images.geometry import SAME_PLACE, pixels_apart
from core.images.grid_map import GridMap
from core.images.mask import Mask
from core.images.planes import Axis
from core.images.slice import Slice
from core.number_text import percent

HINT = "Choose a mask that was made for this image."
# A mask that covers more than this share of the image may have finding and background exchanged.
MOST_COVERED = 0.9
EMPTY = "The mask is empty: it marks no pixel of this image."
# Version of the rule by which masks are read: results by another version are computed again.
RULE = 4
# A cell of the network's grid belongs to a region if at least this share of it does.
CELL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class MarkedRegion:
    """The marked pixels of an image.

    mask: (rows, columns) bool. notes: sentences on how the mask was read and how it fits the image.
    """

    mask: Array
    notes: tuple[str, ...] = ()


class Frames(Protocol):
    """A file with `frames` slices in total, numbered slice by slice through its `volumes` (time points)."""

    @property
    def frames(self) -> int:
        """Slices of all volumes."""

    @property
    def volumes(self) -> int:
        """Time points."""


def mask_frame(mask: Frames, image: Frames, frame: int) -> int:
    """The frame of `mask` that belongs to frame `frame` of `image`, both counted from 0.

    A mask of one slice belongs to every slice, and one of one volume to every volume (time point). Raises
    IncompatibleInput for any other number of slices or volumes than the image's.
    """
    mask_slices, image_slices = (file.frames // file.volumes for file in (mask, image))
    for noun, count, needed in (
        ("slices", mask_slices, image_slices),
        ("volumes", mask.volumes, image.volumes),
    ):
        if count not in (1, needed):
            raise IncompatibleInput(f"The mask has {count} {noun}, the image {needed}.", HINT)
    volume, index = divmod(frame, image_slices)
    return (volume * mask_slices if mask.volumes > 1 else 0) + (index if mask_slices > 1 else 0)


def mask_region(mask: Mask, image: Slice) -> MarkedRegion:
    """The region of `mask` on the pixels of `image`, with the mask's own notes and those on how it fits.

    Raises IncompatibleInput for a mask of another size, or at another position in the patient. The notes say
    whether it covers nothing or nearly all of the image, and whether its position cannot be compared.
    """
    if mask.shape != image.shape:
        sizes = [f"{columns} x {rows}" for rows, columns in (mask.shape, image.shape)]
        raise IncompatibleInput(f"The mask has {sizes[0]} pixels, the image {sizes[1]}.", HINT)
    notes = [*mask.notes]
    has_positions = mask.affine_lps_mm is not None and image.affine_lps_mm is not None
    distance = pixels_apart(mask.affine_lps_mm, image.affine_lps_mm, image.shape) if has_positions else None
    if distance is not None and distance > SAME_PLACE:
        raise IncompatibleInput(f"The mask lies {distance:.1f} pixels beside the image in the patient.", HINT)
    if note := _position_note(mask, image):
        notes.append(note)
    if mask.covered == 0:
        notes.append(EMPTY)
    if mask.covered > MOST_COVERED:
        # More digits near 100 %, so that nearly all pixels do not read as all.
        share = percent(mask.covered, 0 if mask.covered < 0.99 or mask.covered == 1 else 2)
        notes.append(f"The mask covers {share} of the image; background and finding may be exchanged.")
    return MarkedRegion(mask.region, tuple(notes))


def region_on_grid(region: Array, grid_map: GridMap) -> Array:
    """A region (rows, columns) bool of the slice as cells (grid_rows, grid_columns) of the network's input.

    A cell belongs to the region if at least half of it lies inside. Where a small region fills no cell so
    far, the cell that holds most of it belongs to it. Raises IncompatibleInput if the region does not have
    the slice's shape.
    """
    if region.shape != grid_map.slice_shape:
        raise IncompatibleInput(
            f"The region has {region.shape} pixels, but the image {grid_map.slice_shape}.",
            "Give the region on the image's own pixels.",
        )
    share = grid_map.from_slice(region)
    return share >= min(CELL_SHARE, max(float(share.max()), np.finfo(np.float64).tiny))


def _position_note(mask: Mask, image: Slice) -> str:
    """The note where the position of a mask cannot be checked; empty where it can.

    Pictures have no position in the patient, so for two of them there is nothing to check.
    """
    if mask.affine_lps_mm is not None and image.affine_lps_mm is not None:
        return ""
    if all(each.affine_lps_mm is None and each.spacing_mm is None for each in (mask, image)):
        return ""
    whose = "mask" if mask.affine_lps_mm is None else "image"
    return f"The position of the mask cannot be checked: the file of the {whose} gives no orientation."


def slice_areas(marked: Array, axis: Axis = 0) -> Array:
    """(n,) the number of marked voxels in each slice across an axis.

    marked: bool or labels (slices, rows, columns), where everything but 0 is marked; may be mapped from a
    file, of which one slice at a time is read. axis: 0 slices, 1 rows, 2 columns.
    """
    return np.array([np.count_nonzero(cut) for cut in np.moveaxis(marked, axis, 0)], dtype=np.int64)


def largest_slice(areas: Array) -> int | None:
    """The index of the largest area of (n,), the first of equal ones; None if all are 0."""
    return int(np.argmax(areas)) if areas.any() else None
