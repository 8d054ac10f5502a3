"""DICOM files with a planted identity in every element of the confidentiality profile, and beyond it."""

from pathlib import Path

import numpy as np
import pydicom
from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

from core.readers.dicom_profile import TABLE

NAME, NUMBER, DATE, TIME = "Müller-Zaphod", "PID4711X", "19610917", "135724"
UID_ROOT = "1.2.276.0.4711.61"
PLANTED = ("Zaphod", "ZAPHOD", "zaphod", NUMBER, DATE, TIME, UID_ROOT, "4711X")
_TEXTS = {
    "PN": f"{NAME}^Jürgen",
    "DA": DATE,
    "TM": TIME,
    "DT": DATE + TIME,
    "AS": "061Y",
    "AE": "ZAPHODAE",
    "CS": "ZAPHOD_CS",
    "SH": "Zaphod PID4711X",
    "UR": "http://zaphod.example",
    "DS": "4711.61",
    "IS": "4711",
}


def planted_value(tag, place):
    """A value with identity for an element; None for numbers, which carry none by themselves."""
    vr = dictionary_VR(tag)
    if vr == "UI":
        return f"{UID_ROOT}.{place}"
    if vr == "SQ":
        item = Dataset()
        item.PatientName, item.PatientID, item.StudyDate = f"{NAME}^Jürgen", NUMBER, DATE
        item.ReferencedSOPInstanceUID = f"{UID_ROOT}.1.1"
        inner = Dataset()
        inner.PersonName = f"{NAME}^Inner"
        item.VerifyingObserverSequence = [inner]
        return Sequence([item])
    if vr in ("OB", "OW", "UN"):
        return f"bytes of {NAME}!".encode("latin-1")
    if vr in ("US", "UL", "SS", "SL", "FL", "FD", "OF", "OD", "OL", "AT", "UV", "SV"):
        return None
    return _TEXTS.get(vr, f"{NAME} {NUMBER}")


def profile_tags():
    """Every tag of the table that the dictionary knows."""
    import json

    table = json.loads(TABLE.read_text(encoding="utf-8"))["actions"]
    tags = (Tag(int(text, 16)) for tags in table.values() for text in tags)
    return [tag for tag in tags if dictionary_has_tag(tag) and tag.group >= 8]


def identified_dataset(number=1, series=1):
    """An MR slice of 12 x 10 pixels of a person; `number` of the slice, `series` it belongs to."""
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    for place, tag in enumerate(profile_tags()):
        value = planted_value(tag, f"9.{place}")
        if value is not None:
            dataset.add_new(tag, dictionary_VR(tag), value)
    dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, f"{UID_ROOT}.1.{number}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"{UID_ROOT}.2", f"{UID_ROOT}.3.{series}"
    dataset.FrameOfReferenceUID = f"{UID_ROOT}.4"
    reference = Dataset()
    reference.ReferencedSOPClassUID = MRImageStorage
    reference.ReferencedSOPInstanceUID = f"{UID_ROOT}.1.{number + 1}"
    dataset.ReferencedImageSequence = [reference]
    dataset.Modality, dataset.InstanceNumber, dataset.SeriesNumber = "MR", number, series
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    # Beyond the table: text that repeats the name, curves, overlays, unknown and private elements.
    dataset.SequenceName, dataset.WindowCenterWidthExplanation = "epi2d", f"window of {NAME}"
    dataset.add_new(0x50000022, "LO", f"curve {NAME}")
    dataset.add_new(0x60003000, "OW", b"overlay Zaphod!!")
    dataset.add_new(0x60000022, "LO", f"overlay {NAME}")
    dataset.add_new(0x00080FFE, "LO", f"unknown {NAME}")
    block = dataset.private_block(0x0029, f"MAKER {NAME}", create=True)
    block.add_new(0x01, "LO", f"private {NAME}")
    block.add_new(0x02, "OB", b"bytes Zaphod")
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 12, 10, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.PixelSpacing, dataset.SliceThickness = [0.5, 0.25], 3
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [-5, -6, 3 * number]
    values = np.random.default_rng(number).integers(0, 4000, (12, 10), np.uint16)
    dataset.PixelData = values.tobytes()
    return dataset


def write_identified(path: Path, dataset: Dataset | None = None, syntax=ExplicitVRLittleEndian) -> Path:
    """The file, with identity in its file meta information, its preamble and behind its pixels."""
    dataset = identified_dataset() if dataset is None else dataset
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = MRImageStorage, dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.SourceApplicationEntityTitle = "ZAPHODAE"
    meta.PrivateInformationCreatorUID = f"{UID_ROOT}.8"
    meta.PrivateInformation = b"Zaphod!!"
    dataset.file_meta = meta
    dataset.preamble = b"Zaphod  " * 16
    dataset.add_new(0xFFFCFFFC, "OB", b"padding of Zaphod.")
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    assert b"Zaphod" in path.read_bytes()
    return path


def planted_in(content: bytes) -> list[str]:
    """What of the planted identity is in these bytes."""
    return [text for text in PLANTED if text.encode("latin-1") in content]


def keywords():
    """Names of the elements of the table, for a test that none was passed over."""
    return [keyword_for_tag(tag) for tag in profile_tags()]


def reread(content) -> pydicom.Dataset:
    """The data set in the bytes (n,) uint8 of a file."""
    from io import BytesIO

    return pydicom.dcmread(BytesIO(content.tobytes()))
