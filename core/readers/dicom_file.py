"""One DICOM file opened: its header, its transfer syntax, and where its pixel data lie.

What the bytes are decides, not what the transfer syntax says of them; the difference is noted.
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

# A deflated data set may grow to this.
EXPANSION_LIMIT = 2**30
_CHUNK = 2**22
# PS3.5 A.5 asks for deflated data alone (RFC 1951); some programs write those of zlib or gzip.
_WITH_ITS_HEADER = 32 + zlib.MAX_WBITS
_WRAPPED = "the deflated data are wrapped in the form of zlib or gzip, against the transfer syntax"
_PREAMBLE = 128
_PIXEL_TAGS = (0x7FE00008, 0x7FE00009, 0x7FE00010)
_LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT"))
_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US UV".split())
_VRS = frozenset(vr.decode() for vr in _LONG_VRS | _SHORT_VRS)
_UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the value of the pixel data lies.

    tag: which of the three elements it is. length: as stated, None where it is undefined (a sequence of
    fragments). available: the bytes from `start` that are there and belong to it.
    """

    tag: int
    vr: str
    start: int
    length: int | None
    available: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's header, what it is written in, and its pixel data's place; None: it has none, or empty.

    syntax: as the file states it, or as its data set is written where it states none (`is_stated`).
    little: the byte order that its data set really has. notes: where the two contradict each other.
    is_cut_off: an element of the header goes on beyond the end of the file.
    """

    path: Path
    dataset: Dataset
    syntax: UID
    little: bool
    pixels: PixelElement | None
    notes: tuple[str, ...] = ()
    is_stated: bool = True
    is_cut_off: bool = False
    _inflated: bytes | None = field(default=None, repr=False)

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The bytes in which `pixels` has its place."""
        if self._inflated is not None:
            yield BytesIO(self._inflated)
            return
        with self.path.open("rb") as stream:
            yield stream


@dataclass(frozen=True, slots=True)
class _Encoding:
    """How a data set is written: with explicit value representations or not, and its byte order."""

    explicit: bool
    little: bool


class _Bounded(io.BufferedReader):
    """A file that is never asked for more than it holds: a damaged length would take that much memory.

    is_cut_off: whether more was asked for than was left.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self._size = os.fstat(self.fileno()).st_size
        self.is_cut_off = False

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._size - self.tell())
        if size is None or not 0 <= size <= left:
            self.is_cut_off |= size is not None and size > left > 0
            size = left
        return super().read(size)


def opened(path: Path) -> Opened:
    """Read the header without the pixel data. Raises Unsupported or Refused."""
    file = _opened(path)
    _name_kinds(file.dataset)
    return file


def _name_kinds(dataset: Dataset) -> None:
    """Give elements of an unknown value representation that of the dictionary; they could not be read."""
    for tag, element in list(dataset.items()):
        if isinstance(element, RawDataElement) and element.VR not in (None, *_VRS):
            known = dictionary_VR(tag) if dictionary_has_tag(tag) else "UN"
            dataset[tag] = element._replace(VR=known)


def _opened(path: Path) -> Opened:
    with _Bounded(path) as stream:
        start, stated = _after_meta(stream)
        _require_known(path, stated)
        stream.seek(start)
        plain = _encoding_of(stream.read(16))
        deflated = stated == DeflatedExplicitVRLittleEndian
        if not deflated and (plain is not None or stated is None):
            return _plain(path, stream, start, stated, plain)
        inflated = _inflated(path, stream, start)
        is_wrapped = inflated is None and deflated
        if is_wrapped:
            inflated = _inflated(path, stream, start, _WITH_ITS_HEADER)
        found = _encoding_of(inflated[:16]) if inflated is not None else None
        if inflated is None or found is None:
            return _plain(path, stream, start, stated, plain)
        opened = _from_inflated(path, stream, inflated, stated, found)
        return replace(opened, notes=(*opened.notes, _WRAPPED)) if is_wrapped else opened


def _require_known(path: Path, stated: UID | None) -> None:
    if stated is not None and not stated.is_transfer_syntax:
        raise Unsupported(
            f"{path.name} is in a transfer syntax that no permitted decoder reads: {syntax_name(stated)}.",
            "Save it uncompressed or as JPEG Lossless.",
        )


def _after_meta(stream: BinaryIO) -> tuple[int, UID | None]:
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
    """How a data set that starts so is written; None if it starts like none."""
    if len(head) < 8 or (head[0] == 0) == (head[1] == 0):
        return None  # the first group of a data set is below 0x0100, so one of its bytes is 0
    little = head[1] == 0
    if head[4:6] in _LONG_VRS | _SHORT_VRS:
        return _Encoding(True, little)
    length = int.from_bytes(head[4:8], "little" if little else "big")
    return _Encoding(False, little) if length < 2**16 or length == _UNDEFINED else None


def _inflated(path: Path, stream: BinaryIO, start: int, form: int = -zlib.MAX_WBITS) -> bytes | None:
    """The rest of the file inflated; None if it is not deflated. Raises Refused beyond the limit."""
    stream.seek(start)
    inflater = zlib.decompressobj(form)
    whole = BytesIO()
    try:
        waiting = stream.read(_CHUNK)
        while waiting and not inflater.eof:
            whole.write(inflater.decompress(waiting, _CHUNK))
            if whole.tell() > EXPANSION_LIMIT:
                raise Refused(f"{path.name} unpacks to more than {EXPANSION_LIMIT >> 20} MiB.")
            waiting = inflater.unconsumed_tail or stream.read(_CHUNK)
        whole.write(inflater.flush())
    except zlib.error:
        return None
    return whole.getvalue()


def _plain(path: Path, stream: _Bounded, start: int, stated: UID | None, found: _Encoding | None) -> Opened:
    """A data set that is not deflated."""
    notes: tuple[str, ...] = ()
    stream.is_cut_off = False  # finding the start asks for more than a small file holds
    little = stated != ExplicitVRBigEndian
    wrong_order = stated is not None and found is not None and found.little != little
    if found is not None and (wrong_order or stated == DeflatedExplicitVRLittleEndian):
        assert stated is not None
        notes = (_contradiction(stated, found),)
        dataset = _dataset(stream, start, found)
        little = found.little
    else:
        stream.seek(0)
        dataset = dcmread(stream, stop_before_pixels=True, force=True)
        if stated is None:
            little = bool(dataset.original_encoding[1])
        elif found is not None and found.explicit == (stated == ImplicitVRLittleEndian):
            notes = (_contradiction(stated, found),)
    syntax, is_cut_off = stated or _guessed_syntax(dataset), stream.is_cut_off
    pixels = _pixels_at(stream, little)
    return Opened(path, dataset, syntax, little, pixels, notes, stated is not None, is_cut_off)


def _from_inflated(
    path: Path, stream: BinaryIO, inflated: bytes, stated: UID | None, found: _Encoding
) -> Opened:
    inner = BytesIO(inflated)
    dataset = _dataset(inner, 0, found)
    stream.seek(0)
    stream.seek(_PREAMBLE + 4 if stream.read(_PREAMBLE + 4)[_PREAMBLE:] == b"DICM" else 0)
    dataset.file_meta = FileMetaDataset(read_dataset(stream, False, True, stop_when=_is_behind_meta))
    notes: tuple[str, ...] = ()
    if stated != DeflatedExplicitVRLittleEndian:
        words = syntax_name(stated) if stated else "none"
        notes = (f"the transfer syntax ({words}) contradicts the data, which are deflated: read as that",)
    pixels = _pixels_at(inner, found.little)
    syntax = DeflatedExplicitVRLittleEndian
    return Opened(path, dataset, syntax, found.little, pixels, notes, stated is not None, _inflated=inflated)


def _dataset(stream: BinaryIO, start: int, encoding: _Encoding) -> Dataset:
    """The data set from `start` to its pixel data, as it is really written."""
    stream.seek(start)
    dataset = read_dataset(stream, not encoding.explicit, encoding.little, stop_when=_is_pixel_data)
    dataset.file_meta = FileMetaDataset()
    return dataset


def _is_behind_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
    return tag.group != 2


def _is_pixel_data(tag: BaseTag, vr: str | None, length: int) -> bool:
    return tag in _PIXEL_TAGS


def _contradiction(stated: UID, found: _Encoding) -> str:
    order = "little" if found.little else "big"
    form = f"{'explicit' if found.explicit else 'implicit'} VR, {order} endian"
    return (
        f"the transfer syntax ({syntax_name(stated)}) contradicts the data, which are in {form}: read as that"
    )


def _guessed_syntax(dataset: Dataset) -> UID:
    """For files without a meta header: what pydicom found it to be encoded in."""
    implicit, little = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _pixels_at(stream: BinaryIO, little: bool) -> PixelElement | None:
    """The element at which reading stopped, if it is pixel data that is not empty.

    Its form is taken from its bytes: some files are written in another one than they say.
    """
    place = stream.tell()
    element = stream.read(12)
    if len(element) < 8:
        return None
    order: Literal["little", "big"] = "little" if element[:2] == b"\xe0\x7f" else "big"
    tag = int.from_bytes(element[:2], order) << 16 | int.from_bytes(element[2:4], order)
    if tag not in _PIXEL_TAGS:
        return None
    # Pixel data have one of the long forms; the low bytes of an implicit length may spell a short one.
    explicit = element[4:6] in _LONG_VRS
    length = int.from_bytes(element[8:12] if explicit else element[4:8], order)
    start = place + (12 if explicit else 8)
    available = max(0, stream.seek(0, os.SEEK_END) - start)
    if not length:
        return None
    vr = element[4:6].decode("ascii") if explicit else "OW"
    if length == _UNDEFINED:
        return PixelElement(tag, vr, start, None, available)
    return PixelElement(tag, vr, start, length, min(length, available))
