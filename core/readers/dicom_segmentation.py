"""DICOM segmentations (PS3.3 A.51): which segment each frame shows, and where it lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset

from core.arrays import Array
from core.images.mask import MaskLabel
from core.readers.decoding import decoding
from core.readers.dicom_file import open_dicom
from core.readers.dicom_frames import PixelData, pixel_data_of
from core.readers.dicom_headers import FrameHeader, affine_of, as_numbers, label_of, text_of
from core.readers.dicom_pixels import stored_values

# Segmentation Storage and Label Map Segmentation Storage.
_CLASSES = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")


@dataclass(frozen=True, slots=True)
class LabelFrame:
    """A frame of a mask: codes (rows, columns), 0 for nothing and k for the k-th label; its affine (4, 4)."""

    codes: Array
    affine_lps_mm: Array | None


def segmentation_of(path: Path) -> tuple[tuple[MaskLabel, ...], list[LabelFrame]] | None:
    """The segments by number, and all frames of a DICOM segmentation; None for any other DICOM file.

    Of fractional segments the part that is at least half of the highest fraction is marked. Raises an
    InputError if the file cannot be read.
    """
    with decoding(path, "DICOM"):
        file = open_dicom(path)
        if text_of(file.dataset, "SOPClassUID") not in _CLASSES:
            return None
        segments = _segments(file.dataset)
        return segments, list(_frames(file.dataset, pixel_data_of(file), segments))


def codes_of(region: Array, code: int, label_count: int) -> Array:
    """(rows, columns): `code` where `region` is marked, else 0, in the smallest type that holds all codes."""
    return np.where(region, code, 0).astype(np.uint8 if label_count < 256 else np.uint16)


def _segments(header: Dataset) -> tuple[MaskLabel, ...]:
    names: dict[float, str] = {}
    for segment in header.get("SegmentSequence") or ():
        for number in as_numbers(segment.get("SegmentNumber"))[:1]:
            names[number] = label_of(segment, "SegmentLabel")
    numbers = sorted(number for number in names if number > 0)
    return tuple(MaskLabel(value=number, name=names[number]) for number in numbers) or (MaskLabel(value=1),)


def _frames(header: Dataset, pixels: PixelData, segments: tuple[MaskLabel, ...]) -> Iterator[LabelFrame]:
    code_of = {segment.value: code for code, segment in enumerate(segments, 1)}
    fractions = as_numbers(header.get("MaximumFractionalValue"))
    half = fractions[0] / 2 if fractions and text_of(header, "SegmentationType") == "FRACTIONAL" else 0.5
    for number in range(pixels.form.frames):
        values = stored_values(pixels, number).values
        frame_header = FrameHeader(header, number)
        segment = as_numbers(frame_header.value("ReferencedSegmentNumber", "SegmentIdentificationSequence"))
        if segment:
            codes = codes_of(values >= half, code_of.get(segment[0], 1), len(segments))
        else:  # a label map: the values are the numbers of the segments
            codes = codes_of(values > 0, 1, len(segments))
            for value, code in code_of.items():
                codes[values == value] = code
        yield LabelFrame(codes, affine_of(frame_header))
