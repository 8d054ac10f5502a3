"""NIfTI-1 and -2, single files and pairs, plain or gzipped; voxels are read in `nifti_volume`."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, final

from core.images.slice import Identity, Slice
from core.readers.header_tags import Tag
from core.readers.nifti_kinds import is_voxel_file, kind_of
from core.readers.protocol import FrameSource, SeriesEntry


@final
class NiftiReader:
    """Volumes as axial slices in radiological convention: the patient's right is on the left.

    Frames run from foot to head through the first volume, then through the next. The content decides what a
    file is and whether it is gzipped, not its name.
    """

    name: ClassVar[str] = "NIfTI"
    suffixes: ClassVar[tuple[str, ...]] = (".nii", ".nii.gz", ".hdr", ".img")
    is_picture: ClassVar[bool] = False

    def claims(self, head: bytes, path: Path) -> bool:
        return kind_of(head, path) is not None or is_voxel_file(path)

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        from core.readers.nifti_volume import entry_of

        yield entry_of(path, self.name)

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        from core.readers.nifti_volume import slice_of

        return slice_of(entry.path, frame), Identity()

    def tags(self, source: FrameSource, with_identity: bool) -> tuple[Tag, ...]:
        from core.readers.nifti_tags import nifti_tags

        return nifti_tags(source.path, with_identity)
