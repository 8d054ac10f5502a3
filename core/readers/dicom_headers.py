"""Geometry and identity in a DICOM header, and how its elements are read.

Any element may be wrong. In enhanced files a value may be in the frame's own functional group, in the
shared one, or at the top level; `FrameHeader` looks in this order (PS3.3 C.7.6.16).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag, Tag

from core.arrays import Array
from core.images.geometry import affine_lps_mm
from core.images.slice import Identity
from core.readers.dicom_names import class_name
from core.readers.instances import Point

# No detector has pixels this elongated: such a ratio is an error, and the image would be unrecognisable.
LARGEST_ASPECT = 100.0
# By PixelSpacingCalibrationType.
_CALIBRATIONS = {
    "GEOMETRY": "PixelSpacing was calculated for an assumed distance of the patient from the detector",
    "FIDUCIAL": "PixelSpacing was calibrated by an object of known size in the image",
}


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The header of one frame."""

    dataset: Dataset
    frame: int

    def numbers(self, keyword: str, count: int, macro: str = "") -> tuple[float, ...] | None:
        """`count` finite numbers, or None if the element is missing or anything else."""
        numbers = as_numbers(self.value(keyword, macro))
        return numbers if len(numbers) == count else None

    def value(self, keyword: str, macro: str = "") -> Any:
        """The element's value; `macro`: the sequence that contains it in enhanced files."""
        tag = _tag_of(keyword)
        return next((item[tag].value for item in self.items(macro) if tag in item), None)

    def items(self, macro: str) -> Iterator[Dataset]:
        """Where an element may be: the frame's macro, the shared one, the data set."""
        if macro:
            for groups, index in (
                ("PerFrameFunctionalGroupsSequence", self.frame),
                ("SharedFunctionalGroupsSequence", 0),
            ):
                group = item_of(self.dataset, groups, index)
                item = item_of(group, macro) if group is not None else None
                if item is not None:
                    yield item
        yield self.dataset


def item_of(dataset: Dataset, sequence: str, index: int = 0) -> Dataset | None:
    """One item of a sequence, None if there is none."""
    items = value_of(dataset, sequence)
    return items[index] if items is not None and index < len(items) else None


def value_of(dataset: Dataset, keyword: str) -> Any:
    """An element's value, None if it is missing; `Dataset.get` takes several times as long for these."""
    tag = _tag_of(keyword)
    return dataset[tag].value if tag in dataset else None


@cache
def _tag_of(keyword: str) -> BaseTag:
    """A look-up in the dictionary takes longer than one in a header, and there are many for each frame."""
    return Tag(keyword)


def as_numbers(value: Any) -> tuple[float, ...]:
    """The finite numbers of an element; empty if any part of it is not a finite number."""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    try:
        numbers = tuple(float(part) for part in parts)
    except (TypeError, ValueError):
        return ()
    return numbers if all(isfinite(number) for number in numbers) else ()


def text_of(dataset: Dataset, keyword: str) -> str:
    """An element as clean text of one line."""
    value = value_of(dataset, keyword)
    if value is None:
        return ""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    # Header text may contain anything, including lone surrogates, which JSON cannot encode.
    clean = "\\".join(str(part) for part in parts).encode("utf-8", "replace").decode()
    if clean.isprintable():
        return " ".join(clean.split())
    return " ".join("".join(letter if letter.isprintable() else " " for letter in clean).split())


def label_of(dataset: Dataset, keyword: str) -> str:
    """The text of an element that may be shown and stored; empty if it contains unprintable bytes.

    Where the length of an element is damaged, its text extends over the elements that follow, with the bytes
    between them and the patient's name.
    """
    return as_label(value_of(dataset, keyword))


def as_label(value: Any) -> str:
    """As `label_of`, from the value of an element."""
    if value is None:
        return ""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    texts = [" ".join(str(part).strip("\0").split()) for part in parts]
    return "\\".join(texts) if all(map(str.isprintable, texts)) else ""


def identity_of(dataset: Dataset) -> Identity:
    """Patient, study and institution."""
    return Identity(
        patient_name=text_of(dataset, "PatientName"),
        patient_id=text_of(dataset, "PatientID"),
        birth_date=text_of(dataset, "PatientBirthDate"),
        sex=text_of(dataset, "PatientSex"),
        age=text_of(dataset, "PatientAge"),
        study_date=text_of(dataset, "StudyDate"),
        accession=text_of(dataset, "AccessionNumber"),
        institution=text_of(dataset, "InstitutionName"),
        physician=text_of(dataset, "ReferringPhysicianName"),
        study_description=text_of(dataset, "StudyDescription"),
        series_description=text_of(dataset, "SeriesDescription"),
    )


def title_of(dataset: Dataset) -> str:
    """Modality, body part and series number; free text is left out, as it may name people."""
    number = as_numbers(value_of(dataset, "SeriesNumber"))
    series = f"series {number[0]:g}" if number else ""
    uid = text_of(dataset, "SOPClassUID")
    kind = label_of(dataset, "Modality") or (class_name(uid) if uid else "DICOM")
    return ", ".join(filter(None, (kind, label_of(dataset, "BodyPartExamined").lower(), series)))


def is_at_detector(header: FrameHeader) -> bool:
    """Whether PixelSpacing only repeats that of the detector of a projection (PS3.3 10.7.1.3)."""
    pixel, imager = (header.numbers(name, 2) for name in ("PixelSpacing", "ImagerPixelSpacing"))
    is_reconstructed = header.value("ImagePositionPatient", "PlanePositionSequence") is not None
    is_calibrated = bool(header.value("PixelSpacingCalibrationType"))
    return pixel is not None and pixel == imager and not (is_reconstructed or is_calibrated)


def spacing_of(header: FrameHeader) -> tuple[tuple[float, float] | None, str]:
    """(between rows, between columns) in mm and the element it comes from; None without a plausible one."""
    for keyword, macro in (
        ("PixelSpacing", "PixelMeasuresSequence"),
        ("ImagerPixelSpacing", ""),
        ("NominalScannedPixelSpacing", ""),
    ):
        spacing = header.numbers(keyword, 2, macro)
        if spacing is not None and min(spacing) > 0 and is_plausible_aspect(spacing[0] / spacing[1]):
            is_detectors = keyword == "PixelSpacing" and is_at_detector(header)
            return (spacing[0], spacing[1]), "ImagerPixelSpacing" if is_detectors else keyword
    return None, ""


def spacing_notes(header: FrameHeader) -> tuple[str, ...]:
    """Notes on PixelSpacing: that it cannot be used, its calibration; and on a projection's magnification."""
    stated = header.value("PixelSpacing", "PixelMeasuresSequence")
    source = spacing_of(header)[1]
    if source == "PixelSpacing":
        note = _CALIBRATIONS.get(label_of(header.dataset, "PixelSpacingCalibrationType"))
        return (note,) if note else ()
    notes: tuple[str, ...] = ()
    if not (stated is None or stated == "" or is_at_detector(header)):
        notes = ("PixelSpacing has impossible values and was left out",)
    magnification = header.numbers("EstimatedRadiographicMagnificationFactor", 1)
    if source == "ImagerPixelSpacing" and magnification is not None and magnification[0] > 0:
        times = f"{magnification[0]:.4g} times"
        notes += (f"in the patient, distances are shorter: the image is magnified about {times}",)
    return notes


def orientation_letters_of(dataset: Dataset) -> tuple[str, str]:
    """PatientOrientation (PS3.3 C.7.6.1.1.1): the directions of rows and columns; empty if it has none."""
    parts = label_of(dataset, "PatientOrientation").upper().split("\\")
    if len(parts) != 2 or not all(map(_is_direction, parts)):
        return "", ""
    return parts[0], parts[1]


def _is_direction(letters: str) -> bool:
    """One to three letters, at most one of each pair of opposites."""
    axes = [next((axis for axis in ("RL", "AP", "FH") if letter in axis), "") for letter in letters]
    return 1 <= len(axes) <= 3 and "" not in axes and len(set(axes)) == len(axes)


def warning_notes(dataset: Dataset) -> tuple[str, ...]:
    """Notes on text in the pixels and on compression with loss, at any time since the image was taken."""
    notes = []
    if label_of(dataset, "BurnedInAnnotation").upper() == "YES":
        notes.append("text is part of the pixels and may name the patient")
    if label_of(dataset, "LossyImageCompression") == "01":
        ratios = as_numbers(dataset.get("LossyImageCompressionRatio"))
        ratio = f" by a ratio of {' and then '.join(f'{ratio:g}' for ratio in ratios)}" if ratios else ""
        notes.append(f"the image was compressed with loss{ratio}")
    return tuple(notes)


def aspect_of(dataset: Dataset) -> float | None:
    """Height of a pixel by its width, from PixelAspectRatio (PS3.3 C.7.6.3.1.7: vertical, horizontal)."""
    ratio = as_numbers(value_of(dataset, "PixelAspectRatio"))
    if len(ratio) != 2 or min(ratio) <= 0 or not is_plausible_aspect(ratio[0] / ratio[1]):
        return None
    return ratio[0] / ratio[1]


def is_plausible_aspect(aspect: float) -> bool:
    """Whether a pixel can have this ratio of height to width."""
    return 1 / LARGEST_ASPECT <= aspect <= LARGEST_ASPECT


def affine_of(header: FrameHeader) -> Array | None:
    """The frame's affine (4, 4), index to LPS in mm; None without position, orientation or PixelSpacing."""
    return affine_at(header, position_of(header))


def affine_at(header: FrameHeader, position: Point | None) -> Array | None:
    """The affine (4, 4) as of `affine_of`, of a frame whose first pixel is at `position`."""
    orientation = header.numbers("ImageOrientationPatient", 6, "PlaneOrientationSequence")
    spacing, source = spacing_of(header)
    if position is None or orientation is None or spacing is None or source != "PixelSpacing":
        return None
    return affine_lps_mm(position, orientation, spacing, slice_step_of(header))


def slice_step_of(header: FrameHeader) -> float:
    """The distance between slices as stated, in mm; 1 where none is."""
    steps = (
        header.numbers(keyword, 1, "PixelMeasuresSequence")
        for keyword in ("SpacingBetweenSlices", "SliceThickness")
    )
    return next((abs(step[0]) for step in steps if step is not None and step[0] != 0), 1.0)


def position_of(header: FrameHeader) -> Point | None:
    """The centre of the frame's first pixel, LPS in mm; None where the header has none.

    The frames of a dose grid are where GridFrameOffsetVector says, along the normal (PS3.3 C.8.8.3.2).
    """
    position = header.numbers("ImagePositionPatient", 3, "PlanePositionSequence")
    if position is None:
        return None
    offsets = as_numbers(value_of(header.dataset, "GridFrameOffsetVector"))
    orientation = header.numbers("ImageOrientationPatient", 6)
    if header.frame < len(offsets) and orientation is not None:
        normal = np.cross(orientation[:3], orientation[3:])
        moved = np.array(position) + normal * (offsets[header.frame] - offsets[0])
        return float(moved[0]), float(moved[1]), float(moved[2])
    return position[0], position[1], position[2]
