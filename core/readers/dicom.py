"""DICOM: single files, one frame or many."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, final

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID, MediaStorageDirectoryStorage

from core.arrays import Array
from core.errors import NoImages, Truncated, Unreadable, Unsupported
from core.images.slice import Identity, Slice, Window
from core.images.windowing import EIGHT_BIT
from core.readers.decoding import decoding
from core.readers.dicom_headers import (
    FrameHeader,
    affine_of,
    as_numbers,
    identity_of,
    spacing_of,
    text_of,
    title_of,
    voi_lut_window,
    windows_of,
)
from core.readers.dicom_pixels import Opened, opened, stored_values
from core.readers.dicom_values import Scaled, colour_values, modality_values
from core.readers.protocol import SeriesEntry, require_size

_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT")


@final
class DicomReader:
    """DICOM files with or without their preamble, in every transfer syntax a permitted decoder reads."""

    name: ClassVar[str] = "DICOM"
    suffixes: ClassVar[tuple[str, ...]] = (".dcm", ".dicom")

    def claims(self, head: bytes, path: Path) -> bool:
        return head[128:132] == b"DICM" or _starts_with_an_element(head)

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        with decoding(path, "DICOM"):
            yield _entry(opened(path))

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        with decoding(entry.path, "DICOM"):
            file = opened(entry.path)
            checked = _entry(file)
            if not 0 <= frame < checked.frames:
                raise Unreadable(f"{entry.path.name} has {checked.frames} frames, so no frame {frame}.")
            stored = stored_values(file, frame)
            return _slice(FrameHeader(file.dataset, frame), stored), identity_of(file.dataset)


def _starts_with_an_element(head: bytes) -> bool:
    """Files without preamble start with group 2 or 8, in an order that no other format shares."""
    group, element, length = (int.from_bytes(head[at:end], "little") for at, end in ((0, 2), (2, 4), (4, 8)))
    if len(head) < 16:
        return False
    explicit = head[4:6].isalpha() and head[4:6].isupper()
    if group in (0x0002, 0x0008):
        return element < 0x0100 and (explicit or length < 256)
    return group in (0x0200, 0x0800) and explicit


def _entry(file: Opened) -> SeriesEntry:
    """The file as an entry. Raises NoImages, Unreadable, Unsupported or Refused if it is none."""
    dataset, name = file.dataset, file.path.name
    kind = text_of(dataset, "SOPClassUID") or text_of(dataset.file_meta, "MediaStorageSOPClassUID")
    if kind == MediaStorageDirectoryStorage or "DirectoryRecordSequence" in dataset:
        raise NoImages(
            f"{name} is a DICOMDIR, a list of files and no image.", "Open the folder that holds it."
        )
    if not file.pixel_bytes:
        if not kind and "Rows" not in dataset:
            raise Unreadable(f"{name} is no DICOM file, or one cut off in its header.")
        raise NoImages(
            f"{name} holds no pixel data ({UID(kind).name or 'DICOM'}).", "Open an image of the study."
        )
    rows, columns, frames = (_count(file, keyword) for keyword in ("Rows", "Columns", "NumberOfFrames"))
    require_size(file.path, rows, columns)
    _require_known_colours(file)
    _require_all_pixels(file, rows * columns * frames, frames)
    return SeriesEntry(
        path=file.path,
        reader=DicomReader.name,
        title=title_of(dataset),
        modality=text_of(dataset, "Modality"),
        frames=frames,
        rows=rows,
        columns=columns,
    )


def _count(file: Opened, keyword: str) -> int:
    """A positive whole number; one frame is meant where their number is not given."""
    value = file.dataset.get(keyword)
    if value is None and keyword == "NumberOfFrames":
        return 1
    found = as_numbers(value)
    if len(found) != 1 or found[0] < 1 or not found[0].is_integer():
        raise Unreadable(
            f"{file.path.name} gives {keyword} as {str(value)[:40]!r}, which is no positive whole number.",
            "Export the file again from its source.",
        )
    return int(found[0])


def _photometric(dataset: Dataset) -> str:
    # ACR-NEMA, from before DICOM, knows no element for it; there, 0 is black.
    return text_of(dataset, "PhotometricInterpretation") or "MONOCHROME2"


def _require_known_colours(file: Opened) -> None:
    photometric = _photometric(file.dataset)
    if photometric not in _GREY + _COLOUR:
        raise Unsupported(f"{file.path.name} is in the colour space {photometric!r}.", "Save it as RGB.")


def _require_all_pixels(file: Opened, samples: int, frames: int) -> None:
    """Raises Truncated if the file is shorter than its image, or may be."""
    bits = as_numbers(file.dataset.get("BitsAllocated"))
    channels = as_numbers(file.dataset.get("SamplesPerPixel")) or (1.0,)
    # Every other chroma sample is left out in 4:2:2.
    share = 2 / 3 if _photometric(file.dataset) == "YBR_FULL_422" else 1
    wanted = int(samples * (bits or (8.0,))[0] * channels[0] * share / 8)
    # Frames may lie in any number of fragments: without the end mark, some may be missing.
    whole = (file.closed or frames == 1) if file.syntax.is_encapsulated else file.pixel_bytes >= wanted
    if not whole:
        raise Truncated(
            f"{file.path.name} ends before its {frames} frames do, or before their end mark.",
            "Copy or download the file again.",
        )


def _slice(header: FrameHeader, stored: Array) -> Slice:
    photometric = _photometric(header.dataset)
    grey = photometric in _GREY and stored.ndim == 2
    scaled = modality_values(header, stored) if grey else colour_values(header.dataset, stored, photometric)
    spacing, source = spacing_of(header)
    return Slice(
        values=scaled.values,
        modality=text_of(header.dataset, "Modality"),
        unit=scaled.unit,
        windows=_windows(header, stored, scaled) if grey else (),
        inverted=photometric == "MONOCHROME1",
        spacing_mm=spacing,
        spacing_source=source,
        affine_lps_mm=affine_of(header),
        notes=scaled.notes,
    )


def _windows(header: FrameHeader, stored: Array, scaled: Scaled) -> tuple[Window, ...]:
    table = voi_lut_window(header.dataset)
    proposals = windows_of(header) + ((table,) if table else ())
    drawn = scaled.values is stored and stored.dtype == np.uint8 and header.dataset.get("BitsStored") == 8
    return proposals or ((EIGHT_BIT,) if drawn else ())
