"""DICOM images: the header facts of a file, and a slice of each frame."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
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
    affine_at,
    affine_of,
    aspect_of,
    identity_of,
    label_of,
    orientation_letters_of,
    spacing_notes,
    spacing_of,
    text_of,
    warning_notes,
)
from core.readers.dicom_instance import instance_of
from core.readers.dicom_names import class_name
from core.readers.dicom_overlays import overlay_of
from core.readers.dicom_padding import padding_of
from core.readers.dicom_pixels import StoredFrame, stored_values
from core.readers.dicom_tiles import Tiles, tiles_of
from core.readers.dicom_values import ModalityValues, colour_values, has_palette, modality_values
from core.readers.instances import Instance
from core.readers.last_result import LastResultCache
from core.readers.protocol import SeriesEntry


def instance_in(path: Path, reader: str) -> Instance:
    """What the header says of the file and its frames. reader: the reader's name. Raises an InputError."""
    with decoding(path, "DICOM"):
        pixels = _pixel_data_of(open_dicom(path))
        return instance_of(pixels.file, pixels.form, reader)


def slice_and_identity(path: Path, frame: int) -> tuple[Slice, Identity]:
    """Frame `frame`, counted from 0; in a mosaic, tile `frame`. Raises Unreadable or another InputError."""
    with decoding(path, "DICOM"):
        pixels = _opened(path)
        dataset = pixels.file.dataset
        tiles = tiles_of(dataset, pixels.form.rows, pixels.form.columns)
        frames = tiles.count if tiles is not None else pixels.form.frames
        if not 0 <= frame < frames:
            raise Unreadable(f"{path.name} has {frames} frames, so no frame {frame}.")
        number = 0 if tiles is not None else frame
        image = _slice(pixels.file, number, stored_values(pixels, number))
        return image if tiles is None else _tile(image, dataset, tiles, frame), identity_of(dataset)


def palette_indices(entry: SeriesEntry, frame: int) -> Array | None:
    """(rows, columns) of the frame as palette indices; None for a frame without palette.

    Raises an InputError, as `slice_and_identity` does.
    """
    source = entry.source(frame)
    with decoding(source.path, "DICOM"):
        pixels = _opened(source.path)
        if pixels.form.photometric != PALETTE:
            return None
        return stored_values(pixels, source.frame).values


def _opened(path: Path) -> PixelData:
    """The header of a file; that of the last one is kept, as parsing many frames' facts takes long."""
    state = path.stat()
    return _last_opened(path, state.st_mtime_ns, state.st_size)


_last_opened: LastResultCache[PixelData] = LastResultCache(
    lambda path, changed_ns, size: _pixel_data_of(open_dicom(path))
)


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


def _tile(mosaic: Slice, dataset: Dataset, tiles: Tiles, tile: int) -> Slice:
    """One tile of a mosaic, with its own position."""
    position = tiles.positions[tile] if tiles.positions is not None else None
    padding = tiles.cut(mosaic.padding, tile) if mosaic.padding is not None else None
    return replace(
        mosaic,
        values=tiles.cut(mosaic.values, tile),
        affine_lps_mm=affine_at(FrameHeader(dataset, 0), position),
        padding=padding if padding is not None and padding.any() else None,
        overlay=tiles.cut(mosaic.overlay, tile) if mosaic.overlay is not None else None,
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
