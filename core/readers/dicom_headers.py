"""What a DICOM header says beside the pixels: geometry, identity, and how its elements are read.

All of it may be wrong. In enhanced files a value may stand in the frame's own functional group, in the
shared one, or at the top; `FrameHeader` looks in this order (PS3.3 C.7.6.16).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from core.arrays import Array
from core.images.geometry import affine_lps_mm
from core.images.slice import Identity
from core.readers.dicom_names import class_name

# No detector has pixels this long; such a ratio is a mistake, and would leave nothing to see.
LARGEST_ASPECT = 100.0


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The header as it holds for one frame."""

    dataset: Dataset
    frame: int

    def numbers(self, keyword: str, count: int, macro: str = "") -> tuple[float, ...] | None:
        """`count` finite numbers, or None if the element is missing or anything else."""
        found = as_numbers(self.value(keyword, macro))
        return found if len(found) == count else None

    def value(self, keyword: str, macro: str = "") -> Any:
        """The element's value; `macro` names the sequence that holds it in enhanced files."""
        return next((item[keyword].value for item in self.items(macro) if keyword in item), None)

    def items(self, macro: str) -> Iterator[Dataset]:
        """Where an element may stand: the frame's macro, the shared one, the data set."""
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
    items = dataset.get(sequence)
    return items[index] if items is not None and index < len(items) else None


def as_numbers(value: Any) -> tuple[float, ...]:
    """The finite numbers of an element; none if any part of it is no such number."""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    try:
        numbers = tuple(float(part) for part in parts)
    except (TypeError, ValueError):
        return ()
    return numbers if all(isfinite(number) for number in numbers) else ()


def text_of(dataset: Dataset, keyword: str) -> str:
    """An element as clean text of one line."""
    value = dataset.get(keyword)
    if value is None:
        return ""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    # Header text may hold anything, lone surrogates included, which no JSON carries.
    clean = "\\".join(str(part) for part in parts).encode("utf-8", "replace").decode()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in clean).split())


def label_of(dataset: Dataset, keyword: str) -> str:
    """The text of an element that may be shown and stored; empty if it holds bytes that are no text.

    Where the length of an element is damaged, its text goes on through those that follow, with the bytes
    between them and the patient's name.
    """
    return as_label(dataset.get(keyword))


def as_label(value: Any) -> str:
    """As `label_of`, of an element's value."""
    if value is None:
        return ""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    texts = [" ".join(str(part).strip("\0").split()) for part in parts]
    return "\\".join(texts) if all(map(str.isprintable, texts)) else ""


def identity_of(dataset: Dataset) -> Identity:
    """Who and where."""
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
    )


def title_of(dataset: Dataset) -> str:
    """Modality, body part and series number; free text is left out, it may name people."""
    number = as_numbers(dataset.get("SeriesNumber"))
    series = f"series {number[0]:g}" if number else ""
    uid = text_of(dataset, "SOPClassUID")
    kind = label_of(dataset, "Modality") or (class_name(uid) if uid else "DICOM")
    return ", ".join(filter(None, (kind, label_of(dataset, "BodyPartExamined").lower(), series)))


def spacing_of(header: FrameHeader) -> tuple[tuple[float, float] | None, str]:
    """(between rows, between columns) in mm, and the element it comes from; none that no pixel can have."""
    for keyword, macro in (
        ("PixelSpacing", "PixelMeasuresSequence"),
        ("ImagerPixelSpacing", ""),
        ("NominalScannedPixelSpacing", ""),
    ):
        found = header.numbers(keyword, 2, macro)
        if found is not None and min(found) > 0 and is_plausible_aspect(found[0] / found[1]):
            return (found[0], found[1]), keyword
    return None, ""


def spacing_notes(header: FrameHeader) -> tuple[str, ...]:
    """Says that a PixelSpacing which is there could not be used."""
    stated = header.value("PixelSpacing", "PixelMeasuresSequence")
    if stated is None or stated == "" or spacing_of(header)[1] == "PixelSpacing":
        return ()
    return ("PixelSpacing is none that pixels can have and was left out",)


def aspect_of(dataset: Dataset) -> float | None:
    """Height of a pixel by its width, from PixelAspectRatio (PS3.3 C.7.6.3.1.7: vertical, horizontal)."""
    found = as_numbers(dataset.get("PixelAspectRatio"))
    if len(found) != 2 or min(found) <= 0 or not is_plausible_aspect(found[0] / found[1]):
        return None
    return found[0] / found[1]


def is_plausible_aspect(aspect: float) -> bool:
    """Whether a pixel can have this ratio of height to width."""
    return 1 / LARGEST_ASPECT <= aspect <= LARGEST_ASPECT


def affine_of(header: FrameHeader) -> Array | None:
    """The frame's affine, if position, orientation and true pixel spacing are there."""
    position = header.numbers("ImagePositionPatient", 3, "PlanePositionSequence")
    orientation = header.numbers("ImageOrientationPatient", 6, "PlaneOrientationSequence")
    spacing, source = spacing_of(header)
    if position is None or orientation is None or spacing is None or source != "PixelSpacing":
        return None
    steps = (
        header.numbers(keyword, 1, "PixelMeasuresSequence")
        for keyword in ("SpacingBetweenSlices", "SliceThickness")
    )
    step = next((abs(found[0]) for found in steps if found is not None and found[0] != 0), 1.0)
    return affine_lps_mm(position, orientation, spacing, step)
