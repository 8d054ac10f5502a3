"""A mask of a whole volume: frames of labels at their positions, cut where an image has a slice."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.errors import IncompatibleInput
from core.images.mask import Mask, MaskLabel, label_notes
from core.images.region import HINT
from core.images.slice_place import SlicePlace

# A mask is on the grid of an image if no corner lies further from its nearest voxel than this share of one.
SAME_GRID = 0.1


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a slice cuts a grid.

    axis, index: the axis across the slice, and where on it. rows_axis, columns_axis: those along which its
    rows and columns advance; rows (n,), columns (m,): the index of each of them there.
    """

    axis: int
    index: int
    rows_axis: int
    rows: Array
    columns_axis: int
    columns: Array


@dataclass(frozen=True, slots=True)
class LabelVolume:
    """Frames of labels on a regular grid; where it has no frame, nothing is marked.

    frames: (n, rows, columns) unsigned, 0 where nothing is marked, k for labels[k - 1]. places: (n,) the
    slice of the grid on which each frame lies, from 0; several frames may lie on one. affine_lps_mm: (4, 4),
    (slice, row, column, 1) to LPS in mm. notes: sentences on how the values were
    interpreted, those on labels apart. may_lack_frames: slices without a mark may have been left out.
    """

    frames: Array
    places: Array
    affine_lps_mm: Array
    labels: tuple[MaskLabel, ...]
    notes: tuple[str, ...] = ()
    may_lack_frames: bool = False

    @property
    def size_bytes(self) -> int:
        """The memory that it takes."""
        return self.frames.nbytes + self.places.nbytes

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices of the grid, rows and columns."""
        return int(self.places.max()) + 1, self.frames.shape[1], self.frames.shape[2]

    def at(self, place: SlicePlace, labels: Collection[float] = ()) -> Mask:
        """The mask (rows, columns) on the pixels of a slice that has a position; empty without a frame.

        The slice may lie across any axis, in any direction. labels: only these; all of them by default.

        Raises IncompatibleInput if the pixels of the slice are not those of the mask's grid.
        """
        affine = place.affine
        assert affine is not None, "slices without a position are not cut"
        cut = self._cut(affine, place.shape)
        slices = place.frames // place.volumes + place.missing
        is_acquired = place.frame is not None and cut.axis == 0
        if is_acquired and not self.may_lack_frames and self.shape[0] not in (1, slices):
            raise IncompatibleInput(f"The mask has {self.shape[0]} slices, the image {slices}.", HINT)
        offsets = self._offsets(cut)
        notes = (*self.notes, *label_notes([label.value for label in self.labels], labels))
        if offsets[1:].any() or (offsets[0] and not self.may_lack_frames):
            raise IncompatibleInput(
                f"The mask lies {offsets.max():.1f} pixels beside the image in the patient.", HINT
            )
        region = np.zeros(place.shape, dtype=bool)
        if offsets[0]:
            distance = offsets[0] * np.linalg.norm(self.affine_lps_mm[:3, 0])
            notes = (*notes, f"The slice lies {distance:.1f} mm beyond the last one of the mask.")
        else:
            plane = self._plane(cut.axis, cut.index, labels)
            if cut.rows_axis > cut.columns_axis:
                plane = plane.T
            in_rows = (cut.rows >= 0) & (cut.rows < plane.shape[0])
            in_columns = (cut.columns >= 0) & (cut.columns < plane.shape[1])
            region[np.ix_(in_rows, in_columns)] = plane[np.ix_(cut.rows[in_rows], cut.columns[in_columns])]
        return Mask(region, affine, notes=notes, labels=self.labels)

    def _cut(self, affine: Array, shape: tuple[int, int]) -> _Cut:
        """Where a slice of this affine and shape cuts the grid. Raises IncompatibleInput beside voxels."""
        to_voxels = np.linalg.inv(self.affine_lps_mm) @ affine
        steps, origin = np.rint(to_voxels[:3, 1:3]), np.rint(to_voxels[:3, 3])
        are_axes = (np.abs(steps).sum(axis=0) == 1).all() and np.abs(steps).sum(axis=1).max() == 1
        if not are_axes:
            raise IncompatibleInput("The mask has another pixel size or direction than the image.", HINT)
        corners = np.array([[row, column] for row in (0, shape[0] - 1) for column in (0, shape[1] - 1)])
        offsets = (to_voxels[:3, 1:3] - steps) @ corners.T + (to_voxels[:3, 3] - origin)[:, None]
        if np.abs(offsets).max() > SAME_GRID:
            distance = np.linalg.norm(self.affine_lps_mm[:3, :3] @ offsets, axis=0).max()
            raise IncompatibleInput(
                f"The pixels of the mask lie up to {distance:.2g} mm beside those of the image.", HINT
            )
        rows_axis, columns_axis = (int(np.flatnonzero(steps[:, which])[0]) for which in (0, 1))
        across = 3 - rows_axis - columns_axis
        rows = origin[rows_axis] + steps[rows_axis, 0] * np.arange(shape[0])
        columns = origin[columns_axis] + steps[columns_axis, 1] * np.arange(shape[1])
        sizes = [
            needed if axis == 0 and self.may_lack_frames else self.shape[axis]
            for axis, needed in zip((rows_axis, columns_axis), shape, strict=True)
        ]
        if tuple(sizes) != shape:
            raise IncompatibleInput(
                f"The mask has {sizes[1]} x {sizes[0]} pixels, the image {shape[1]} x {shape[0]}.", HINT
            )
        return _Cut(
            across, int(origin[across]), rows_axis, rows.astype(int), columns_axis, columns.astype(int)
        )

    def _offsets(self, cut: _Cut) -> Array:
        """(3,) how many voxels a slice lies beside the grid along each axis; 0 where it fits.

        Across the slice, and along an axis on which frames may be missing, it is the distance to the grid.
        Along the others both must begin at the same pixel.
        """
        offsets = np.zeros(3)
        runs = (cut.axis, [cut.index]), (cut.rows_axis, cut.rows), (cut.columns_axis, cut.columns)
        for axis, indices in runs:
            lowest, highest = int(np.min(indices)), int(np.max(indices))
            if axis == cut.axis or (axis == 0 and self.may_lack_frames):
                offsets[axis] = max(0, -highest, lowest - self.shape[axis] + 1)
            else:
                offsets[axis] = abs(lowest)
        return offsets

    def _plane(self, axis: int, index: int, labels: Collection[float]) -> Array:
        """Bool along the two other axes, in their order: what is marked at `index` of `axis`."""
        if axis == 0:
            return np.any(self._marked(self.frames[self.places == index], labels), axis=0)
        cut = self.frames[:, index] if axis == 1 else self.frames[:, :, index]
        plane = np.zeros((self.shape[0], cut.shape[1]), dtype=bool)
        np.logical_or.at(plane, self.places, self._marked(cut, labels))
        return plane

    def _marked(self, codes: Array, labels: Collection[float]) -> Array:
        if not labels:
            return codes > 0
        return np.isin(codes, [code for code, label in enumerate(self.labels, 1) if label.value in labels])


def grid_of_frames(
    affines: list[Array], tolerance_mm: float, may_lack_frames: bool = True
) -> tuple[Array, Array] | None:
    """The affine (4, 4) of the regular grid on which frames lie, and the slice (n,) of each, from 0.

    affines: (4, 4) of each frame, with slice 0 for it. may_lack_frames: slices without a frame are possible,
    so that the stated step counts first; it may be the thickness of slices with gaps between them. None where
    they lie on no regular grid.
    """
    origins = np.array([affine[:3, 3] for affine in affines])
    offsets = origins - origins[0]
    has_one_direction = all(np.allclose(each[:3, 1:3], affines[0][:3, 1:3], atol=1e-4) for each in affines)
    lengths = np.linalg.norm(offsets, axis=1)
    if not has_one_direction:
        return None
    steps = _possible_steps(affines[0][:3, 0], offsets, lengths, tolerance_mm)
    for step in steps if may_lack_frames else steps[::-1]:
        places = np.rint(offsets @ step / (step @ step)).astype(int)
        if np.abs(offsets - places[:, None] * step).max() <= tolerance_mm:
            affine = affines[0].copy()
            affine[:3, 0] = step
            affine[:3, 3] = origins[0] + places.min() * step
            return affine, places - places.min()
    return None


def _possible_steps(stated: Array, offsets: Array, lengths: Array, tolerance_mm: float) -> list[Array]:
    """The step between slices that the frames state, and the one between the two that lie closest."""
    if lengths.max() <= tolerance_mm:
        return [stated]
    direction = offsets[lengths.argmax()] / lengths.max()
    along = np.unique(np.round(offsets @ direction, 6))
    gaps = np.diff(along)
    gaps = gaps[gaps > tolerance_mm]
    return [stated, direction * gaps.min()] if gaps.size else [stated]
