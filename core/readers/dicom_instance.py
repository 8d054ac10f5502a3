"""What a DICOM header says of a file and its frames, for the grouping into series."""

from collections.abc import Iterator
from typing import Any

from pydicom.dataset import Dataset

from core.images.slice import Identity
from core.readers.dicom_dimensions import FRAME_CONTENT, Dimensions
from core.readers.dicom_file import DicomFile
from core.readers.dicom_format import PixelFormat
from core.readers.dicom_headers import (
    FrameHeader,
    as_label,
    as_numbers,
    identity_of,
    label_of,
    position_of,
    slice_step_of,
    spacing_of,
    text_of,
    title_of,
    value_of,
)
from core.readers.dicom_tiles import Tiles, tiles_of
from core.readers.instances import FrameFacts, FrameTimes, Instance, digest_of
from core.readers.series_words import known_words, role_of

# Objects that refer to other images: their frames stay in the order of their file.
_SINGLE_MODALITIES = frozenset(("SEG", "SR", "PR", "KO", "RTSTRUCT", "SM"))
_STACKED = frozenset(("CT", "MR", "PT", "NM"))
_FRAME_TYPES = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence")
# Of other modalities than MR, the values behind these are the maker's own and may differ within a stack.
_COMMON_TYPES = 3
_PRIVATE_B_VALUES = (
    ((0x0019, 0x100C), (0x0019, 0x0010), "SIEMENS"),
    ((0x2001, 0x1003), (0x2001, 0x0010), "Philips"),
    ((0x0043, 0x1039), (0x0043, 0x0010), "GEMS"),
    ((0x0065, 0x1009), (0x0065, 0x0010), "Image Private Header"),
)
# GE adds a multiple of this to mark the way in which the value was made.
_GE_B_VALUE_MARK = 10**6
_OVERVIEWS = ("LOCALIZER", "SCOUT", "TOPOGRAM")


def instance_of(file: DicomFile, form: PixelFormat, reader: str) -> Instance:
    """The facts of a file. form: of its pixels; reader: the name of the reader."""
    dataset = file.dataset
    modality = label_of(dataset, "Modality")
    tiles = tiles_of(dataset, form.rows, form.columns)
    frames = tuple(_tile_frames(dataset, tiles) if tiles is not None else _frames(dataset, form, modality))
    identity = identity_of(dataset)
    words = known_words(identity.series_description)
    has_place = any(frame.has_place for frame in frames)
    return Instance(
        path=file.path,
        reader=reader,
        title=": ".join(filter(None, (title_of(dataset), " ".join(words)))),
        modality=modality,
        role=_role_of(dataset, words) if modality == "MR" else "",
        rows=tiles.rows if tiles is not None else form.rows,
        columns=tiles.columns if tiles is not None else form.columns,
        is_colour=not form.is_grey,
        frames=frames,
        **_digests(dataset, identity),
        is_single=modality in _SINGLE_MODALITIES or not (has_place or modality in _STACKED),
        is_localizer="localizer" in words
        or any(word in label_of(dataset, "ImageType").split("\\") for word in _OVERVIEWS),
        identity=identity,
    )


def _digests(dataset: Dataset, identity: Identity) -> dict[str, str]:
    """An identifier of a patient is short enough to be guessed, so it is never hashed alone."""
    patient = (identity.patient_id, identity.patient_name, identity.birth_date)
    study, series = text_of(dataset, "StudyInstanceUID"), text_of(dataset, "SeriesInstanceUID")
    return {
        "uid": digest_of(text_of(dataset, "SOPInstanceUID")),
        "series": digest_of(series, study, *patient) if series else "",
        "patient": digest_of(*patient),
        "study": digest_of(study, *patient) if study else "",
        "frame_of_reference": digest_of(text_of(dataset, "FrameOfReferenceUID")),
    }


def _role_of(dataset: Dataset, words: tuple[str, ...]) -> str:
    sequences = label_of(dataset, "ScanningSequence").split("\\")
    if "EP" in sequences:
        return ""
    names = ("EchoTime", "RepetitionTime", "InversionTime") if "SE" in sequences else ()
    times = [_first(value_of(dataset, name)) for name in names]
    return role_of(words, bool(text_of(dataset, "ContrastBolusAgent")), *times)


def _frames(dataset: Dataset, form: PixelFormat, modality: str) -> Iterator[FrameFacts]:
    has_groups = "PerFrameFunctionalGroupsSequence" in dataset
    # Without them one position is stated for all frames; only a dose grid says how far each is from it.
    has_places = form.frames == 1 or has_groups or "GridFrameOffsetVector" in dataset
    dimensions = Dimensions(dataset)
    plane: dict[str, Any] = {}
    for number in range(form.frames):
        header = FrameHeader(dataset, number)
        if number == 0 or has_groups:
            plane = _plane_facts(header, modality, dimensions)
        position = position_of(header) if has_places else None
        times = _times(header, number, form.frames, dimensions)
        yield FrameFacts(position=position, times=times, in_stack=dimensions.in_stack(header), **plane)


def _plane_facts(header: FrameHeader, modality: str, dimensions: Dimensions) -> dict[str, Any]:
    spacing, source = spacing_of(header)
    has_stacks = modality == "MR" or dimensions.has_stacks
    return {
        "orientation": header.numbers("ImageOrientationPatient", 6, "PlaneOrientationSequence"),
        "spacing_mm": spacing if source == "PixelSpacing" else None,
        "thickness_mm": slice_step_of(header),
        "image_type": _image_type(header, modality),
        "echo_ms": _echo(header, modality),
        "stack": as_label(header.value("StackID", FRAME_CONTENT)) if has_stacks else "",
    }


def _tile_frames(dataset: Dataset, tiles: Tiles) -> Iterator[FrameFacts]:
    header, dimensions = FrameHeader(dataset, 0), Dimensions(dataset)
    plane, times = _plane_facts(header, "MR", dimensions), _times(header, 0, 1, dimensions)
    for number in range(tiles.count):
        position = tiles.positions[number] if tiles.positions is not None else None
        yield FrameFacts(position=position, times=times, **plane)


def _image_type(header: FrameHeader, modality: str) -> tuple[str, ...]:
    types = next(
        (
            as_label(item["FrameType"].value)
            for name in _FRAME_TYPES
            for item in header.items(name)
            if "FrameType" in item
        ),
        label_of(header.dataset, "ImageType"),
    ).split("\\")
    if modality != "MR":
        return tuple(types[:_COMMON_TYPES])
    component = as_label(header.value("ComplexImageComponent", "MRImageFrameTypeSequence"))
    return (*types, component) if component else tuple(types)


def _echo(header: FrameHeader, modality: str) -> float | None:
    if modality != "MR":
        return None
    echo = _number(header, "EffectiveEchoTime", "MREchoSequence")
    if echo is None:
        echo = _first(value_of(header.dataset, "EchoTime"))
    return round(echo, 2) if echo is not None else None


def _times(header: FrameHeader, frame: int, frames: int, dimensions: Dimensions) -> FrameTimes:
    dataset = header.dataset
    return FrameTimes(
        dimensions=dimensions.beside_place(header) or None,
        temporal=_number_or_first(
            header, ("TemporalPositionIndex", FRAME_CONTENT), "TemporalPositionIdentifier"
        ),
        acquisition=_number_or_first(header, ("FrameAcquisitionNumber", FRAME_CONTENT), "AcquisitionNumber"),
        trigger=_number_or_first(
            header, ("NominalCardiacTriggerDelayTime", "CardiacSynchronizationSequence"), "TriggerTime"
        ),
        b_value=_b_value(header),
        clock=_clock(value_of(dataset, "AcquisitionTime")),
        number=float(frame) if frames > 1 else _first(value_of(dataset, "InstanceNumber")),
    )


def _number_or_first(header: FrameHeader, enhanced: tuple[str, str], classic: str) -> float | None:
    """An element of an enhanced file (keyword, macro), else the one that other files have instead."""
    number = _number(header, *enhanced)
    return number if number is not None else _first(value_of(header.dataset, classic))


def _b_value(header: FrameHeader) -> float | None:
    dataset = header.dataset
    value = _number(header, "DiffusionBValue", "MRDiffusionSequence")
    if value is not None or value_of(dataset, "Modality") != "MR":
        return value
    for tag, creator, prefix in _PRIVATE_B_VALUES:
        if tag in dataset and creator in dataset and str(dataset[creator].value).startswith(prefix):
            first = _first(dataset[tag].value)
            return first % _GE_B_VALUE_MARK if first is not None else None
    return None


def _number(header: FrameHeader, keyword: str, macro: str) -> float | None:
    numbers = header.numbers(keyword, 1, macro)
    return numbers[0] if numbers is not None else None


def _first(value: Any) -> float | None:
    numbers = as_numbers(value)
    return numbers[0] if numbers else None


def _clock(value: Any) -> float | None:
    """Seconds of the day of a time such as 161054.25."""
    text = str(value or "").strip()
    if len(text) < 6 or not text[:6].isdigit():
        return None
    rest = _first(text[6:]) if text[6:] else 0.0
    return int(text[:2]) * 3600.0 + int(text[2:4]) * 60.0 + int(text[4:6]) + (rest or 0.0)
