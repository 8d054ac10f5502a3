"""NIfTI files as series and slices: the entry of a file, and a slice of each frame or plane."""

from pathlib import Path

from core.errors import Unreadable
from core.images.planes import Axis
from core.images.slice import Slice
from core.readers.decoding import decoding
from core.readers.nifti_headers import open_nifti
from core.readers.nifti_kinds import header_path_of
from core.readers.nifti_place import placement_of
from core.readers.nifti_roles import role_and_keys
from core.readers.nifti_voxels import voxels_of
from core.readers.protocol import SeriesEntry, affine_rows, require_size


def entry_of(path: Path, reader: str) -> SeriesEntry:
    """What the file or pair holds, from its header; the entry's path is that of the header.

    reader: the name of the reader. Raises an InputError.
    """
    with decoding(path, "NIfTI"):
        header_path = header_path_of(path)
        file = open_nifti(header_path)
        placement = placement_of(file)
        slices, rows, columns = placement.shape
        require_size(header_path, rows, columns)
    role, keys = role_and_keys(header_path, placement.shape, placement.affine_lps_mm)
    return SeriesEntry(
        path=header_path,
        reader=reader,
        title="NIfTI",
        frames=slices * file.volumes,
        rows=rows,
        columns=columns,
        volumes=file.volumes,
        frames_at_once=slices,
        role=role,
        keys=keys,
        affine_lps_mm=affine_rows(placement.affine_lps_mm),
    )


def slice_of(path: Path, frame: int) -> Slice:
    """Frame `frame`, counted from 0. Raises Unreadable or another InputError."""
    with decoding(path, "NIfTI"):
        file = open_nifti(path)
        slices = placement_of(file).shape[0]
        if not 0 <= frame < slices * file.volumes:
            raise Unreadable(f"{path.name} has {slices * file.volumes} frames, so no frame {frame}.")
        number, index = divmod(frame, slices)
        return voxels_of(path, number).plane(number, 0, index)


def plane_of(path: Path, number: int, axis: Axis, index: int) -> Slice:
    """Slice `index` of volume `number`, counted from 0, across an axis. Raises an InputError."""
    with decoding(path, "NIfTI"):
        return voxels_of(path, number).plane(number, axis, index)
