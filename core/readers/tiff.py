"""TIFF and BigTIFF: one page, or a stack of pages of one form; pages are read in `tiff_image`."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, final

from core.images.slice import Identity, Slice
from core.readers.header_tags import Tag
from core.readers.protocol import FrameSource, SeriesEntry

_SIGNATURES = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


@final
class TiffReader:
    """Pages as frames, with the values that are stored.

    Samples of less than 8 bits are spread over 0 to 255. MinIsWhite (PhotometricInterpretation 0) leaves the
    values as they are and makes the slice inverted, at every depth. Neither size in mm nor identity is read,
    and of the resolutions along both sides only the ratio.
    """

    name: ClassVar[str] = "TIFF"
    suffixes: ClassVar[tuple[str, ...]] = (".tif", ".tiff")
    is_picture: ClassVar[bool] = True

    def claims(self, head: bytes, path: Path) -> bool:
        return head.startswith(_SIGNATURES)

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        from core.readers.tiff_image import entry_of

        yield entry_of(path, self.name)

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        from core.readers.tiff_image import slice_of

        return slice_of(entry.path, frame), Identity()

    def tags(self, source: FrameSource, with_identity: bool) -> tuple[Tag, ...]:
        return ()
