"""One DICOM file opened, and the stored pixel values of one of its frames."""

import os
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MPEGTransferSyntaxes,
    RLELossless,
)

from core.arrays import Array
from core.errors import Refused, Truncated, Unsupported
from core.readers import gdcm_decoder
from core.readers.decoding import DECODER_ERRORS, reason_of
from core.readers.protocol import HEAD_BYTES

# A deflated data set may grow to this.
EXPANSION_LIMIT = 2**30
_PIXEL_GROUP, _PIXEL_ELEMENTS = b"\xe0\x7f", (b"\x08\x00", b"\x09\x00", b"\x10\x00")
_FRAGMENT, _SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_PIXEL_KEYWORDS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's header, its transfer syntax, and what of its pixel data is really there.

    pixel_bytes: how many follow the header (0: no pixel data). closed: encapsulated fragments are all
    whole and the sequence has its end mark; native pixel data are always closed.
    """

    path: Path
    dataset: Dataset
    syntax: UID
    pixel_bytes: int
    closed: bool = True


def opened(path: Path) -> Opened:
    """Read the header without the pixel data. Raises Unsupported, Truncated or Refused."""
    with path.open("rb") as stream:
        deflated = DeflatedExplicitVRLittleEndian.encode() in stream.read(HEAD_BYTES)
        stream.seek(0)
        if deflated:
            whole = dcmread(_checked(path, stream.read()), force=True)
            pixels = next((whole[keyword].value for keyword in _PIXEL_KEYWORDS if keyword in whole), None)
            return Opened(path, whole, UID(whole.file_meta.TransferSyntaxUID), len(pixels or b""))
        dataset = dcmread(stream, stop_before_pixels=True, force=True)
        syntax = UID(dataset.file_meta.get("TransferSyntaxUID") or _guessed_syntax(dataset))
        if not syntax.is_transfer_syntax:
            raise Unsupported(
                f"{path.name} is in the transfer syntax {syntax.name}, which no permitted decoder reads.",
                "Save it uncompressed or as JPEG Lossless.",
            )
        if not _at_pixels(stream):
            return Opened(path, dataset, syntax, 0)
        if syntax.is_encapsulated:
            return Opened(path, dataset, syntax, *_fragments(path, stream))
        return Opened(path, dataset, syntax, -stream.tell() + stream.seek(0, os.SEEK_END))


def _fragments(path: Path, stream: BinaryIO) -> tuple[int, bool]:
    """Walk over the fragments: their bytes, and whether the end mark follows (PS3.5 A.4).

    Raises Truncated if the file ends inside one; some decoders would make up the rest of the image.
    """
    start, position = stream.tell(), stream.tell()
    end = stream.seek(0, os.SEEK_END)
    while position + 8 <= end:
        stream.seek(position)
        item = stream.read(8)
        if item[:4] == _SEQUENCE_END:
            return position - start, True
        if item[:4] != _FRAGMENT:
            break
        position += 8 + int.from_bytes(item[4:], "little")
    if position > end:
        raise Truncated(
            f"{path.name} ends before its image does: {position - end} bytes are missing.",
            "Copy or download the file again.",
        )
    return position - start, False


def _checked(path: Path, data: bytes) -> BytesIO:
    """A deflated file whose data set stays within the limit."""
    group_length = data.find(b"\x02\x00\x00\x00UL\x04\x00")
    if group_length < 0:
        raise Unsupported(f"{path.name} is deflated and does not say where its data set starts.")
    start = group_length + 12 + int.from_bytes(data[group_length + 8 : group_length + 12], "little")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflater.decompress(data[start:], EXPANSION_LIMIT)
    if inflater.unconsumed_tail:
        raise Refused(f"{path.name} unpacks to more than {EXPANSION_LIMIT >> 20} MiB.")
    return BytesIO(data)


def _guessed_syntax(dataset: Dataset) -> UID:
    """For files without a meta header: what pydicom found it to be encoded in."""
    implicit, little = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _at_pixels(stream: BinaryIO) -> bool:
    """Whether the element at which reading stopped is pixel data that is not empty; if so, go to its value.

    Its form is taken from its bytes: some files are written in another one than they say.
    """
    element = stream.read(12)
    if element[:2] == _PIXEL_GROUP[::-1]:
        element = element[1::-1] + element[3:1:-1] + element[4:]
    explicit = element[4:6].isalpha()
    if not explicit:
        stream.seek(-min(4, len(element)), os.SEEK_CUR)
    length = element[8:12] if explicit else element[4:8]
    return element[:2] == _PIXEL_GROUP and element[2:4] in _PIXEL_ELEMENTS and any(length)


def stored_values(file: Opened, frame: int) -> Array:
    """(rows, columns) or (rows, columns, samples) as stored, YBR made RGB.

    Raises Unsupported with the transfer syntax and every decoder's reason.
    """
    if file.syntax in MPEGTransferSyntaxes:
        raise Unsupported(f"{file.path.name} is a video ({file.syntax.name}).", "Export single frames of it.")
    try:
        return _by_pydicom(file, frame)
    except DECODER_ERRORS as error:
        if not file.syntax.is_encapsulated and not _packed(file):
            raise
        reasons = f"pydicom: {reason_of(error)}"
    if not _gdcm_aborts(file):
        try:
            return gdcm_decoder.stored_values(file.path, frame)
        except DECODER_ERRORS as error:
            reasons += f"; GDCM itself: {reason_of(error)}"
    raise Unsupported(
        f"{file.path.name} cannot be decoded ({file.syntax.name}): {reasons}.",
        "Save it uncompressed or as JPEG Lossless; if that fails too, it is damaged.",
    )


def _by_pydicom(file: Opened, frame: int) -> Array:
    if file.syntax == DeflatedExplicitVRLittleEndian:
        return pixel_array(file.dataset, index=frame)
    return pixel_array(file.path, index=frame, transfer_syntax_uid=file.syntax)


def _packed(file: Opened) -> bool:
    """Two samples in three bytes, as ACR-NEMA had it; pydicom knows no such thing."""
    return bool(file.dataset.get("BitsAllocated") == 12)


def _gdcm_aborts(file: Opened) -> bool:
    """GDCM ends the process on run lengths of single bits."""
    return bool(file.syntax == RLELossless and file.dataset.get("BitsAllocated") == 1)
