"""The pages of a TIFF file from its headers, checked so that decoding can rely on them."""

import math
import struct
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

from core.arrays import Array
from core.errors import Refused, Truncated, Unreadable, Unsupported
from core.readers.channels import ROTATED
from core.readers.protocol import require_size

# The size of all samples of one page, and the number of frames of a file.
PAGE_BYTES_LIMIT = 2**30
FRAME_LIMIT = 2**16
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_UNSIGNED, _SIGNED, _FLOAT, _UNTYPED = 1, 2, 3, 4  # SampleFormat
_KINDS = {_UNSIGNED: "u", _SIGNED: "i", _FLOAT: "f", _UNTYPED: "u"}
_WHOLE_BITS = {"u": (8, 16, 32, 64), "i": (8, 16, 32, 64), "f": (16, 32, 64)}
_PACKED_BITS = range(1, 16)  # only unsigned
# Tags that the samples depend on. tifffile drops a tag that it cannot read, and each has a default with which
# the samples would be misread.
_NEEDED_TAGS = {
    254,
    256,
    257,
    258,
    259,
    262,
    266,
    273,
    274,
    277,
    278,
    279,
    284,
    317,
    320,
    *range(322, 326),
    338,
    339,
}


class Photometric(IntEnum):
    """What the samples mean (PhotometricInterpretation, TIFF 6.0 and its supplements)."""

    WHITE_IS_ZERO = 0
    BLACK_IS_ZERO = 1
    RGB = 2
    PALETTE = 3
    CMYK = 5
    YCBCR = 6


_OTHER_COLOURS = {
    4: "a transparency mask",
    8: "CIE L*a*b* colour",
    9: "ICC L*a*b* colour",
    10: "ITU L*a*b* colour",
    32803: "raw camera samples (colour filter array)",
    32844: "LogL samples",
    32845: "LogLuv samples",
    34892: "raw camera samples (LinearRaw)",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of `path`; number: its index in the file, counted from 0.

    rows, columns: as stored, before `orientation` (1 to 8) is applied. kind, bits: type of a sample, `u`,
    `i` or `f`. byte_order: `<` or `>`. extra: ExtraSamples of the samples after those of the colour.
    segment: (rows, columns) of a strip or tile; offsets, counts: where their bytes are. palette: (n, 3)
    uint16. resolutions: along rows and columns, None where one is missing. notes: what was assumed or left
    out.
    """

    path: Path
    number: int
    rows: int
    columns: int
    samples: int
    bits: int
    kind: str
    byte_order: str
    photometric: Photometric
    compression: int
    predictor: int
    planar: bool
    reversed_bits: bool
    orientation: int
    extra: tuple[int, ...]
    segment: tuple[int, int]
    tiled: bool
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    palette: Array | None
    resolutions: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()

    @property
    def displayed_size(self) -> tuple[int, int]:
        """(rows, columns) as displayed."""
        return (self.columns, self.rows) if self.orientation in ROTATED else (self.rows, self.columns)

    @property
    def item_bytes(self) -> int:
        """Bytes of an unpacked sample."""
        return item_bytes(self.bits)

    @property
    def layout(self) -> tuple[Any, ...]:
        """What all pages of a stack have in common."""
        return self.displayed_size, self.samples, self.bits, self.kind, self.photometric


def item_bytes(bits: int) -> int:
    """Bytes of the smallest type with at least so many bits."""
    return next(size for size in (1, 2, 4, 8) if bits <= 8 * size)


def pages_of(path: Path) -> tuple[Page, ...]:
    """The pages that are the frames of a file: those with the layout of the first; notes count the others.

    Raises Unreadable, Unsupported, Refused, Truncated, and the errors of tifffile on a damaged file.
    """
    status = path.stat()
    return _pages(path, status.st_mtime_ns, status.st_size)


# A person scrolls through the pages of a stack; the modification time identifies an edited file.
@lru_cache(maxsize=1)
def _pages(path: Path, changed_ns: int, size: int) -> tuple[Page, ...]:
    with path.open("rb") as stream, tifffile.TiffFile(stream) as file:
        all_pages = _all_pages(path, file)
        if not all_pages:
            raise Unreadable(f"{path.name} is a TIFF without a page.")
        numbered = [(number, page) for number, page in enumerate(all_pages) if not _is_auxiliary(page)]
        # As in camera files, whose image is stored outside the list of pages.
        copy_notes = () if numbered else ("the file has only a reduced copy of its image",)
        numbered = numbered or list(enumerate(all_pages))
        first = _page(path, *numbered[0], file.byteorder)
        count = _claimed_frames(file) if len(all_pages) == 1 else 1
        if count > 1:
            return _contiguous(first, count, size)
        pages = [first, *(_page_or_none(path, *item, file.byteorder) for item in numbered[1:])]
    frames = [page for page in pages if page is not None and page.layout == first.layout]
    notes = (*copy_notes, *_left_out_notes(len(all_pages) - len(numbered), len(pages) - len(frames)))
    return tuple(replace(page, notes=(*page.notes, *notes)) for page in frames)


def _all_pages(path: Path, file: Any) -> list[Any]:
    """All pages of the file; a list that refers back to an earlier page ends there. Raises Refused."""
    pages: dict[int, Any] = {}  # by their offset
    for page in file.pages:
        if page.offset in pages:
            break
        pages[page.offset] = page
        _require_frame_limit(path, len(pages))
    return list(pages.values())


def _require_frame_limit(path: Path, frames: int) -> None:
    if frames > FRAME_LIMIT:
        raise Refused(
            f"{path.name} claims {frames} frames, more than the supported {FRAME_LIMIT}.",
            "If they are genuine, save a part of them.",
        )


def _is_auxiliary(page: Any) -> bool:
    """Whether a page is a reduced copy (thumbnail) of another page, or its mask."""
    kind = page.subfiletype
    return isinstance(kind, int) and bool(kind & (_REDUCED | _MASK))


def _left_out_notes(auxiliary: int, others: int) -> tuple[str, ...]:
    notes = []
    if auxiliary:
        notes.append(f"reduced copies or masks in the file were left out: {auxiliary}")
    if others:
        notes.append(f"pages of another size or sample type than the first were left out: {others}")
    return tuple(notes)


def _claimed_frames(file: Any) -> int:
    """How many frames are stored after a single page, as ImageJ, MetaMorph and tifffile write them."""
    if file.is_imagej:
        return _positive_int((file.imagej_metadata or {}).get("images", 1), "images", at_least=1)
    if file.is_stk:
        return int(file.pages[0].tags[33629].count)
    if file.is_shaped and (description := (file.shaped_metadata or [{}])[0]).get("truncated"):
        shape = description.get("shape", ())
        return max(math.prod(int(size) for size in shape) // math.prod(file.pages[0].shape), 1)
    return 1


def _contiguous(page: Page, count: int, size: int) -> tuple[Page, ...]:
    """A page for each frame of samples that follow each other without gaps.

    Raises Truncated, Unsupported or Refused.
    """
    length = page.rows * page.columns * page.samples * page.bits // 8
    if page.compression != 1 or page.bits % 8:
        raise Unsupported(
            f"{page.path.name} has a compressed stack after a single page, which is not supported.",
            "Save its pages one by one.",
        )
    _require_frame_limit(page.path, count)
    if page.offsets[0] + count * length > size:
        raise Truncated(
            f"{page.path.name} ends before its {count} frames do.", "Copy or download the file again."
        )
    first = replace(page, segment=(page.rows, page.columns), tiled=False)
    planes = page.samples if page.planar else 1
    return tuple(
        replace(
            first,
            offsets=tuple(
                page.offsets[0] + frame * length + plane * length // planes for plane in range(planes)
            ),
            counts=(length // planes,) * planes,
        )
        for frame in range(count)
    )


def _page_or_none(path: Path, number: int, page: Any, byte_order: str) -> Page | None:
    """A later page; None for one that cannot be read, which is left out and counted."""
    try:
        return _page(path, number, page, byte_order)
    except (Unreadable, Unsupported, Refused):
        return None


def _page(path: Path, number: int, page: Any, byte_order: str) -> Page:
    _require_readable_tags(path, page)
    rows, columns = _positive_int(page.imagelength, "rows"), _positive_int(page.imagewidth, "columns")
    require_size(path, rows, columns)
    if page.imagedepth != 1:
        raise Unsupported(f"{path.name} stores a volume in one TIFF page.", "Save its slices as pages.")
    samples = _positive_int(page.samplesperpixel, "samples")
    photometric, notes = _photometric(path, page)
    kind, bits = _sample_type(path, page)
    if rows * columns * samples * item_bytes(bits) > PAGE_BYTES_LIMIT:
        raise Refused(
            f"{path.name} claims {columns} x {rows} pixels of {samples} samples of {bits} bits, more than the"
            f" supported {PAGE_BYTES_LIMIT >> 20} MiB.",
            "If it is genuine, save a smaller copy of it.",
        )
    tiled = page.tilewidth > 0
    segment = (page.tilelength, page.tilewidth) if tiled else (page.rowsperstrip or rows, columns)
    counts = page.databytecounts if isinstance(page.databytecounts, tuple) else (page.databytecounts,)
    offsets = page.dataoffsets if isinstance(page.dataoffsets, tuple) else (page.dataoffsets,)
    return Page(
        path=path,
        number=number,
        rows=rows,
        columns=columns,
        samples=samples,
        bits=bits,
        kind=kind,
        byte_order=byte_order,
        photometric=photometric,
        compression=_positive_int(page.compression, "compression"),
        predictor=_positive_int(page.predictor, "predictor"),
        planar=samples > 1 and page.planarconfig == 2,
        reversed_bits=page.fillorder == 2,
        orientation=_orientation(page),
        extra=_extra(page, samples, photometric),
        segment=(
            _positive_int(segment[0], "rows of a strip"),
            _positive_int(segment[1], "columns of a strip"),
        ),
        tiled=tiled,
        offsets=offsets,
        counts=counts,
        palette=_palette(path, page, bits) if photometric is Photometric.PALETTE else None,
        resolutions=_resolutions(page),
        notes=notes,
    )


def _require_readable_tags(path: Path, page: Any) -> None:
    """Raises Unreadable if a tag that the samples depend on is present and could not be read."""
    tiff_format, stream = page.parent.tiff, page.parent.filehandle
    stream.seek(page.offset)
    (count,) = struct.unpack(tiff_format.tagnoformat, stream.read(tiff_format.tagnosize))
    fields = stream.read(count * tiff_format.tagsize)
    order = tiff_format.byteorder
    codes = {
        struct.unpack_from(f"{order}H", fields, at)[0] for at in range(0, len(fields), tiff_format.tagsize)
    }
    lost = sorted(code for code in codes & _NEEDED_TAGS if code not in page.tags)
    if not lost and page.tags.valueof(284, 1) not in (1, 2):
        lost = [284]
    if lost:
        raise Unreadable(
            f"{path.name} has an impossible value in field {lost[0]} of its header.",
            "The file is damaged; export it again from its source.",
        )


def _positive_int(value: Any, quantity: str, at_least: int = 1) -> int:
    """A positive whole number. Raises ValueError, which becomes an error with the name of the file."""
    if not isinstance(value, int | np.integer) or value < at_least:
        raise ValueError(f"invalid number of {quantity}")
    return int(value)


def _photometric(path: Path, page: Any) -> tuple[Photometric, tuple[str, ...]]:
    if 262 not in page.tags and page.compression != 6:
        is_grey = page.samplesperpixel < 3
        note = "the file does not state what its samples mean: read as "
        return (
            (Photometric.BLACK_IS_ZERO, (f"{note}grey with black at 0",))
            if is_grey
            else (Photometric.RGB, (f"{note}red, green and blue",))
        )
    try:
        return Photometric(page.photometric), ()
    except ValueError:
        number = page.photometric if isinstance(page.photometric, int) else "not a number"
        name = _OTHER_COLOURS.get(page.photometric, f"colours of unknown meaning ({number})")
        raise Unsupported(
            f"{path.name} has {name}, which is not supported.", "Save it as grey or as RGB."
        ) from None


def _sample_type(path: Path, page: Any) -> tuple[str, int]:
    """(kind, bits) of a sample. Raises Unsupported with the name of the type."""
    bits, sample_format = page.bitspersample, page.sampleformat
    kind = _KINDS.get(sample_format if isinstance(sample_format, int) else 0)
    if isinstance(bits, int):
        if kind is not None and bits in _WHOLE_BITS[kind]:
            return kind, bits
        if kind == "u" and bits in _PACKED_BITS:
            return kind, bits
    raise Unsupported(
        f"{path.name} has {_type_name(bits, sample_format)}, which are not supported.",
        "Save it with samples of 8 or 16 bits, or with 32-bit floating-point samples.",
    )


def _type_name(bits: Any, sample_format: Any) -> str:
    if not isinstance(bits, int) or not isinstance(sample_format, int):
        return "samples of differing types"
    names = {_SIGNED: "signed integers", _FLOAT: "floating-point numbers", 5: "complex integers"}
    names |= {6: "complex samples", _UNSIGNED: "integers", _UNTYPED: "samples of no stated type"}
    return f"{bits}-bit {names.get(sample_format, 'samples of an unknown type')}"


def _resolutions(page: Any) -> tuple[float, float] | None:
    """XResolution and YResolution, each a fraction of two numbers."""
    values = [page.tags.valueof(code) for code in (282, 283)]
    if not all(isinstance(value, tuple) and len(value) == 2 and all(value) for value in values):
        return None
    across, down = (numerator / denominator for numerator, denominator in values)
    return across, down


def _orientation(page: Any) -> int:
    value = page.tags.valueof(274)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _extra(page: Any, samples: int, photometric: Photometric) -> tuple[int, ...]:
    """ExtraSamples, padded with 0 (unspecified)."""
    colour_channels = {Photometric.RGB: 3, Photometric.YCBCR: 3, Photometric.CMYK: 4}.get(photometric, 1)
    stated = page.extrasamples if isinstance(page.extrasamples, tuple) else (page.extrasamples,)
    count = max(samples - colour_channels, 0)
    return tuple(int(kind) for kind in (*stated, *(0,) * count)[:count])


def _palette(path: Path, page: Any, bits: int) -> Array:
    """(2 ** bits, 3) uint16. Raises Unreadable without one."""
    colours = np.asarray(page.tags.valueof(320, ()), dtype=np.uint16).ravel()
    if bits > 8 or colours.size != 3 * 2**bits:
        raise Unreadable(f"{path.name} has {colours.size // 3} colours for indices of {bits} bits.")
    table: Array = colours.reshape(3, -1).T
    # Some programs write 8-bit colours where 16 bits are required.
    return table * 257 if table.max() < 256 else table
