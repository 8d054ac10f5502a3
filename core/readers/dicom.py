"""DICOM: single files, one frame or many; the files are decoded in `dicom_image`."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, final

from core.images.slice import Identity, Slice
from core.readers.protocol import SeriesEntry


@final
class DicomReader:
    """DICOM files with or without their preamble, in every transfer syntax a permitted decoder reads."""

    name: ClassVar[str] = "DICOM"
    suffixes: ClassVar[tuple[str, ...]] = (".dcm", ".dicom", ".ima")
    is_picture: ClassVar[bool] = False

    def claims(self, head: bytes, path: Path) -> bool:
        return head[128:132] == b"DICM" or _starts_with_element(head)

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        from core.readers.dicom_image import entry_of

        yield entry_of(path, self.name)

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        from core.readers.dicom_image import slice_and_identity

        source = entry.source(frame)
        return slice_and_identity(source.path, source.frame)


def _starts_with_element(head: bytes) -> bool:
    """Files without preamble start with group 2 or 8, in an order that no other format shares."""
    group, element, length = (
        int.from_bytes(head[start:end], "little") for start, end in ((0, 2), (2, 4), (4, 8))
    )
    if len(head) < 16:
        return False
    is_explicit = head[4:6].isalpha() and head[4:6].isupper()
    if group in (0x0002, 0x0008):
        return element < 0x0100 and (is_explicit or length < 256)
    return group in (0x0200, 0x0800) and is_explicit
