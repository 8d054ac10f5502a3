"""DICOM images: the entry of a file, and a slice of each frame."""

from pathlib import Path

import numpy as np
from pydicom.uid import MediaStorageDirectoryStorage

from core.arrays import Array
from core.errors import NoImages, Unreadable
from core.images.slice import Identity, Slice, Window
from core.images.windowing import EIGHT_BIT
from core.readers.decoding import decoding
from core.readers.dicom_display import is_inverted, tables_of, windows_of
from core.readers.dicom_file import Opened, opened
from core.readers.dicom_format import PALETTE
from core.readers.dicom_frames import Pixels, located
from core.readers.dicom_headers import (
    FrameHeader,
    affine_of,
    aspect_of,
    identity_of,
    label_of,
    spacing_notes,
    spacing_of,
    text_of,
    title_of,
)
from core.readers.dicom_names import class_name
from core.readers.dicom_padding import padding_of
from core.readers.dicom_pixels import Stored, stored_values
from core.readers.dicom_values import Scaled, colour_values, has_palette, modality_values
from core.readers.protocol import SeriesEntry


def entry_of(path: Path, reader: str) -> SeriesEntry:
    """What the file holds, from its header. reader: the name of the reader. Raises an InputError."""
    with decoding(path, "DICOM"):
        pixels = _image_of(opened(path))
    dataset = pixels.file.dataset
    return SeriesEntry(
        path=path,
        reader=reader,
        title=title_of(dataset),
        modality=label_of(dataset, "Modality"),
        frames=pixels.form.frames,
        rows=pixels.form.rows,
        columns=pixels.form.columns,
    )


def slice_and_identity(path: Path, frame: int) -> tuple[Slice, Identity]:
    """Frame `frame`, counted from 0. Raises Unreadable or another InputError."""
    with decoding(path, "DICOM"):
        pixels = _image_of(opened(path))
        if not 0 <= frame < pixels.form.frames:
            raise Unreadable(f"{path.name} has {pixels.form.frames} frames, so no frame {frame}.")
        image = _slice(pixels.file, frame, stored_values(pixels, frame))
        return image, identity_of(pixels.file.dataset)


def palette_indices(entry: SeriesEntry, frame: int) -> Array | None:
    """(rows, columns) of the frame as indices of its palette; None without one. Raises as reading it does."""
    with decoding(entry.path, "DICOM"):
        pixels = _image_of(opened(entry.path))
        if pixels.form.photometric != PALETTE:
            return None
        return stored_values(pixels, frame).values


def _image_of(file: Opened) -> Pixels:
    """The pixels of the file. Raises NoImages, Unreadable, Unsupported, Truncated or Refused."""
    dataset, name = file.dataset, file.path.name
    kind = text_of(dataset, "SOPClassUID") or text_of(dataset.file_meta, "MediaStorageSOPClassUID")
    if kind == MediaStorageDirectoryStorage or "DirectoryRecordSequence" in dataset:
        raise NoImages(
            f"{name} is a DICOMDIR, a list of files and no image.", "Open the folder that holds it."
        )
    if file.pixels is None:
        if file.is_cut_off:
            raise Unreadable(
                f"{name} cannot be read: an element of its header goes on beyond the end of the file.",
                "It is cut off or damaged; copy or export it again.",
            )
        if not kind and "Rows" not in dataset:
            raise Unreadable(f"{name} is no DICOM file, or one cut off in its header.")
        what = class_name(kind) if kind else "DICOM"
        raise NoImages(f"{name} holds no pixel data ({what}).", "Open an image of the study.")
    return located(file)


def _slice(file: Opened, frame: int, stored: Stored) -> Slice:
    header = FrameHeader(file.dataset, frame)
    windows: tuple[Window, ...] = ()
    if stored.form.is_grey:
        scaled = modality_values(header, stored, file.little)
        windows, notes = _windows(header, stored, scaled, file.little)
    elif stored.form.photometric == PALETTE and not has_palette(file.dataset):
        raise Unreadable(
            f"{file.path.name} holds indices of a palette, but no whole palette.",
            "Export it again from its source.",
        )
    else:
        scaled, notes = colour_values(file.dataset, stored, file.little), ()
    spacing, source = spacing_of(header)
    return Slice(
        values=scaled.values,
        modality=label_of(header.dataset, "Modality"),
        unit=scaled.unit,
        windows=windows,
        inverted=is_inverted(file.dataset, stored.form.photometric),
        spacing_mm=spacing,
        spacing_source=source,
        affine_lps_mm=affine_of(header),
        notes=(*stored.form.notes, *scaled.notes, *notes, *spacing_notes(header)),
        padding=padding_of(file.dataset, stored, file.little),
        stated_aspect=aspect_of(file.dataset) if spacing is None else None,
    )


def _windows(
    header: FrameHeader, stored: Stored, scaled: Scaled, little: bool
) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    windows, notes = windows_of(header)
    tables, table_notes = tables_of(header, scaled.may_be_negative, little)
    drawn = scaled.values is stored.values and stored.values.dtype == np.uint8 and stored.form.stored == 8
    return windows + tables or ((EIGHT_BIT,) if drawn else ()), notes + table_notes
