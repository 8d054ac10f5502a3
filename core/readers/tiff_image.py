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
from core.readers.tiff_samples import UNPACKED, samples_of

_GREY = (Photometric.WHITE_IS_ZERO, Photometric.BLACK_IS_ZERO)
# Compressions of pictures rather than of bytes: unpacked by the libtiff in Pillow, with their colours.
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
        rows, columns = pages[0].shown_size
    return SeriesEntry(path=path, reader=reader, title="TIFF", frames=len(pages), rows=rows, columns=columns)


def slice_of(path: Path, frame: int) -> Slice:
    """Page `frame`, counted from 0. Raises Unreadable or another InputError."""
    with decoding(path, "a picture"):
        pages = pages_of(path)
        if not 0 <= frame < len(pages):
            raise Unreadable(f"{path.name} has {len(pages)} frames, so no frame {frame}.")
        return _slice(pages[frame])


def _require_readable(page: Page) -> None:
    """Raises Unsupported with the compression or colour in words."""
    name = page.path.name
    if page.compression not in (*UNPACKED, *_BY_PILLOW):
        known = _COMPRESSIONS.get(page.compression)
        words = f"{known} compression" if known else f"compression number {page.compression}"
        raise Unsupported(f"{name} is a TIFF in {words}, which is not read.", "Save it without compression.")
    if page.compression in _BY_PILLOW and page.bits not in (1, 8):
        raise Unsupported(
            f"{name} holds {page.bits}-bit samples in JPEG compression, which is not read.",
            "Save it without compression.",
        )
    of_colour = {Photometric.RGB: 3, Photometric.YCBCR: 3, Photometric.CMYK: 4}.get(page.photometric, 1)
    if page.samples < of_colour:
        raise Unreadable(
            f"{name} has {page.samples} samples in each pixel where its colour needs {of_colour}."
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
    """Slice values of samples (rows, columns, samples), not yet turned."""
    if page.photometric is Photometric.PALETTE:
        assert page.palette is not None
        return _with_extra(page, page.palette[samples[..., 0]] >> 8, samples[..., 1:], 8)
    bits = page.bits
    notes: tuple[str, ...] = ()
    if bits < 8:
        notes, samples, bits = spread_note(bits), spread(samples, bits), 8
    if samples.dtype == np.float16:
        samples = samples.astype(np.float32)  # exact, and whatever is computed from it stays so
    first_extra = page.samples - len(page.extra)
    values, more = _with_extra(page, samples[..., :first_extra], samples[..., first_extra:], bits)
    return values, (*notes, *more)


def _with_extra(page: Page, channels: Array, extra: Array, bits: int) -> tuple[Array, tuple[str, ...]]:
    """Grey or colour of the channels (rows, columns, 1, 3 or 4); an alpha among the extra ones is applied."""
    notes: tuple[str, ...] = ()
    alphas = [place for place, kind in enumerate(page.extra) if kind in (_ASSOCIATED, _UNASSOCIATED)]
    if page.photometric is Photometric.CMYK:
        channels, notes = _from_cmyk(page, channels)
    if alphas and page.kind == "u":
        alpha, top = extra[..., alphas[0]], 2**bits - 1
        if page.extra[alphas[0]] == _UNASSOCIATED:
            channels, notes = _weighed(page, channels, alpha, top, notes)
        elif (alpha < top).any():  # the values are weighed by it already
            notes = (*notes, ON_BLACK)
    left_out = len(page.extra) - len(alphas[:1])
    if left_out:
        notes = (*notes, f"channels that the file does not describe were left out: {left_out}")
    if channels.shape[2] == 1:
        return channels[..., 0], notes
    if page.kind != "u" or bits > 16:
        return _equal_channels(page, channels), notes
    values, more = grey_or_colour(channels, bits)
    return values, (*notes, *more)


def _weighed(
    page: Page, channels: Array, alpha: Array, top: int, notes: tuple[str, ...]
) -> tuple[Array, tuple[str, ...]]:
    """Transparent parts black; where 0 is white, black is the highest value."""
    if page.photometric is Photometric.WHITE_IS_ZERO:
        shown, told = on_black(top - channels, alpha, top)
        return top - shown, (*notes, *told)
    shown, told = on_black(channels, alpha, top)
    return shown, (*notes, *told)


def _from_cmyk(page: Page, inks: Array) -> tuple[Array, tuple[str, ...]]:
    if page.kind != "u" or page.bits not in (8, 16):
        raise Unsupported(f"{page.path.name} holds CMYK colour of {page.bits} bits.", "Save it as RGB.")
    share = inks / (2**page.bits - 1)
    light = (1 - share[..., :3]) * (1 - share[..., 3:])
    colour = np.rint(light * (2**page.bits - 1)).astype(inks.dtype)
    return colour, (CMYK_NOTE,)


def _equal_channels(page: Page, channels: Array) -> Array:
    """Grey that is stored as red, green and blue of a type that no colour is shown in."""
    if (channels == channels[..., :1]).all():
        return channels[..., 0]
    form = {"u": "integers", "i": "signed integers", "f": "floating-point numbers"}[page.kind]
    raise Unsupported(
        f"{page.path.name} holds colour of {page.bits}-bit {form}, which is not read.",
        "Save it as RGB of 8 or 16 bits.",
    )


def _by_pillow(page: Page) -> tuple[Array, tuple[str, ...]]:
    """Slice values of a page that the libtiff in Pillow decodes; it turns the page by itself."""
    with page.path.open("rb") as stream, Image.open(stream, formats=("TIFF",)) as picture:
        picture.seek(page.number)
        picture.load()
        values, notes = values_of(picture)
        if picture.mode == "CMYK":
            notes = (*notes, CMYK_NOTE)
    # Pillow reverses 1 and 8 bits where 0 is white; the rule for all depths is the values as stored.
    return (255 - values if page.photometric is Photometric.WHITE_IS_ZERO else values), notes
