"""PNG, JPEG, BMP and TIFF, through Pillow."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, final

import numpy as np
from PIL import Image, ImageFile, ImageOps

from core.arrays import Array
from core.errors import Unreadable, Unsupported
from core.images.slice import Identity, Slice
from core.images.windowing import EIGHT_BIT
from core.readers.decoding import decoding
from core.readers.protocol import SeriesEntry, require_size

_FORMATS = ("PNG", "JPEG", "BMP", "TIFF")
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
# "BM" alone is too little: the size of its second header follows, and there are few of them.
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_GREY_MODES = ("L", "I", "F", "I;16", "I;16L", "I;16B")
# EXIF orientations 5 to 8 swap rows and columns.
_ORIENTATION_TAG, _SWAPPED = 0x0112, (5, 6, 7, 8)


@final
class PictureReader:
    """Pictures of one page. They say neither modality nor size in mm nor whose they are."""

    name: ClassVar[str] = "picture"
    suffixes: ClassVar[tuple[str, ...]] = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")

    def claims(self, head: bytes, path: Path) -> bool:
        bmp = head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS
        return bmp or head.startswith(_SIGNATURES)

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        with decoding(path, "a picture"), _opened(path) as picture:
            columns, rows = picture.size
            if picture.getexif().get(_ORIENTATION_TAG) in _SWAPPED:
                rows, columns = columns, rows
            yield SeriesEntry(
                path=path,
                reader=self.name,
                title=picture.format or "picture",
                frames=1,
                rows=rows,
                columns=columns,
            )

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        if frame != 0:
            raise Unreadable(f"{entry.path.name} has one frame, so no frame {frame}.")
        with decoding(entry.path, "a picture"), _opened(entry.path) as picture:
            deep = _is_deep(picture)
            values, notes = _values(ImageOps.exif_transpose(picture))
        if deep:
            notes = (*notes, "colour was reduced from 16 to 8 bits")
        windows = (EIGHT_BIT,) if values.dtype == np.uint8 else ()
        return Slice(values, windows=windows, notes=notes), Identity()


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture with its header read; the size is checked before pixels are decoded."""
    # Opened here, as Pillow leaves a file open that it finds to be damaged.
    with path.open("rb") as stream, Image.open(stream, formats=_FORMATS) as picture:
        columns, rows = picture.size
        require_size(path, rows, columns)
        if picture.format == "TIFF" and _has_second_page(picture):
            raise Unsupported(
                f"{path.name} is a TIFF of several pages.", "Save the page as a file of its own."
            )
        yield picture


def _is_deep(picture: Image.Image) -> bool:
    """Colour of 16 bits, which Pillow reduces to 8; seen in how it means to unpack the pixels."""
    tiles = picture.tile if isinstance(picture, ImageFile.ImageFile) else []
    return any(";16" in str(tile.args) for tile in tiles) and picture.mode not in _GREY_MODES


def _has_second_page(picture: Image.Image) -> bool:
    try:
        picture.seek(1)
    except EOFError:
        return False
    return True


def _values(picture: Image.Image) -> tuple[Array, tuple[str, ...]]:
    """(rows, columns) as stored, or (rows, columns, 3) uint8; grey in colour channels becomes grey."""
    if picture.mode == "1":
        return np.array(picture.convert("L")), ()
    if picture.mode in _GREY_MODES:
        values = np.array(picture)
        return values.astype(values.dtype.newbyteorder("=")), ()
    notes: tuple[str, ...] = ()
    if picture.has_transparency_data:
        picture, notes = _on_black(picture)
    colour = np.array(picture.convert("RGB"))
    red = colour[..., 0]
    if (red == colour[..., 1]).all() and (red == colour[..., 2]).all():
        return np.ascontiguousarray(red), notes
    return colour, notes


def _on_black(picture: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    layered = picture.convert("RGBA")
    if layered.getchannel("A").getextrema() == (255, 255):
        return layered, ()
    black = Image.new("RGBA", layered.size, (0, 0, 0, 255))
    return Image.alpha_composite(black, layered), ("transparent parts are shown on black",)
