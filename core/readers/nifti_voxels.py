"""The voxels of NIfTI files as stored: mapped from the file, or decompressed once and kept."""

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.errors import Unreadable
from core.images.planes import Axis, plane_views
from core.images.slice import Slice, Window
from core.images.volume import Volume
from core.readers.nifti_bytes import part_of
from core.readers.nifti_headers import NiftiFile, open_nifti
from core.readers.nifti_place import Placement, orientations, placement_of
from core.readers.volume_cache import KEPT_VOLUMES, KeptKey, file_states

# A packed file has to be decompressed up to the requested volume: so much is kept completely, for the others.
KEPT_WHOLE_BYTES = 2**28
# A cut through every page of a mapped file lets go of them after so many bytes.
_MAPPED_BLOCK_BYTES = 2**26


@dataclass(frozen=True, slots=True)
class NiftiVoxels:
    """One volume of a file, or all of them where they are small.

    volumes: each (slices, rows, columns), or (..., 3) for colour, in the order of display and not yet scaled;
    views of what is stored. first_volume: the number of the first one. pages: the mapped file, None for one
    in memory.
    """

    file: NiftiFile
    placement: Placement
    volumes: tuple[Array, ...]
    first_volume: int
    notes: tuple[str, ...]
    pages: mmap.mmap | None = None

    def volume(self, number: int) -> Volume:
        """The volume of this number in the file."""
        file, placement = self.file, self.placement
        is_scaled = file.data_type.kind in "iuf"
        return Volume(
            values=self.volumes[number - self.first_volume],
            affine_lps_mm=placement.affine_lps_mm,
            spacing_mm=placement.spacing_mm,
            spacing_source="NIfTI header" if placement.spacing_mm is not None else "",
            windows=_windows(file.header),
            notes=(*self.notes, *file.notes, *placement.notes),
            slope=file.slope if is_scaled else 1.0,
            intercept=file.intercept if is_scaled else 0.0,
        )

    def plane(self, number: int, axis: Axis, index: int) -> Slice:
        """Slice `index` across an axis of a volume. Raises IndexError."""
        volume = self.volume(number)
        view = plane_views(volume.shape, volume.affine_lps_mm)[axis]
        return volume.slice(view, index, np.ascontiguousarray if self.pages is None else self._copied)

    def _copied(self, cut: Array) -> Array:
        """A copy of a cut, in blocks of the file, so that no more than these are in memory at a time."""
        result = np.empty(cut.shape, cut.dtype)
        slowest = int(np.argmax(np.abs(cut.strides[:2])))
        source, target = np.moveaxis(cut, slowest, 0), np.moveaxis(result, slowest, 0)
        step = max(_MAPPED_BLOCK_BYTES // max(abs(source.strides[0]), 1), 1)
        for start in range(0, len(source), step):
            target[start : start + step] = source[start : start + step]
            if self.pages is not None and hasattr(self.pages, "madvise"):  # not on Windows
                self.pages.madvise(mmap.MADV_DONTNEED)
        return result


def voxels_of(path: Path, number: int) -> NiftiVoxels:
    """The voxels of volume `number`, counted from 0, kept for the next slices. path: of the header.

    Raises Unreadable for a volume that the file does not have, EOFError and zlib.error for damaged data.
    """
    for name in ((path, None), (path, number)):
        if (kept := KEPT_VOLUMES.get(KeptKey(NiftiVoxels, name))) is not None:
            return kept
    states = file_states([path])
    file = open_nifti(path)
    states |= file_states([file.data_path])
    if not 0 <= number < file.volumes:
        raise Unreadable(f"{path.name} has {file.volumes} volumes, so no volume {number}.")
    is_whole = file.is_packed and file.volumes * file.volume_bytes <= KEPT_WHOLE_BYTES
    first, count = (0, file.volumes) if is_whole else (number, 1)
    size_bytes = count * file.volume_bytes
    KEPT_VOLUMES.make_room(size_bytes)
    voxels = _voxels(file, first, count)
    memory_bytes = 0 if file.is_mapped else size_bytes
    key = KeptKey(NiftiVoxels, (path, None if is_whole else number))
    KEPT_VOLUMES.keep(key, voxels, states, size_bytes, memory_bytes)
    return voxels


def _voxels(file: NiftiFile, first: int, count: int) -> NiftiVoxels:
    placement = placement_of(file)
    start, length = file.start + first * file.volume_bytes, count * file.volume_bytes
    pages: mmap.mmap | None = None
    notes: tuple[str, ...] = ()
    if file.is_mapped:
        pages, stored = _mapped(file.data_path, start, length)
    else:
        data, has_other_data_after = part_of(file.data_path, start, length)
        stored = np.frombuffer(data, np.uint8)
        if has_other_data_after:
            notes = ("other data follow the compressed ones and were left out",)
    volumes, value_notes = _as_displayed(stored, file, count, placement.reorientation)
    return NiftiVoxels(file, placement, volumes, first, (*value_notes, *notes), pages)


def _mapped(path: Path, start: int, length: int) -> tuple[mmap.mmap, Array]:
    """A part of a file, and its bytes."""
    before = start % mmap.ALLOCATIONGRANULARITY
    with path.open("rb") as stream:
        pages = mmap.mmap(stream.fileno(), before + length, access=mmap.ACCESS_READ, offset=start - before)
    return pages, np.frombuffer(pages, np.uint8, offset=before)


def _as_displayed(
    stored: Array, file: NiftiFile, count: int, reorientation: Array
) -> tuple[tuple[Array, ...], tuple[str, ...]]:
    """The volumes (slices, rows, columns), or (..., 3), in the bytes of `count` of them, and notes."""
    notes: tuple[str, ...] = ()
    if file.data_type.names:
        samples = stored.reshape((file.data_type.itemsize, *file.shape, count), order="F")
        voxels = np.moveaxis(samples[:3], (4, 0), (0, 4))
        notes = ("transparency was left out",) if "A" in file.data_type.names else ()
    else:
        voxels = np.moveaxis(stored.view(file.data_type).reshape((*file.shape, count), order="F"), 3, 0)
    if voxels.dtype.kind == "c":
        voxels, notes = np.abs(voxels).astype(np.float32), ("magnitude of complex values",)
    elif file.is_converted:  # long doubles differ between platforms
        voxels = voxels.astype(np.float64)
    volumes = []
    for volume in voxels:
        reoriented = orientations.apply_orientation(volume, reorientation).swapaxes(0, 2)
        reoriented.flags.writeable = False
        volumes.append(reoriented)
    return tuple(volumes), notes


def _windows(header: Any) -> tuple[Window, ...]:
    low, high = float(header["cal_min"]), float(header["cal_max"])
    if not (np.isfinite([low, high]).all() and high > low):
        return ()
    return (Window((low + high) / 2, high - low, "calibrated", function="linear_exact"),)
