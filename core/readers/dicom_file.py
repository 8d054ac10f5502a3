"""One DICOM file opened: its header, its transfer syntax, and where its pixel data are.

The bytes decide how the file is encoded, not the transfer syntax; a contradiction is noted.
"""

import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

from pydicom import dcmread
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from core.errors import Refused, Unsupported
from core.readers.dicom_names import syntax_name

# The largest size of a data set that was deflated.
EXPANSION_LIMIT = 2**30
_CHUNK = 2**22
_SMALL_READ = 2**16
# PS3.5 A.5 requires raw deflated data (RFC 1951); some programs write the formats of zlib or gzip.
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_WRONG_DEFLATE_NOTE = "the deflated data are in zlib or gzip format, which the transfer syntax does not allow"
_PREAMBLE = 128
_PIXEL_TAGS = (0x7FE00008, 0x7FE00009, 0x7FE00010)
_LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT"))
_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US UV".split())
_VRS = frozenset(vr.decode() for vr in _LONG_VRS | _SHORT_VRS)
_UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the value of the pixel data is.

    tag: which of the three elements it is. length: as stated, None where it is undefined (a sequence of
    fragments). available: how many bytes of it the file has from `start` on.
    """

    tag: int
    vr: str
    start: int
    length: int | None
    available: int


@dataclass(frozen=True, slots=True)
class DicomFile:
    """A file's header, its encoding, and where its pixel data are.

    syntax: the transfer syntax that the file states, or the one of its data set where it states none
    (`has_stated_syntax`). is_little_endian: the actual byte order of the data set. pixel_element: None where
    the file has no pixel data or empty ones. notes: contradictions between transfer syntax and data.
    is_cut_off: an element of the header extends beyond the end of the file.
    """

    path: Path
    dataset: Dataset
    syntax: UID
    is_little_endian: bool
    pixel_element: PixelElement | None
    notes: tuple[str, ...] = ()
    has_stated_syntax: bool = True
    is_cut_off: bool = False
    _inflated: bytes | None = field(default=None, repr=False)

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The bytes that `pixel_element` refers to."""
        if self._inflated is not None:
            yield BytesIO(self._inflated)
            return
        with self.path.open("rb") as stream:
            yield stream


@dataclass(frozen=True, slots=True)
class _Encoding:
    """Whether a data set has explicit value representations, and its byte order."""

    is_explicit: bool
    is_little_endian: bool


class _BoundedReader(io.BufferedReader):
    """A file of which never more is read than it has: a damaged length would take that much memory.

    is_cut_off: whether more was requested than was left.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self._size = os.fstat(self.fileno()).st_size
        self.is_cut_off = False

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and 0 <= size <= _SMALL_READ:  # most elements, and no memory worth a check
            data = super().read(size)
            self.is_cut_off |= 0 < len(data) < size
            return data
        left = max(0, self._size - self.tell())
        if size is None or not 0 <= size <= left:
            self.is_cut_off |= size is not None and size > left > 0
            size = left
        return super().read(size)


def open_dicom(path: Path) -> DicomFile:
    """Read the header without the pixel data. Raises Unsupported or Refused."""
    file = _open(path)
    _correct_unknown_vrs(file.dataset)
    return file


def _correct_unknown_vrs(dataset: Dataset) -> None:
    """Give elements with an unknown value representation (VR) the one of the dictionary."""
    for tag, element in list(dataset.items()):
        if isinstance(element, RawDataElement) and element.VR not in (None, *_VRS):
            vr = dictionary_VR(tag) if dictionary_has_tag(tag) else "UN"
            dataset[tag] = element._replace(VR=vr)


def _open(path: Path) -> DicomFile:
    with _BoundedReader(path) as stream:
        start, stated = _data_set_start(stream)
        _require_transfer_syntax(path, stated)
        stream.seek(start)
        encoding = _encoding_of(stream.read(16))
        is_stated_deflated = stated == DeflatedExplicitVRLittleEndian
        if not is_stated_deflated and (encoding is not None or stated is None):
            return _not_deflated(path, stream, start, stated, encoding)
        inflated = _inflated(path, stream, start)
        has_zlib_header = inflated is None and is_stated_deflated
        if has_zlib_header:
            inflated = _inflated(path, stream, start, _ZLIB_OR_GZIP)
        inflated_encoding = _encoding_of(inflated[:16]) if inflated is not None else None
        if inflated is None or inflated_encoding is None:
            return _not_deflated(path, stream, start, stated, encoding)
        file = _from_inflated(path, stream, inflated, stated, inflated_encoding)
        return replace(file, notes=(*file.notes, _WRONG_DEFLATE_NOTE)) if has_zlib_header else file


def _require_transfer_syntax(path: Path, stated: UID | None) -> None:
    if stated is not None and not stated.is_transfer_syntax:
        raise Unsupported(
            f"{path.name} is in a transfer syntax that no permitted decoder reads: {syntax_name(stated)}.",
            "Save it uncompressed or as JPEG Lossless.",
        )


def _data_set_start(stream: BinaryIO) -> tuple[int, UID | None]:
    """Where the data set starts, and the transfer syntax of the file meta information (PS3.10 7.1)."""
    head = stream.read(_PREAMBLE + 4)
    position, syntax = (_PREAMBLE + 4 if head[_PREAMBLE:] == b"DICM" else 0), None
    while True:
        stream.seek(position)
        element = stream.read(12)
        if len(element) < 8 or element[:2] != b"\x02\x00":
            return position, syntax
        vr = element[4:6]
        if vr in _LONG_VRS:
            size, length = 12, int.from_bytes(element[8:12], "little")
        elif vr in _SHORT_VRS:
            size, length = 8, int.from_bytes(element[6:8], "little")
        else:
            size, length = 8, int.from_bytes(element[4:8], "little")
        if element[2:4] == b"\x10\x00" and length <= 64:
            stream.seek(position + size)
            text = stream.read(length).decode("ascii", "replace").strip(" \0")
            syntax = UID(text) if text else None
        position += size + length


def _encoding_of(head: bytes) -> _Encoding | None:
    """The encoding of a data set with these first bytes; None if no data set starts like this."""
    if len(head) < 8 or (head[0] == 0) == (head[1] == 0):
        return None  # the first group of a data set is below 0x0100, so one of its bytes is 0
    is_little_endian = head[1] == 0
    if head[4:6] in _LONG_VRS | _SHORT_VRS:
        return _Encoding(True, is_little_endian)
    length = int.from_bytes(head[4:8], "little" if is_little_endian else "big")
    return _Encoding(False, is_little_endian) if length < 2**16 or length == _UNDEFINED else None


def _inflated(path: Path, stream: BinaryIO, start: int, zlib_format: int = -zlib.MAX_WBITS) -> bytes | None:
    """The rest of the file inflated; None if it is not deflated. Raises Refused beyond the limit."""
    stream.seek(start)
    decompressor = zlib.decompressobj(zlib_format)
    output = BytesIO()
    try:
        packed = stream.read(_CHUNK)
        while packed and not decompressor.eof:
            output.write(decompressor.decompress(packed, _CHUNK))
            if output.tell() > EXPANSION_LIMIT:
                raise Refused(f"{path.name} unpacks to more than {EXPANSION_LIMIT >> 20} MiB.")
            packed = decompressor.unconsumed_tail or stream.read(_CHUNK)
        output.write(decompressor.flush())
    except zlib.error:
        return None
    return output.getvalue()


def _not_deflated(
    path: Path, stream: _BoundedReader, start: int, stated: UID | None, encoding: _Encoding | None
) -> DicomFile:
    """A data set that is not deflated."""
    notes: tuple[str, ...] = ()
    stream.is_cut_off = False  # finding the start requests more than a small file has
    is_little_endian = stated != ExplicitVRBigEndian
    has_wrong_order = (
        stated is not None and encoding is not None and encoding.is_little_endian != is_little_endian
    )
    if encoding is not None and (has_wrong_order or stated == DeflatedExplicitVRLittleEndian):
        assert stated is not None
        notes = (_contradiction_note(stated, encoding),)
        dataset = _dataset(stream, start, encoding)
        is_little_endian = encoding.is_little_endian
    else:
        stream.seek(0)
        dataset = dcmread(stream, stop_before_pixels=True, force=True)
        if stated is None:
            is_little_endian = bool(dataset.original_encoding[1])
        elif encoding is not None and encoding.is_explicit == (stated == ImplicitVRLittleEndian):
            notes = (_contradiction_note(stated, encoding),)
    syntax, is_cut_off = stated or _syntax_of_data_set(dataset), stream.is_cut_off
    pixel_element = _pixel_element_at(stream, is_little_endian)
    return DicomFile(
        path, dataset, syntax, is_little_endian, pixel_element, notes, stated is not None, is_cut_off
    )


def _from_inflated(
    path: Path, stream: BinaryIO, inflated: bytes, stated: UID | None, encoding: _Encoding
) -> DicomFile:
    inflated_stream = BytesIO(inflated)
    dataset = _dataset(inflated_stream, 0, encoding)
    stream.seek(0)
    stream.seek(_PREAMBLE + 4 if stream.read(_PREAMBLE + 4)[_PREAMBLE:] == b"DICM" else 0)
    dataset.file_meta = FileMetaDataset(read_dataset(stream, False, True, stop_when=_is_after_meta))
    notes: tuple[str, ...] = ()
    if stated != DeflatedExplicitVRLittleEndian:
        name = syntax_name(stated) if stated else "none"
        notes = (f"the transfer syntax ({name}) contradicts the data, which are deflated: read as deflated",)
    pixel_element = _pixel_element_at(inflated_stream, encoding.is_little_endian)
    syntax = DeflatedExplicitVRLittleEndian
    return DicomFile(
        path,
        dataset,
        syntax,
        encoding.is_little_endian,
        pixel_element,
        notes,
        stated is not None,
        _inflated=inflated,
    )


def _dataset(stream: BinaryIO, start: int, encoding: _Encoding) -> Dataset:
    """The data set from `start` to its pixel data, in its actual encoding."""
    stream.seek(start)
    dataset = read_dataset(
        stream, not encoding.is_explicit, encoding.is_little_endian, stop_when=_is_pixel_data
    )
    dataset.file_meta = FileMetaDataset()
    return dataset


def _is_after_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
    return tag.group != 2


def _is_pixel_data(tag: BaseTag, vr: str | None, length: int) -> bool:
    return tag in _PIXEL_TAGS


def _contradiction_note(stated: UID, encoding: _Encoding) -> str:
    order = "little" if encoding.is_little_endian else "big"
    form = f"{'explicit' if encoding.is_explicit else 'implicit'} VR, {order} endian"
    return (
        f"the transfer syntax ({syntax_name(stated)}) contradicts the data, which are in {form}: read as such"
    )


def _syntax_of_data_set(dataset: Dataset) -> UID:
    """The transfer syntax that pydicom detected, for files without file meta information."""
    implicit, is_little_endian = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if is_little_endian else ExplicitVRBigEndian


def _pixel_element_at(stream: BinaryIO, is_little_endian: bool) -> PixelElement | None:
    """The element at which reading stopped, if it is pixel data and not empty.

    Its encoding is taken from its bytes: in some files it differs from that of the data set.
    """
    position = stream.tell()
    element = stream.read(12)
    if len(element) < 8:
        return None
    byte_order: Literal["little", "big"] = "little" if element[:2] == b"\xe0\x7f" else "big"
    tag = int.from_bytes(element[:2], byte_order) << 16 | int.from_bytes(element[2:4], byte_order)
    if tag not in _PIXEL_TAGS:
        return None
    # Pixel data have one of the long VRs; the low bytes of an implicit length may spell a short one.
    is_explicit = element[4:6] in _LONG_VRS
    length = int.from_bytes(element[8:12] if is_explicit else element[4:8], byte_order)
    start = position + (12 if is_explicit else 8)
    available = max(0, stream.seek(0, os.SEEK_END) - start)
    if not length:
        return None
    vr = element[4:6].decode("ascii") if is_explicit else "OW"
    if length == _UNDEFINED:
        return PixelElement(tag, vr, start, None, available)
    return PixelElement(tag, vr, start, length, min(length, available))
