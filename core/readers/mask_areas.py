"""How many pixels a mask marks in each slice of an image series, across any axis of a volume."""

from collections.abc import Collection, Iterator

import numpy as np

from core.images.planes import Axis, plane_affine, plane_views
from core.images.slice_place import SlicePlace
from core.readers.index import read
from core.readers.mask_slice import read_mask_slice
from core.readers.protocol import SeriesEntry, affine_rows
from core.readers.volumes import ReadCallback, no_progress


def mask_areas(
    mask: SeriesEntry,
    image: SeriesEntry,
    volume: int,
    axis: Axis,
    labels: Collection[float] = (),
    progress: ReadCallback = no_progress,
) -> tuple[int, ...]:
    """The marked pixels in each slice of `image` across an axis of a volume, counted from 0.

    labels: only these labels of the mask; all of them by default. progress: called after each slice.
    Raises as `read_mask_slice`, and as `read` where the slices of the image must be read for their position.
    """
    areas = []
    for place in _places(image, volume, axis):
        areas.append(int(np.count_nonzero(read_mask_slice(mask, place, labels).region)))
        progress(len(areas), image.volume_shape[axis])
    return tuple(areas)


def _places(image: SeriesEntry, volume: int, axis: Axis) -> Iterator[SlicePlace]:
    """The places of all slices across the axis."""
    rows = image.affine_lps_mm if axis == 0 else image.stack_affine_lps_mm
    affine = None if rows is None else np.array(rows)
    view = plane_views(image.volume_shape if axis == 0 else image.stack_shape, affine)[axis]
    for index in range(view.count):
        frame = volume * image.slices + index if axis == 0 else None
        if affine is not None or frame is None:
            of_slice = None if affine is None else plane_affine(affine, view, index)
        else:  # a stack that is no volume: each frame has a position of its own, or none
            of_slice = read(image, frame)[0].affine_lps_mm
        yield SlicePlace(
            frames=image.frames,
            volumes=image.volumes,
            volume=volume,
            frame=frame,
            rows=view.rows,
            columns=view.columns,
            affine_lps_mm=affine_rows(of_slice),
            missing=image.missing_slices,
        )
