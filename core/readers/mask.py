"""Masks: which pixels of a file are marked, in any format.

In this order: varying transparency decides, whatever the colours are; with a palette the index
decides, and 0 is the background; otherwise the values do, of a colour picture each pixel's highest channel.
Their meaning is defined in `core.readers.mask_levels`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from core.arrays import Array
from core.errors import InputError
from core.images.mask import Mask, MaskLabel, label_notes
from core.images.slice import Slice
from core.readers.decoding import decoding
from core.readers.dicom import DicomReader
from core.readers.dicom_image import palette_indices
from core.readers.index import read, reader_named
from core.readers.mask_levels import Levels, has_two_tones, levels_of, region_of
from core.readers.nifti import NiftiReader
from core.readers.protocol import SeriesEntry
from core.readers.volume_cache import KEPT_VOLUMES, FileStates, KeptKey, file_states

_FORMATS = ("PNG", "JPEG", "BMP", "TIFF")
_PALETTE_MODES = ("P", "PA")
# Pillow's names for compressions that change pixels.
_LOSSY = ("jpeg", "tiff_jpeg", "webp")
INVERTED_NOTE = "The mask is stored with low values shown bright; its bright part is the region."
NEGATIVE_NOTE = "The mask has the values 0 and a negative one, which marks the region."
WHITE_BACKGROUND_NOTE = "No pixel of the mask is black; its background is white."
OPAQUE_NOTE = "The region of the mask is where it is not transparent."


@dataclass(frozen=True, slots=True)
class _PictureChannels:
    """Alpha channel and palette of a picture file.

    alpha: (rows, columns) uint8, None where there is none or it is constant. colours: (rows, columns, 3)
    where the picture is equally transparent everywhere, which means nothing. indices: (rows, columns) of a
    palette, with notes on it. is_lossy: the compression changes pixels.
    """

    alpha: Array | None = None
    colours: Array | None = None
    indices: Array | None = None
    notes: tuple[str, ...] = ()
    is_lossy: bool = False


def read_mask(entry: SeriesEntry, frame: int, labels: Collection[float] = ()) -> Mask:
    """Frame `frame` of a mask file, counted from 0, with the labels of its volume.

    labels: only these; all of them by default, and where the mask has no labels. Raises an InputError, as
    `read` does.
    """
    _, mask, codes = _read(entry, frame)
    every = [label.value for label in mask.labels]
    if not labels or len(every) < 2:
        return mask
    notes = [note for note in mask.notes if note not in label_notes(every)]
    region = mask.region & np.isin(codes, list(labels))
    return replace(mask, region=region, notes=(*notes, *label_notes(every, labels)))


def read_image_and_mask(entry: SeriesEntry, frame: int) -> tuple[Slice, Mask]:
    """Frame `frame` of a mask file, counted from 0, as an image and as a mask. Raises as `read_mask`."""
    return _read(entry, frame)[:2]


def _read(entry: SeriesEntry, frame: int) -> tuple[Slice, Mask, Array]:
    """The frame as an image, as a mask, and the values (rows, columns) that are the mask's labels."""
    image, _ = read(entry, frame)
    is_picture = reader_named(entry.reader).is_picture
    channels = _picture_channels(entry, frame) if is_picture else _palette_channels(entry, frame)
    codes, labels = image.values, tuple[MaskLabel, ...]()
    if channels.alpha is not None and channels.alpha.shape == image.shape:
        region, notes = _opaque_region(channels.alpha)  # the note of the picture is about its display
    elif channels.indices is not None and channels.indices.shape == image.shape:
        codes, region = channels.indices, channels.indices > 0
        values = np.unique(channels.indices[region]).tolist()
        labels = tuple(MaskLabel(value=value) for value in values)
        notes = (*channels.notes, *label_notes(values), *_file_notes(image))
    elif channels.colours is not None and channels.colours.shape[:2] == image.shape:
        region, notes, _ = _region_by_values(entry, frame, Slice(channels.colours), channels.is_lossy)
    else:
        region, notes, labels = _region_by_values(entry, frame, image, channels.is_lossy)
        notes = (*notes, *_file_notes(image))
    return image, Mask(region, image.affine_lps_mm, image.spacing_mm, notes, labels), codes


def labels_in(entry: SeriesEntry, frame: int) -> tuple[MaskLabel, ...]:
    """The labels of the volume of frame `frame`, sorted; one where its values are not labels.

    Raises an InputError, as `read` does.
    """
    image = read(entry, frame)[0]
    return _labels(image, _levels(entry, frame, image), is_lossy=False) or (MaskLabel(value=1),)


def _labels(image: Slice, levels: Levels, is_lossy: bool) -> tuple[MaskLabel, ...]:
    """The labels of a mask of these levels, sorted; empty where its values are not labels."""
    are_labels = not (
        image.is_colour
        or levels.are_negative_flags
        or levels.are_two_greys
        or levels.have_soft_edges(is_lossy)
        or levels.has_fractions
    )
    return tuple(MaskLabel(value=value) for value in levels.labels) if are_labels else ()


def _file_notes(image: Slice) -> tuple[str, ...]:
    """The reader's own notes as sentences."""
    return tuple(f"The mask's file: {note.rstrip('.')}." for note in image.notes)


def _palette_channels(entry: SeriesEntry, frame: int) -> _PictureChannels:
    """The palette of a DICOM file; other formats that are not pictures have none."""
    indices = palette_indices(entry, frame) if entry.reader == DicomReader.name else None
    return _PictureChannels(indices=indices)


def _picture_channels(entry: SeriesEntry, frame: int) -> _PictureChannels:
    """Those of a picture; empty where Pillow cannot open a file that another decoder read."""
    try:
        with (
            decoding(entry.path, "a picture"),
            entry.path.open("rb") as stream,
            Image.open(stream, formats=_FORMATS) as picture,
        ):
            if entry.frames > 1:
                picture.seek(frame)
            is_lossy = picture.format == "JPEG" or str(picture.info.get("compression")) in _LOSSY
            picture.load()
            return _channels_of(ImageOps.exif_transpose(picture), is_lossy)
    except InputError:
        return _PictureChannels()


def _channels_of(picture: Image.Image, is_lossy: bool) -> _PictureChannels:
    alpha = _alpha(picture)
    if alpha is not None and np.ptp(alpha) > 0:
        return _PictureChannels(alpha=alpha, is_lossy=is_lossy)
    if (indices := _indices(picture)) is not None:
        return _PictureChannels(indices=indices, notes=_background_note(picture, indices), is_lossy=is_lossy)
    is_equally_transparent = alpha is not None and alpha.max() < 255
    return _PictureChannels(
        colours=np.array(picture.convert("RGBA").convert("RGB")) if is_equally_transparent else None,
        is_lossy=is_lossy,
    )


def _alpha(picture: Image.Image) -> Array | None:
    if not picture.has_transparency_data:
        return None
    return np.array(picture.convert("RGBA").getchannel("A"))


def _indices(picture: Image.Image) -> Array | None:
    """(rows, columns) palette indices; None without a palette, or where it is a grey ramp, not labels."""
    if picture.mode not in _PALETTE_MODES:
        return None
    indices = np.array(picture if picture.mode == "P" else picture.getchannel("P"))
    used, positions = np.unique(indices, return_index=True)
    shades = np.array(picture.convert("RGB")).reshape(-1, 3)[positions].astype(int)
    is_grey = bool((shades == shades[:, :1]).all())
    is_ramp = (
        is_grey and len(used) > 2 and used[0] == 0 == shades[0, 0] and bool((np.diff(shades[:, 0]) > 0).all())
    )
    return None if is_ramp else indices


def _background_note(picture: Image.Image, indices: Array) -> tuple[str, ...]:
    """A note on a background that is not black: programs number colours in any order."""
    row, column = np.unravel_index(int(indices.argmin()), indices.shape)
    colour = picture.convert("RGB").getpixel((int(column), int(row)))
    if indices.min() > 0 or not isinstance(colour, tuple) or not any(colour):
        return ()
    colour_name = "white" if set(colour) == {255} else f"the colour {', '.join(map(str, colour))}"
    return (f"The background of the mask is index 0 of its palette, which is {colour_name}.",)


def _opaque_region(alpha: Array) -> tuple[Array, tuple[str, ...]]:
    """Where a picture is at least half as opaque as at its most opaque pixel."""
    highest = int(alpha.max())
    has_grades = highest < 255 or not np.isin(alpha, (0, highest)).all()
    note = f"The region of the mask is where its opacity is at least half of the highest, {highest} of 255."
    return 2 * alpha.astype(int) >= highest, (note if has_grades else OPAQUE_NOTE,)


def _region_by_values(
    entry: SeriesEntry, frame: int, image: Slice, is_lossy: bool
) -> tuple[Array, tuple[str, ...], tuple[MaskLabel, ...]]:
    image, background_notes = _on_black(image)
    values = _brightness(image)
    levels = _levels(entry, frame, image)
    has_soft_edges = levels.have_soft_edges(is_lossy)
    region = region_of(values, levels, is_lossy, image.inverted)
    padded = 0 if image.padding is None else int(image.padding.sum())
    not_finite = int(values.size - np.isfinite(values).sum()) - padded
    note = (f"{not_finite} pixels of the mask are NaN or infinite and do not belong to the region.",)
    notes = (
        *background_notes,
        *_interpretation_notes(image, levels, has_soft_edges),
        *(note if not_finite else ()),
    )
    return region, notes, _labels(image, levels, is_lossy)


def _interpretation_notes(image: Slice, levels: Levels, has_soft_edges: bool) -> tuple[str, ...]:
    """How the values were interpreted, where that is not obvious."""
    if levels.are_negative_flags:
        return (NEGATIVE_NOTE,)
    if image.inverted and has_two_tones(levels, has_soft_edges):
        return (INVERTED_NOTE,)
    if levels.are_two_greys:
        return (f"The mask holds {levels.lowest:g} and {levels.highest:g}; the brighter part is the region.",)
    if has_soft_edges:
        threshold, highest = levels.threshold(), levels.highest
        return (f"The mask has soft edges; its region is where it is at least {threshold:g} of {highest:g}.",)
    if not image.is_colour:
        return label_notes(levels.labels)
    colour_codes = image.values.astype(np.int64) @ (1, 256, 65536)
    colour_count = int(np.count_nonzero(np.unique(colour_codes)))
    return (f"The mask has {colour_count} colours beside its background; together they are the region.",) * (
        colour_count > 1
    )


def _levels(entry: SeriesEntry, frame: int, image: Slice) -> Levels:
    """The levels of the volume of frame `frame`, which is `image`, on black."""
    if entry.slices == 1:
        return levels_of([_brightness(image)])
    return _volume_levels(entry, frame // entry.slices)


def _volume_levels(entry: SeriesEntry, volume: int) -> Levels:
    """The levels of all slices of a volume: all are read either as soft edges or as labels."""
    key = KeptKey(Levels, (*entry.origin, volume))
    if (kept := KEPT_VOLUMES.get(key)) is not None:
        return kept
    states = mask_file_states(entry)
    first = volume * entry.slices
    levels = levels_of(
        _brightness(_on_black(read(entry, number)[0])[0]) for number in range(first, first + entry.slices)
    )
    KEPT_VOLUMES.keep(key, levels, states, levels.size_bytes)
    return levels


def mask_file_states(entry: SeriesEntry) -> FileStates:
    """The state of every file of a mask; take it before they are read. Raises an InputError."""
    if entry.reader != NiftiReader.name:
        return file_states(entry.paths)
    from core.readers.nifti_headers import open_nifti

    with decoding(entry.path, "NIfTI"):  # the voxels may be in a file of their own
        return file_states((entry.path, open_nifti(entry.path).data_path))


def _on_black(image: Slice) -> tuple[Slice, tuple[str, ...]]:
    """The image, inverted where it has colours on white: no pixel of it is black."""
    if not image.is_colour:
        return image, ()
    values = image.values
    darkest, is_white = int(values.max(axis=2).min()), (values.min(axis=2) == 255)
    if darkest < 128 or not is_white.any():  # JPEG leaves black not quite black
        return image, ()
    return replace(image, values=255 - values), (WHITE_BACKGROUND_NOTE,)


def _brightness(image: Slice) -> Array:
    """(rows, columns): the values, of colour each pixel's highest channel.

    NaN in padding, so that it is not marked and does not change the threshold.
    """
    values: Array = image.values if image.values.ndim == 2 else image.values.max(axis=2)
    return values if image.padding is None else np.where(image.padding, np.nan, values)
