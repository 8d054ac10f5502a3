"""The geometry of a slice as a workspace keeps it, and where its pixels lie in its volume."""

import numpy as np

from core.arrays import Array
from core.images.planes import PlaneView, plane_views
from core.images.slice import Slice
from core.readers.protocol import SeriesEntry, affine_rows
from core.readers.slice_choice import ChosenSlice
from core.workspace.document import SliceGeometry, VolumePlace


def slice_geometry(
    image: Slice, entry: SeriesEntry | None = None, chosen: ChosenSlice | None = None
) -> SliceGeometry:
    """The geometry of a slice, with its place in its volume where it was chosen from a series."""
    return SliceGeometry(
        shape=image.shape,
        spacing_mm=image.spacing_mm,
        affine_lps_mm=affine_rows(image.affine_lps_mm),
        stated_aspect=image.stated_aspect,
        orientation_letters=image.orientation_letters,
        volume=None if entry is None or chosen is None else _volume_place(entry, chosen),
    )


def plane_view(volume: VolumePlace) -> PlaneView:
    """How the slices along the volume's axis are cut and displayed."""
    return plane_views(volume.shape, np.array(volume.affine_lps_mm))[volume.axis]


def filled_volume(values: Array, volume: VolumePlace, fill: float) -> Array:
    """(slices, rows, columns) float32: a slice (rows, columns) as displayed in its place, else `fill`."""
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
    return VolumePlace(
        shape=entry.volume_shape, affine_lps_mm=entry.affine_lps_mm, axis=chosen.axis, index=chosen.index
    )
