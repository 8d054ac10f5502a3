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
from core.readers.dicom_file import DicomFile, open_dicom
from core.readers.dicom_format import PALETTE
from core.readers.dicom_frames import PixelData, pixel_data_of
from core.readers.dicom_headers import (
    FrameHeader,
    affine_of,
    aspect_of,
    identity_of,
    label_of,
    orientation_letters_of,
    spacing_notes,
    spacing_of,
    text_of,
    title_of,
    warning_notes,
)
from core.readers.dicom_names import class_name
from core.readers.dicom_overlays import overlay_of
from core.readers.dicom_padding import padding_of
from core.readers.dicom_pixels import StoredFrame, stored_values
from core.readers.dicom_values import ModalityValues, colour_values, has_palette, modality_values
from core.readers.protocol import SeriesEntry


def entry_of(path: Path, reader: str) -> SeriesEntry:
    """What the file holds, from its header. reader: the name of the reader. Raises an InputError."""
    with decoding(path, "DICOM"):
        pixels = _pixel_data_of(open_dicom(path))
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
        pixels = _pixel_data_of(open_dicom(path))
        if not 0 <= frame < pixels.form.frames:
            raise Unreadable(f"{path.name} has {pixels.form.frames} frames, so no frame {frame}.")
        image = _slice(pixels.file, frame, stored_values(pixels, frame))
        return image, identity_of(pixels.file.dataset)


def palette_indices(entry: SeriesEntry, frame: int) -> Array | None:
    """(rows, columns) of the frame as palette indices; None for a frame without palette.

    Raises an InputError, as `slice_and_identity` does.
    """
    with decoding(entry.path, "DICOM"):
        pixels = _pixel_data_of(open_dicom(entry.path))
        if pixels.form.photometric != PALETTE:
            return None
        return stored_values(pixels, frame).values


def _pixel_data_of(file: DicomFile) -> PixelData:
    """The pixels of the file. Raises NoImages, Unreadable, Unsupported, Truncated or Refused."""
    dataset, name = file.dataset, file.path.name
    class_uid = text_of(dataset, "SOPClassUID") or text_of(dataset.file_meta, "MediaStorageSOPClassUID")
    if class_uid == MediaStorageDirectoryStorage or "DirectoryRecordSequence" in dataset:
        raise NoImages(
            f"{name} is a DICOMDIR, a list of files, not an image.", "Open the folder that contains it."
        )
    if file.pixel_element is None:
        if file.is_cut_off:
            raise Unreadable(
                f"{name} cannot be read: an element of its header extends beyond the end of the file.",
                "It is truncated or damaged; copy or export it again.",
            )
        if not class_uid and "Rows" not in dataset:
            raise Unreadable(f"{name} is not a DICOM file, or one truncated in its header.")
        object_name = class_name(class_uid) if class_uid else "DICOM"
        raise NoImages(f"{name} has no pixel data ({object_name}).", "Open an image of the study.")
    return pixel_data_of(file)


def _slice(file: DicomFile, frame: int, stored: StoredFrame) -> Slice:
    header = FrameHeader(file.dataset, frame)
    windows: tuple[Window, ...] = ()
    if stored.form.is_grey:
        scaled = modality_values(header, stored, file.is_little_endian)
        windows, notes = _windows(header, stored, scaled, file.is_little_endian)
    elif stored.form.photometric == PALETTE and not has_palette(file.dataset):
        raise Unreadable(
            f"{file.path.name} holds palette indices, but no complete palette.",
            "Export it again from its source.",
        )
    else:
        scaled, notes = colour_values(file.dataset, stored, file.is_little_endian), ()
    spacing, source = spacing_of(header)
    overlay, overlay_notes = overlay_of(file.dataset, frame, scaled.values.shape[:2], file.is_little_endian)
    return Slice(
        values=scaled.values,
        modality=label_of(header.dataset, "Modality"),
        unit=scaled.unit,
        windows=windows,
        inverted=is_inverted(file.dataset, stored.form.photometric),
        spacing_mm=spacing,
        spacing_source=source,
        affine_lps_mm=affine_of(header),
        notes=(
            *stored.form.notes,
            *scaled.notes,
            *notes,
            *spacing_notes(header),
            *overlay_notes,
            *warning_notes(file.dataset),
        ),
        padding=padding_of(file.dataset, stored, file.is_little_endian),
        stated_aspect=aspect_of(file.dataset) if spacing is None else None,
        orientation_letters=orientation_letters_of(file.dataset),
        overlay=overlay,
    )


def _windows(
    header: FrameHeader, stored: StoredFrame, scaled: ModalityValues, is_little_endian: bool
) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    windows, notes = windows_of(header)
    tables, table_notes = tables_of(header, scaled.may_be_negative, is_little_endian)
    is_eight_bit = (
        scaled.values is stored.values and stored.values.dtype == np.uint8 and stored.form.stored == 8
    )
    return windows + tables or ((EIGHT_BIT,) if is_eight_bit else ()), notes + table_notes
