"""Where the frames of a DICOM file are: the statements of its header, checked against its bytes.

Where the two contradict each other the bytes decide, with a note; where they do not suffice the file is
refused, with the contradiction as the reason.
"""

from dataclasses import dataclass, replace
from typing import BinaryIO

from pydicom.uid import (
    JPEG2000TransferSyntaxes,
    JPEGLSTransferSyntaxes,
    JPEGTransferSyntaxes,
    MPEGTransferSyntaxes,
    RLELossless,
)

from core.errors import Truncated, Unreadable, Unsupported
from core.readers.codestream import Codestream, Coding, codestream_of, is_start
from core.readers.dicom_file import DicomFile, PixelElement
from core.readers.dicom_format import PixelFormat, as_coded, format_of, with_samples
from core.readers.dicom_fragments import (
    FRAGMENT,
    HEADER_BYTES,
    ByteRange,
    Fragments,
    FrameBytes,
    bytes_of,
    fragments_in,
    frames_of,
    is_rle,
)
from core.readers.dicom_headers import as_numbers
from core.readers.dicom_names import syntax_name
from core.readers.protocol import require_size

_COPY = "Copy or download the file again."
_EXPORT = "Export the file again from its source."
_SAVE = "Save it uncompressed or as JPEG Lossless."
_LOSSLESS = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.58", "1.2.840.10008.1.2.4.70")
_HTJ2K = ("1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203")
# The retired forms of JPEG with lossy coding.
_JPEG = tuple(f"1.2.840.10008.1.2.4.{number}" for number in range(50, 57))
_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
_WHOLE_BITS = (8, 16, 32)


@dataclass(frozen=True, slots=True)
class PixelData:
    """The frames of one file.

    frames: the byte ranges of each compressed frame; empty where the frames follow each other uncompressed
    from `start` on. coding: None for samples that are not compressed.
    """

    file: DicomFile
    form: PixelFormat
    start: int
    frames: tuple[FrameBytes, ...] = ()
    coding: Coding | None = None


def pixel_data_of(file: DicomFile) -> PixelData:
    """The frames of the file. Raises Unreadable, Unsupported, Truncated or Refused."""
    element, name = file.pixel_element, file.path.name
    if element is None:
        raise Unreadable(f"{name} has no pixel data.")
    form = format_of(file.dataset, element.tag, name).with_notes(*file.notes)
    require_size(file.path, form.rows, form.columns)
    if file.syntax in MPEGTransferSyntaxes:
        raise Unsupported(f"{name} is a video ({syntax_name(file.syntax)}).", "Export single frames of it.")
    with file.stream() as stream:
        stream.seek(element.start)
        head = stream.read(12)
        if _is_encapsulated(file, element, form, head):
            return _encapsulated(file, element, form, stream)
        has_enough_bytes = _has_enough_bytes(form, element)
        if is_start(head) and not has_enough_bytes:
            ranges = ((ByteRange(element.start, element.available),),)
            return _compressed(file, form.with_notes(_contradiction_note(file, "compressed")), ranges, stream)
        if element.length is None or (file.syntax.is_encapsulated and not has_enough_bytes):
            raise _contradiction_error(file)
    if file.syntax.is_encapsulated:
        form = form.with_notes(_contradiction_note(file, "not compressed"))
    return PixelData(file, _native(form, element, name), element.start)


def _is_encapsulated(file: DicomFile, element: PixelElement, form: PixelFormat, head: bytes) -> bool:
    if not head.startswith(FRAGMENT):
        return False
    return element.length is None or file.syntax.is_encapsulated or not _has_enough_bytes(form, element)


def _has_enough_bytes(form: PixelFormat, element: PixelElement) -> bool:
    """Whether the element is long enough for frames that are not compressed."""
    return element.length is not None and element.length * 8 >= form.frame_bits * form.frames > 0


def _contradiction_note(file: DicomFile, encoding: str) -> str:
    if not file.has_stated_syntax:
        return f"no transfer syntax is stated: the pixel data are {encoding} and were read as such"
    return (
        f"the transfer syntax ({syntax_name(file.syntax)}) contradicts the pixel data,"
        f" which are {encoding}: read as such"
    )


def _contradiction_error(file: DicomFile) -> Unreadable:
    return Unreadable(
        f"{file.path.name} cannot be read: the transfer syntax contradicts the pixel data,"
        f" which are not {syntax_name(file.syntax)}, or are damaged.",
        _EXPORT,
    )


# Uncompressed


def _native(form: PixelFormat, element: PixelElement, name: str) -> PixelFormat:
    """The format that the length of the data implies. Raises Truncated if the data are too short."""
    length = element.length or 0
    form = _with_fitting_samples(_with_bits(form, length, name), length)
    if form.samples not in (1, 3):
        raise Unsupported(f"{name} holds {form.samples} samples a pixel, which is neither grey nor colour.")
    if form.photometric == "YBR_FULL_422" and _is_length_of(replace(form, photometric="YBR_FULL"), length):
        note = "labelled YBR_FULL_422, but the data hold all chroma samples: read as YBR_FULL"
        form = replace(form.with_notes(note), photometric="YBR_FULL")
    if form.photometric == "YBR_PARTIAL_420" or (form.photometric == "YBR_FULL_422" and form.columns % 2):
        raise Unsupported(
            f"{name} is in {form.photometric} without compression, which is not supported.", _SAVE
        )
    needed = -(-form.frame_bits * form.frames // 8)
    if element.available < needed:
        raise Truncated(
            f"{name} ends before its image does: {needed - element.available} bytes are missing.", _COPY
        )
    if length > element.available:
        form = form.with_notes("the stated length of the pixel data extends beyond the end of the file")
    return _with_excess(form, element.available * 8 // form.frame_bits, element.available - needed > 1)


def _with_excess(form: PixelFormat, available_frames: int, has_excess: bool) -> PixelFormat:
    if available_frames > form.frames and has_excess:
        verb, noun = ("was", "frame") if form.frames == 1 else ("were", f"{form.frames}")
        return form.with_notes(
            f"the pixel data hold {available_frames} frames, but the header states {form.frames}:"
            f" only the first {noun} {verb} read"
        )
    return (
        form.with_notes("the pixel data are longer than the image: the rest was ignored")
        if has_excess
        else form
    )


def _is_length_of(form: PixelFormat, length: int) -> bool:
    needed = -(-form.frame_bits * form.frames // 8)
    return needed <= length <= needed + 1


def _with_bits(form: PixelFormat, length: int, name: str) -> PixelFormat:
    """The format with BitsAllocated from the length of the data where the header has none."""
    if form.allocated:
        return form
    for bits in _WHOLE_BITS:
        guess = replace(form, allocated=bits, stored=bits, high_bit=bits - 1)
        if _is_length_of(guess, length):
            return guess.with_notes(
                f"BitsAllocated is missing or impossible: {bits} was derived from the length of the data"
            )
    raise Unreadable(f"{name} does not state how many bits a sample has.", _EXPORT)


def _with_fitting_samples(form: PixelFormat, length: int) -> PixelFormat:
    """The length of the data decides where samples a pixel and colour space contradict each other."""
    if with_samples(form, form.samples, "") == form:
        return form
    for samples in (form.samples, 1, 3):
        candidate = with_samples(form, samples, "the length of the data") if samples in (1, 3) else None
        if candidate is not None and _is_length_of(candidate, length):
            return candidate
    return with_samples(form, form.samples, "the length of the data")


# Encapsulated


def _encapsulated(file: DicomFile, element: PixelElement, form: PixelFormat, stream: BinaryIO) -> PixelData:
    name = file.path.name
    fragments = fragments_in(stream, element.start, element.length)
    if fragments.missing:
        raise Truncated(f"{name} ends before its image does: {fragments.missing} bytes are missing.", _COPY)
    if not fragments.ranges:
        raise Truncated(f"{name} ends before its image does: no pixel data follow the header.", _COPY)
    if not fragments.is_complete and form.frames > 1:
        raise Truncated(
            f"{name} ends before its {form.frames} frames do, or before the end of their sequence.", _COPY
        )
    frames = _frames(file, form, fragments, stream)
    if not frames:
        raise Unreadable(f"{name} does not state where in its pixel data each frame starts.", _EXPORT)
    if len(frames) < form.frames:
        raise Truncated(f"{name} states {form.frames} frames, but has {len(frames)}.", _COPY)
    return _compressed(file, _with_excess(form, len(frames), len(frames) > form.frames), frames, stream)


def _frames(
    file: DicomFile, form: PixelFormat, fragments: Fragments, stream: BinaryIO
) -> tuple[FrameBytes, ...]:
    head = bytes_of(stream, fragments.ranges[:1], 64)
    segments = int.from_bytes(head[:4], "little")
    is_run_lengths = 0 < segments <= 15 and is_rle(head, segments)
    return frames_of(
        stream, fragments, form.frames, segments if is_run_lengths else 0, _extended_offsets(file)
    )


def _extended_offsets(file: DicomFile) -> tuple[int, ...]:
    """The extended offset table (PS3.3 C.7.6.3.1.8)."""
    table = file.dataset.get("ExtendedOffsetTable")
    if isinstance(table, bytes):
        return tuple(int.from_bytes(table[at : at + 8], "little") for at in range(0, len(table) - 7, 8))
    return tuple(int(number) for number in as_numbers(table))


def _compressed(
    file: DicomFile, form: PixelFormat, frames: tuple[FrameBytes, ...], stream: BinaryIO
) -> PixelData:
    """The pixel data with the coding of their frames. Raises Unsupported or Unreadable."""
    start = frames[0][0].start
    head = bytes_of(stream, frames[0], HEADER_BYTES)
    coded = codestream_of(head)
    if coded is not None:
        form = as_coded(form, coded, file.path.name)
        return PixelData(file, _with_syntax_note(file, form, coded), start, frames, coded.coding)
    segments = int.from_bytes(head[:4], "little")
    if 0 < segments <= 15 and is_rle(head[:64], segments) and not is_start(head):
        return PixelData(file, _run_lengths(file, form, segments), start, frames, Coding.RLE)
    size = sum(fragment.length for fragment in frames[0])
    if _is_length_of(replace(form, frames=1), size):
        if file.syntax != _UNCOMPRESSED:
            form = form.with_notes(_contradiction_note(file, "not compressed"))
        return PixelData(file, form, start, frames)
    if file.syntax.is_encapsulated and _coding_of(file) is None:
        raise Unsupported(
            f"{file.path.name} is in a transfer syntax that no permitted decoder reads:"
            f" {syntax_name(file.syntax)}.",
            _SAVE,
        )
    raise _contradiction_error(file)


def _with_syntax_note(file: DicomFile, form: PixelFormat, coded: Codestream) -> PixelFormat:
    stated = _coding_of(file)
    family = {Coding.HTJ2K: Coding.JPEG_2000}
    if stated is not None and family.get(stated, stated) is family.get(coded.coding, coded.coding):
        return form
    note = _contradiction_note(file, coded.coding)
    return (
        form
        if any(note.split(" which")[0] in earlier_note for earlier_note in form.notes)
        else form.with_notes(note)
    )


def _coding_of(file: DicomFile) -> Coding | None:
    """The coding that the transfer syntax stands for; None for an unsupported one."""
    syntax = file.syntax
    for coding, members in (
        (Coding.RLE, (RLELossless,)),
        (Coding.JPEG_LOSSLESS, _LOSSLESS),
        (Coding.JPEG, (*_JPEG, *JPEGTransferSyntaxes)),
        (Coding.JPEG_LS, JPEGLSTransferSyntaxes),
        (Coding.HTJ2K, _HTJ2K),
        (Coding.JPEG_2000, JPEG2000TransferSyntaxes),
    ):
        if syntax in members:
            return coding
    return None


def _run_lengths(file: DicomFile, form: PixelFormat, segments: int) -> PixelFormat:
    """The format of run-length data: a segment has one byte of all samples of one kind (PS3.5 G.2)."""
    if form.allocated not in _WHOLE_BITS:
        raise Unsupported(
            f"{file.path.name} holds run lengths of {form.allocated or 'an unknown number of'}"
            f" bit{'s' if form.allocated != 1 else ''} a sample, which no permitted decoder reads.",
            _SAVE,
        )
    samples, rest = divmod(segments, form.allocated // 8)
    if rest or samples not in (1, 3):
        raise Unreadable(
            f"{file.path.name} contradicts itself: {segments} run-length segments are not"
            f" {form.samples} samples of {form.allocated} bits.",
            _EXPORT,
        )
    form = with_samples(form, samples, "its run-length data")
    if form.photometric == "YBR_FULL_422":  # a plane of each colour: no sample is left out
        form = replace(form, photometric="YBR_FULL")
    return form if file.syntax == RLELossless else form.with_notes(_contradiction_note(file, Coding.RLE))
