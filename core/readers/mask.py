"""Masks: which pixels of a file are marked, whatever form the file has.

In this order: transparency that varies decides alone, whatever the colours are; of a palette the index
decides, and 0 is the background; else the numbers do, of a colour picture each pixel's highest channel. What
they mean is said in `core.readers.mask_levels`.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageOps

from core.arrays import Array
from core.errors import InputError
from core.images.mask import Mask
from core.images.slice import Slice
from core.readers.decoding import decoding
from core.readers.dicom import DicomReader
from core.readers.dicom_image import palette_indices
from core.readers.index import read, reader_named
from core.readers.mask_levels import Levels, is_two_toned, levels_of, region_of
from core.readers.protocol import SeriesEntry

_FORMATS = ("PNG", "JPEG", "BMP", "TIFF")
_PALETTE_MODES = ("P", "PA")
# Pillow's names for compressions that change pixels.
_LOSSY = ("jpeg", "tiff_jpeg", "webp")
# More labels than these are counted and not listed.
SHOWN_LABELS = 8
INVERTED = "The mask is stored with low values shown bright; its bright part is the region."
BELOW_0 = "The mask holds 0 and one number below it, which is the region."
WHITE_AROUND = "No pixel of the mask is black; its background is white."
CLEAR = "The region of the mask is where it is not transparent."


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a picture file says beside its colours.

    alpha: (rows, columns) uint8, None where it has none or the same everywhere. colours: (rows,
    columns, 3) where all of the picture is transparent alike, which says nothing. indices: (rows, columns) of
    a palette, and notes on it. lossy: the compression changes pixels.
    """

    alpha: Array | None = None
    colours: Array | None = None
    indices: Array | None = None
    notes: tuple[str, ...] = ()
    lossy: bool = False


def read_mask(entry: SeriesEntry, frame: int) -> Mask:
    """Frame `frame` of a mask file, counted from 0. Raises an InputError as `read` does."""
    image, _ = read(entry, frame)
    is_picture = reader_named(entry.reader).is_picture
    drawn = _drawn(entry, frame) if is_picture else _drawn_in_dicom(entry, frame)
    if drawn.alpha is not None and drawn.alpha.shape == image.shape:
        region, notes = _opaque(drawn.alpha)  # the picture's note on it says what is shown, not what is read
    elif drawn.indices is not None and drawn.indices.shape == image.shape:
        region = drawn.indices > 0
        labels = label_notes(np.unique(drawn.indices[region]).tolist())
        notes = (*drawn.notes, *labels, *_of_the_file(image))
    elif drawn.colours is not None and drawn.colours.shape[:2] == image.shape:
        region, notes = _by_numbers(entry, frame, Slice(drawn.colours), drawn.lossy)
    else:
        region, notes = _by_numbers(entry, frame, image, drawn.lossy)
        notes = (*notes, *_of_the_file(image))
    return Mask(region, image.affine_lps_mm, image.spacing_mm, notes)


def label_notes(labels: list[float]) -> tuple[str, ...]:
    """A sentence that names several labels; nothing of a single one."""
    if len(labels) < 2:
        return ()
    shown = [f"{label:g}" for label in labels]
    words = f"{', '.join(shown[:-1])} and {shown[-1]}"
    if len(shown) > SHOWN_LABELS:
        words = f"{', '.join(shown[:SHOWN_LABELS])} and {len(shown) - SHOWN_LABELS} more"
    return (f"The mask has the labels {words}; together they are the region.",)


def _of_the_file(image: Slice) -> tuple[str, ...]:
    """The reader's own notes as sentences."""
    return tuple(f"The mask's file: {note.rstrip('.')}." for note in image.notes)


def _drawn_in_dicom(entry: SeriesEntry, frame: int) -> _Drawn:
    """The palette of a DICOM file; other formats that are not pictures have none."""
    indices = palette_indices(entry, frame) if entry.reader == DicomReader.name else None
    return _Drawn(indices=indices)


def _drawn(entry: SeriesEntry, frame: int) -> _Drawn:
    """Transparency and palette of a picture; nothing where Pillow cannot open what another decoder read."""
    try:
        with (
            decoding(entry.path, "a picture"),
            entry.path.open("rb") as stream,
            Image.open(stream, formats=_FORMATS) as picture,
        ):
            if entry.frames > 1:
                picture.seek(frame)
            lossy = picture.format == "JPEG" or str(picture.info.get("compression")) in _LOSSY
            picture.load()
            return _of_picture(ImageOps.exif_transpose(picture), lossy)
    except InputError:
        return _Drawn()


def _of_picture(picture: Image.Image, lossy: bool) -> _Drawn:
    alpha = _alpha(picture)
    if alpha is not None and np.ptp(alpha) > 0:
        return _Drawn(alpha=alpha, lossy=lossy)
    if (indices := _indices(picture)) is not None:
        return _Drawn(indices=indices, notes=_background_note(picture, indices), lossy=lossy)
    alike = alpha is not None and alpha.max() < 255
    return _Drawn(colours=np.array(picture.convert("RGBA").convert("RGB")) if alike else None, lossy=lossy)


def _alpha(picture: Image.Image) -> Array | None:
    if not picture.has_transparency_data:
        return None
    return np.array(picture.convert("RGBA").getchannel("A"))


def _indices(picture: Image.Image) -> Array | None:
    """(rows, columns) of the palette; None without one, or where it is a ramp of grey, no list of labels."""
    if picture.mode not in _PALETTE_MODES:
        return None
    indices = np.array(picture if picture.mode == "P" else picture.getchannel("P"))
    used, places = np.unique(indices, return_index=True)
    shades = np.array(picture.convert("RGB")).reshape(-1, 3)[places].astype(int)
    grey = bool((shades == shades[:, :1]).all())
    ramp = grey and len(used) > 2 and used[0] == 0 == shades[0, 0] and bool((np.diff(shades[:, 0]) > 0).all())
    return None if ramp else indices


def _background_note(picture: Image.Image, indices: Array) -> tuple[str, ...]:
    """Which colour the background has, where that is not black: programs number colours in any order."""
    row, column = np.unravel_index(int(indices.argmin()), indices.shape)
    colour = picture.convert("RGB").getpixel((int(column), int(row)))
    if indices.min() > 0 or not isinstance(colour, tuple) or not any(colour):
        return ()
    words = "white" if set(colour) == {255} else f"the colour {', '.join(map(str, colour))}"
    return (f"The background of the mask is index 0 of its palette, which is {words}.",)


def _opaque(alpha: Array) -> tuple[Array, tuple[str, ...]]:
    """Where a picture is at least half as opaque as at its most opaque place."""
    most = int(alpha.max())
    graded = most < 255 or not np.isin(alpha, (0, most)).all()
    half = f"The region of the mask is where its opacity is at least half of the highest, {most} of 255."
    return 2 * alpha.astype(int) >= most, (half if graded else CLEAR,)


def _by_numbers(entry: SeriesEntry, frame: int, image: Slice, lossy: bool) -> tuple[Array, tuple[str, ...]]:
    slices = entry.frames // entry.volumes
    image, around = _on_black(image)
    values = _brightness(image)
    if slices == 1:
        levels = levels_of([values])
    else:
        levels = _volume_levels(entry, entry.path.stat().st_mtime_ns, frame // slices)
    soft = levels.are_soft(lossy)
    region = region_of(values, levels, lossy, image.inverted)
    padded = 0 if image.padding is None else int(image.padding.sum())
    unsound = int(values.size - np.isfinite(values).sum()) - padded
    unread = (f"{unsound} pixels of the mask are not finite numbers and do not belong to the region.",)
    return region, (*around, *_meaning(image, levels, soft), *(unread if unsound else ()))


def _meaning(image: Slice, levels: Levels, soft: bool) -> tuple[str, ...]:
    """How the numbers were understood, where that is not plain."""
    if levels.are_flags_below_0:
        return (BELOW_0,)
    if image.inverted and is_two_toned(levels, soft):
        return (INVERTED,)
    if levels.are_two_greys:
        return (f"The mask holds {levels.lowest:g} and {levels.highest:g}; the brighter part is the region.",)
    if soft:
        half, most = levels.threshold(), levels.highest
        return (f"The mask has soft edges; its region is where it is at least {half:g} of {most:g}.",)
    if not image.is_colour:
        return label_notes(levels.labels)
    packed = image.values.astype(np.int64) @ (1, 256, 65536)
    several = int(np.count_nonzero(np.unique(packed)))
    return (f"The mask has {several} colours beside its background; together they are the region.",) * (
        several > 1
    )


# A run asks for many slices of one mask; the time of the last change tells an edited file.
@lru_cache(maxsize=8)
def _volume_levels(entry: SeriesEntry, changed_ns: int, volume: int) -> Levels:
    """The levels of all slices of a volume: whether edges are soft is not to differ from slice to slice."""
    slices = entry.frames // entry.volumes
    first = volume * slices
    return levels_of(
        _brightness(_on_black(read(entry, number)[0])[0]) for number in range(first, first + slices)
    )


def _on_black(image: Slice) -> tuple[Slice, tuple[str, ...]]:
    """The image; reversed where it is drawn in colours on white, as no pixel of it is black."""
    if not image.is_colour:
        return image, ()
    values = image.values
    darkest, is_white = int(values.max(axis=2).min()), (values.min(axis=2) == 255)
    if darkest < 128 or not is_white.any():  # JPEG leaves black not quite black
        return image, ()
    return replace(image, values=255 - values), (WHITE_AROUND,)


def _brightness(image: Slice) -> Array:
    """(rows, columns): the values, of colour each pixel's highest channel.

    NaN in padding, so that it marks nothing and moves no threshold.
    """
    values: Array = image.values if image.values.ndim == 2 else image.values.max(axis=2)
    return values if image.padding is None else np.where(image.padding, np.nan, values)
