"""TIFF pages as slices: the entry of a file, and a slice of each page."""

from pathlib import Path

import numpy as np
from PIL import Image

from core.arrays import Array
from core.errors import Unreadable, Unsupported
from core.images.slice import Slice
from core.images.windowing import EIGHT_BIT
from core.readers.channels import CMYK_NOTE, ON_BLACK, grey_or_colour, on_black, spread, spread_note, upright
from core.readers.decoding import decoding
from core.readers.picture_image import values_of
from core.readers.proportions import stated_aspect
from core.readers.protocol import SeriesEntry
from core.readers.tiff_pages import Page, Photometric, pages_of
from core.readers.tiff_samples import SUPPORTED_COMPRESSIONS, samples_of

_GREY = (Photometric.WHITE_IS_ZERO, Photometric.BLACK_IS_ZERO)
# Compressions of pictures rather than of bytes: decoded by the libtiff in Pillow, with their colours.
_FAX, _OLD_JPEG, _JPEG = (2, 3, 4), 6, 7
_BY_PILLOW = (*_FAX, _OLD_JPEG, _JPEG)
_COMPRESSIONS = {
    9: "JBIG",
    10: "JBIG",
    32766: "NeXT",
    32809: "ThunderScan",
    32909: "PixarLog",
    33003: "JPEG 2000",
    33004: "JPEG 2000",
    33005: "JPEG 2000",
    34661: "JBIG",
    34676: "SGI LogLuv",
    34677: "SGI LogLuv",
    34712: "JPEG 2000",
    34887: "LERC",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_ASSOCIATED, _UNASSOCIATED = 1, 2  # ExtraSamples


def entry_of(path: Path, reader: str) -> SeriesEntry:
    """What the file holds, from its headers. reader: the name of the reader. Raises an InputError."""
    with decoding(path, "a picture"):
        pages = pages_of(path)
        _require_readable(pages[0])
        rows, columns = pages[0].displayed_size
    return SeriesEntry(path=path, reader=reader, title="TIFF", frames=len(pages), rows=rows, columns=columns)


def slice_of(path: Path, frame: int) -> Slice:
    """Page `frame`, counted from 0. Raises Unreadable or another InputError."""
    with decoding(path, "a picture"):
        pages = pages_of(path)
        if not 0 <= frame < len(pages):
            raise Unreadable(f"{path.name} has {len(pages)} frames, so no frame {frame}.")
        return _slice(pages[frame])


def _require_readable(page: Page) -> None:
    """Raises Unsupported with the name of the compression or colour, Unreadable for missing samples."""
    name = page.path.name
    if page.compression not in (*SUPPORTED_COMPRESSIONS, *_BY_PILLOW):
        name_of_compression = _COMPRESSIONS.get(page.compression)
        description = (
            f"{name_of_compression} compression"
            if name_of_compression
            else f"compression number {page.compression}"
        )
        raise Unsupported(
            f"{name} is a TIFF with {description}, which is not supported.", "Save it without compression."
        )
    if page.compression in _BY_PILLOW and page.bits not in (1, 8):
        raise Unsupported(
            f"{name} has {page.bits}-bit samples in JPEG compression, which is not supported.",
            "Save it without compression.",
        )
    colour_channels = {Photometric.RGB: 3, Photometric.YCBCR: 3, Photometric.CMYK: 4}.get(page.photometric, 1)
    if page.samples < colour_channels:
        raise Unreadable(
            f"{name} has {page.samples} samples in each pixel where its colour needs {colour_channels}."
        )


def _slice(page: Page) -> Slice:
    _require_readable(page)
    inverted = page.photometric is Photometric.WHITE_IS_ZERO
    if page.compression in _BY_PILLOW or page.photometric is Photometric.YCBCR:
        values, notes = _by_pillow(page)
    else:
        values, notes = _values(page, samples_of(page))
        values = upright(values, page.orientation)
    windows = (EIGHT_BIT,) if values.dtype == np.uint8 else ()
    return Slice(
        np.ascontiguousarray(values),
        windows=windows,
        inverted=inverted,
        notes=(*page.notes, *notes),
        stated_aspect=stated_aspect(page.resolutions, page.orientation),
    )


def _values(page: Page, samples: Array) -> tuple[Array, tuple[str, ...]]:
    """Slice values of samples (rows, columns, samples), in the stored orientation, and notes."""
    if page.photometric is Photometric.PALETTE:
        assert page.palette is not None
        return _with_extra(page, page.palette[samples[..., 0]] >> 8, samples[..., 1:], 8)
    bits = page.bits
    notes: tuple[str, ...] = ()
    if bits < 8:
        notes, samples, bits = spread_note(bits), spread(samples, bits), 8
    if samples.dtype == np.float16:
        samples = samples.astype(np.float32)  # exact, unlike results of float16 arithmetic
    first_extra = page.samples - len(page.extra)
    values, extra_notes = _with_extra(page, samples[..., :first_extra], samples[..., first_extra:], bits)
    return values, (*notes, *extra_notes)


def _with_extra(page: Page, channels: Array, extra: Array, bits: int) -> tuple[Array, tuple[str, ...]]:
    """Grey or colour of channels (rows, columns, 1, 3 or 4), with alpha applied, and notes.

    extra: (rows, columns, n), the samples after those of the colour; an alpha channel may be among them.
    """
    notes: tuple[str, ...] = ()
    alphas = [index for index, kind in enumerate(page.extra) if kind in (_ASSOCIATED, _UNASSOCIATED)]
    if page.photometric is Photometric.CMYK:
        channels, notes = _from_cmyk(page, channels)
    if alphas and page.kind == "u":
        alpha, top = extra[..., alphas[0]], 2**bits - 1
        if page.extra[alphas[0]] == _UNASSOCIATED:
            channels, notes = _alpha_weighted(page, channels, alpha, top, notes)
        elif (alpha < top).any():  # the values are already multiplied by it
            notes = (*notes, ON_BLACK)
    ignored = len(page.extra) - len(alphas[:1])
    if ignored:
        notes = (*notes, f"channels that the file does not describe were left out: {ignored}")
    if channels.shape[2] == 1:
        return channels[..., 0], notes
    if page.kind != "u" or bits > 16:
        return _equal_channels(page, channels), notes
    values, colour_notes = grey_or_colour(channels, bits)
    return values, (*notes, *colour_notes)


def _alpha_weighted(
    page: Page, channels: Array, alpha: Array, top: int, notes: tuple[str, ...]
) -> tuple[Array, tuple[str, ...]]:
    """Channels with transparent parts black, and notes; where 0 is white, black is the highest value."""
    if page.photometric is Photometric.WHITE_IS_ZERO:
        weighted, alpha_notes = on_black(top - channels, alpha, top)
        return top - weighted, (*notes, *alpha_notes)
    weighted, alpha_notes = on_black(channels, alpha, top)
    return weighted, (*notes, *alpha_notes)


def _from_cmyk(page: Page, inks: Array) -> tuple[Array, tuple[str, ...]]:
    if page.kind != "u" or page.bits not in (8, 16):
        raise Unsupported(
            f"{page.path.name} has CMYK colour of {page.bits} bits, which is not supported.",
            "Save it as RGB.",
        )
    share = inks / (2**page.bits - 1)
    light = (1 - share[..., :3]) * (1 - share[..., 3:])
    colour = np.rint(light * (2**page.bits - 1)).astype(inks.dtype)
    return colour, (CMYK_NOTE,)


def _equal_channels(page: Page, channels: Array) -> Array:
    """Grey (rows, columns) of equal channels. Raises Unsupported for colour."""
    if (channels == channels[..., :1]).all():
        return channels[..., 0]
    type_name = {"u": "integers", "i": "signed integers", "f": "floating-point numbers"}[page.kind]
    raise Unsupported(
        f"{page.path.name} has colour of {page.bits}-bit {type_name}, which is not supported.",
        "Save it as RGB of 8 or 16 bits.",
    )


def _by_pillow(page: Page) -> tuple[Array, tuple[str, ...]]:
    """Slice values of a page that the libtiff in Pillow decodes and orients, and notes."""
    with page.path.open("rb") as stream, Image.open(stream, formats=("TIFF",)) as picture:
        picture.seek(page.number)
        picture.load()
        values, notes = values_of(picture)
        if picture.mode == "CMYK":
            notes = (*notes, CMYK_NOTE)
    # Pillow inverts 1 and 8 bits where 0 is white; here values stay as stored at every depth.
    return (255 - values if page.photometric is Photometric.WHITE_IS_ZERO else values), notes
