"""PNG, JPEG and BMP; pixels are decoded in `picture_image`."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, final

from core.images.slice import Identity, Slice
from core.readers.header_tags import Tag
from core.readers.protocol import FrameSource, SeriesEntry

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
# "BM" alone is too short a signature: the size of the second header follows, which has few values.
_BMP_HEADER_SIZES = (12, 40, 52, 56, 64, 108, 124)


@final
class PictureReader:
    """Pictures of one frame. They hold no modality, no size in mm and no identity.

    Grey of 16 bits keeps them, with alpha and in colour channels too; grey of 1, 2 and 4 bits is spread over
    0 to 255; colour of 16 bits is reduced to 8. A gamma or colour profile changes no value.
    Of the resolutions along both sides only the ratio is read.
    """

    name: ClassVar[str] = "picture"
    suffixes: ClassVar[tuple[str, ...]] = (".png", ".jpg", ".jpeg", ".bmp")
    is_picture: ClassVar[bool] = True

    def claims(self, head: bytes, path: Path) -> bool:
        is_bmp = head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES
        return is_bmp or head.startswith(_SIGNATURES)

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        from core.readers.picture_image import entry_of

        yield entry_of(path, self.name)

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        from core.readers.picture_image import slice_of

        return slice_of(entry.path, frame), Identity()

    def tags(self, source: FrameSource, with_identity: bool) -> tuple[Tag, ...]:
        return ()
