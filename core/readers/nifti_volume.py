"""The voxels of NIfTI files as slices: the entry of a file, and a slice of each frame."""

from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.errors import Unreadable
from core.images.slice import Slice, Window
from core.readers.decoding import decoding
from core.readers.last_result import LastResultCache
from core.readers.nifti_bytes import part_of
from core.readers.nifti_headers import NiftiFile, open_nifti
from core.readers.nifti_kinds import header_path_of
from core.readers.nifti_place import orientations, placement_of
from core.readers.protocol import SeriesEntry, require_size


def entry_of(path: Path, reader: str) -> SeriesEntry:
    """What the file or pair holds, from its header; the entry's path is that of the header.

    reader: the name of the reader. Raises an InputError.
    """
    with decoding(path, "NIfTI"):
        header_path = header_path_of(path)
        file = open_nifti(header_path)
        slices, rows, columns = placement_of(file).shape
        require_size(header_path, rows, columns)
    return SeriesEntry(
        path=header_path,
        reader=reader,
        title="NIfTI",
        frames=slices * file.volumes,
        rows=rows,
        columns=columns,
        volumes=file.volumes,
        frames_at_once=slices,
    )


def slice_of(path: Path, frame: int) -> Slice:
    """Frame `frame`, counted from 0. Raises Unreadable or another InputError."""
    with decoding(path, "NIfTI"):
        file = open_nifti(path)
        slices = placement_of(file).shape[0]
        if not 0 <= frame < slices * file.volumes:
            raise Unreadable(f"{path.name} has {slices * file.volumes} frames, so no frame {frame}.")
        volume, index = divmod(frame, slices)
        return _slice(file, volume, index)


def _slice(file: NiftiFile, volume: int, index: int) -> Slice:
    placement = placement_of(file)
    values, notes = _volume(file.path, file.data_path.stat().st_mtime_ns, volume)
    affine = None
    if placement.affine_lps_mm is not None:
        affine = placement.affine_lps_mm.copy()
        affine[:3, 3] += index * affine[:3, 0]
    return Slice(
        values=np.ascontiguousarray(values[index]),
        windows=_windows(file.header),
        spacing_mm=placement.spacing_mm,
        spacing_source="NIfTI header" if placement.spacing_mm is not None else "",
        affine_lps_mm=affine,
        notes=(*notes, *file.notes, *placement.notes),
    )


# A gzipped file can only be read from its start, so the last volume is cached while a person scrolls through
# its slices; the modification time identifies an edited file.
@LastResultCache
def _volume(path: Path, changed_ns: int, volume: int) -> tuple[Array, tuple[str, ...]]:
    """One volume (slices, rows, columns) in modality values, or (..., 3) uint8 for colour, and notes."""
    file = open_nifti(path)
    length = prod(file.shape) * file.data_type.itemsize
    data, has_other_data_after = part_of(file.data_path, file.start + volume * length, length)
    stored = np.frombuffer(data, file.data_type).reshape(file.shape, order="F")
    reoriented = orientations.apply_orientation(stored, placement_of(file).reorientation)
    values, notes = _modality_values(reoriented.transpose(2, 1, 0), file)
    values.flags.writeable = False
    return values, (
        (*notes, "other data follow the compressed ones and were left out") if has_other_data_after else notes
    )


def _modality_values(stored: Array, file: NiftiFile) -> tuple[Array, tuple[str, ...]]:
    if stored.dtype.names:
        notes = ("transparency was left out",) if "A" in stored.dtype.names else ()
        return np.stack([stored[channel] for channel in "RGB"], axis=-1), notes
    if stored.dtype.kind == "c":
        return np.abs(stored).astype(np.float32), ("magnitude of complex values",)
    if (file.slope, file.intercept) != (1.0, 0.0):
        values = np.empty(stored.shape, np.float32)
        for scaled, slice_ in zip(values, stored, strict=True):  # in float64, for one slice at a time
            scaled[...] = slice_.astype(np.float64) * file.slope + file.intercept
        return values, ()
    # Long doubles differ between platforms.
    dtype = np.dtype(np.float64) if stored.dtype.itemsize > 8 else stored.dtype.newbyteorder("=")
    return stored.astype(dtype), ()


def _windows(header: Any) -> tuple[Window, ...]:
    low, high = float(header["cal_min"]), float(header["cal_max"])
    if not (np.isfinite([low, high]).all() and high > low):
        return ()
    return (Window((low + high) / 2, high - low, "calibrated", function="linear_exact"),)
