"""NIfTI-1 and -2, single files and pairs, plain or gzipped, through nibabel."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np

from core.arrays import Array
from core.errors import Unreadable
from core.images.geometry import spacing_mm
from core.images.slice import Identity, Slice, Window
from core.readers.decoding import decoding
from core.readers.kept import KeepingLast
from core.readers.nifti_headers import Opened, header_path_of, kind_of, opened, orientations, placement_of
from core.readers.protocol import HEAD_BYTES, SeriesEntry, require_size

_UNKNOWN = "the file gives no orientation: shown as if stored from right to left, back to front, foot to head"


@final
class NiftiReader:
    """Volumes as axial slices, the way a radiologist sees them: the patient's right is on the left.

    Frames run from foot to head through the first volume, then through the next.
    """

    name: ClassVar[str] = "NIfTI"
    suffixes: ClassVar[tuple[str, ...]] = (".nii", ".nii.gz")

    def claims(self, head: bytes, path: Path) -> bool:
        header_path = header_path_of(path)
        if header_path != path:
            if not header_path.is_file():
                return False
            head = _head(header_path)
        return kind_of(head, header_path) is not None

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        path = header_path_of(path)
        with decoding(path, "NIfTI"):
            file = opened(path, _head(path))
            slices, rows, columns = placement_of(file).shape
            require_size(path, rows, columns)
            yield SeriesEntry(
                path=path,
                reader=self.name,
                title="NIfTI",
                frames=slices * file.volumes,
                rows=rows,
                columns=columns,
                volumes=file.volumes,
            )

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        path = entry.path
        with decoding(path, "NIfTI"):
            file = opened(path, _head(path))
            slices = placement_of(file).shape[0]
            if not 0 <= frame < slices * file.volumes:
                raise Unreadable(f"{path.name} has {slices * file.volumes} frames, so no frame {frame}.")
            volume, index = divmod(frame, slices)
            return _slice(file, volume, index), Identity()


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def _slice(file: Opened, volume: int, index: int) -> Slice:
    placement = placement_of(file)
    values, notes = _volume(file.path, file.path.stat().st_mtime_ns, volume)
    affine = placement.affine_lps_mm.copy()
    affine[:3, 3] += index * affine[:3, 0]
    return Slice(
        values=np.ascontiguousarray(values[index]),
        windows=_windows(file.header),
        spacing_mm=spacing_mm(affine),
        spacing_source="NIfTI header",
        affine_lps_mm=affine if placement.known else None,
        notes=notes if placement.known else (*notes, _UNKNOWN),
    )


# A gzipped file can only be read from its start, so the volume on screen is kept while its slices are
# leafed through; the time of the last change tells an edited file from the one that was read.
@KeepingLast
def _volume(path: Path, changed_ns: int, volume: int) -> tuple[Array, tuple[str, ...]]:
    """One volume (slices, rows, columns) in modality values, or (..., 3) uint8 for colour; read-only."""
    file = opened(path, _head(path))
    proxy = file.image_class.from_filename(path, mmap=False).dataobj
    more = (volume, 0, 0, 0, 0)[: max(len(proxy.shape) - 3, 0)]
    stored = np.asarray(proxy[(..., *more)])
    turned = orientations.apply_orientation(stored.reshape(file.shape), placement_of(file).turn)
    values, notes = _modality_values(turned.transpose(2, 1, 0), file.header)
    values.flags.writeable = False
    return values, notes


def _modality_values(stored: Array, header: Any) -> tuple[Array, tuple[str, ...]]:
    if stored.dtype.names:
        notes = ("transparency was left out",) if "A" in stored.dtype.names else ()
        return np.stack([stored[channel] for channel in "RGB"], axis=-1), notes
    if stored.dtype.kind == "c":
        return np.abs(stored).astype(np.float32), ("magnitude of complex values",)
    if header.get_slope_inter() not in ((None, None), (1.0, 0.0)):
        return stored.astype(np.float32), ()
    # Long doubles are not the same on any two platforms.
    kind = np.dtype(np.float64) if stored.dtype.itemsize > 8 else stored.dtype.newbyteorder("=")
    return stored.astype(kind), ()


def _windows(header: Any) -> tuple[Window, ...]:
    low, high = float(header["cal_min"]), float(header["cal_max"])
    if not (np.isfinite([low, high]).all() and high > low):
        return ()
    return (Window((low + high) / 2, high - low, "calibrated", exact=True),)
