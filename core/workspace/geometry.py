"""The geometry of a slice as a workspace keeps it, and where its pixels lie in its volume."""

from math import prod

import numpy as np

from core.arrays import Array
from core.errors import Refused
from core.images.geometry import is_affine
from core.images.planes import PlaneView, plane_views
from core.images.slice import Slice
from core.readers.protocol import SeriesEntry, affine_rows
from core.readers.slice_choice import ChosenSlice
from core.workspace.document import SliceGeometry, VolumePlace

# Of a volume: as many as readers map from one file (`core.readers.nifti_headers.MAPPED_LIMIT_BYTES`).
MOST_VOXELS = 2**32
# Of a volume that is made in memory: three times 512 x 512 x 1,000 and more; 4 GB as float32.
MOST_FILLED_VOXELS = 10**9


def slice_geometry(
    image: Slice, entry: SeriesEntry | None = None, chosen: ChosenSlice | None = None
) -> SliceGeometry:
    """The geometry of a slice, with its place in its volume where it was chosen from a series.

    A volume of more than MOST_VOXELS is left out, as where the slices form none.
    """
    return SliceGeometry(
        shape=image.shape,
        spacing_mm=image.spacing_mm,
        affine_lps_mm=affine_rows(image.affine_lps_mm),
        stated_aspect=image.stated_aspect,
        orientation_letters=image.orientation_letters,
        volume=None if entry is None or chosen is None else _volume_place(entry, chosen),
    )


def geometry_contradiction(geometry: SliceGeometry) -> str:
    """What is impossible in a geometry, as a clause about the slice; empty if nothing is."""
    lengths = [
        *(geometry.spacing_mm or ()),
        1.0 if geometry.stated_aspect is None else geometry.stated_aspect,
    ]
    if not all(0 < length < np.inf for length in lengths):
        return "has an impossible spacing"
    volume = geometry.volume
    affines = [geometry.affine_lps_mm, None if volume is None else volume.affine_lps_mm]
    if not all(rows is None or (len(rows) == 4 and is_affine(np.array(rows))) for rows in affines):
        return "has an impossible position"
    if volume is None:
        return ""
    if min(volume.shape) < 1 or prod(volume.shape) > MOST_VOXELS:
        return "lies in a volume of an unsupported size"
    view = plane_view(volume)
    if (view.rows, view.columns) != geometry.shape or not 0 <= volume.index < view.count:
        return "does not lie in its volume"
    return ""


def plane_view(volume: VolumePlace) -> PlaneView:
    """How the slices along the volume's axis are cut and displayed."""
    return plane_views(volume.shape, np.array(volume.affine_lps_mm))[volume.axis]


def filled_volume(values: Array, volume: VolumePlace, fill: float) -> Array:
    """(slices, rows, columns) float32: a slice (rows, columns) as displayed in its place, else `fill`.

    Raises Refused for a volume of more than MOST_FILLED_VOXELS.
    """
    if prod(volume.shape) > MOST_FILLED_VOXELS:
        raise Refused(
            f"The volume of this slice has more than {MOST_FILLED_VOXELS / 1e6:,.0f} million voxels.",
            "Choose the slice alone.",
        )
    view = plane_view(volume)
    filled = np.full(volume.shape, fill, np.float32)
    cut = np.moveaxis(filled, volume.axis, 0)[volume.index]  # a view of it
    if view.flip_rows:
        values = values[::-1]
    if view.flip_columns:
        values = values[:, ::-1]
    cut[...] = values.swapaxes(0, 1) if view.rows_axis > view.columns_axis else values
    return filled


def _volume_place(entry: SeriesEntry, chosen: ChosenSlice) -> VolumePlace | None:
    if entry.affine_lps_mm is None or entry.no_volume or entry.slices == 1:
        return None
    if prod(entry.volume_shape) > MOST_VOXELS:
        return None
    return VolumePlace(
        shape=entry.volume_shape, affine_lps_mm=entry.affine_lps_mm, axis=chosen.axis, index=chosen.index
    )
