"""The DICOM source of a case: its patient, its study, and where the slice lies; no more of its header."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.uid import UID, SecondaryCaptureImageStorage
from pydicom.valuerep import DSfloat

from core.arrays import Array
from core.errors import NotApplicable, Unreadable
from core.exports.contract import ExportSubject
from core.file_hash import sha256_if_readable
from core.images.geometry import edge_letters, opposite_letters
from core.readers.decoding import decoding
from core.readers.dicom_file import open_dicom
from core.readers.dicom_headers import (
    FrameHeader,
    affine_of,
    as_numbers,
    label_of,
    orientation_letters_of,
    position_of,
    spacing_of,
    text_of,
    value_of,
)
from core.readers.dicom_tiles import tiles_of
from core.readers.index import contents_of
from core.readers.protocol import FrameSource

# Patient, General Study and Patient Study (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2), without sequences. Archives file
# by these; all else of the header, private elements first, stays behind.
CARRIED = (
    *("PatientName", "PatientID", "IssuerOfPatientID", "TypeOfPatientID", "PatientBirthDate", "PatientSex"),
    *("PatientAge", "PatientSize", "PatientWeight", "PatientSpeciesDescription", "PatientBreedDescription"),
    *("PatientSexNeutered", "ResponsiblePerson", "ResponsiblePersonRole", "ResponsibleOrganization"),
    *("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName"),
    *("StudyDescription", "DeidentificationMethod"),
)
# With the species these must be there, and may be empty (type 2C).
OF_ANIMALS = (
    *("PatientBreedDescription", "PatientBreedCodeSequence", "BreedRegistrationSequence"),
    *("PatientSexNeutered", "ResponsiblePerson", "ResponsibleOrganization"),
)
# Of these an empty value is right as well (type 2), and highdicom reads them without asking.
EXPECTED = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID"),
    *("AccessionNumber", "ReferringPhysicianName"),
)
UTF_8 = "ISO_IR 192"
# The largest difference between the positions of the slice and of the frame, in mm.
SAME_PLACE_MM = 1e-2
_PATTERNS = {
    "DA": re.compile(r"\d{8}"),
    "TM": re.compile(r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?"),
    "AS": re.compile(r"\d{3}[DWMY]"),
    "CS": re.compile(r"[A-Z0-9_ ]{1,16}"),
    "UI": re.compile(r"[0-9.]{1,64}"),
}
_CODE = ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")
_SEXES = ("M", "F", "O")
_EXPORT_AGAIN = "Export the images again from their source."


@dataclass(frozen=True, slots=True)
class DicomSource:
    """The image that results are derived from.

    header: patient, study, frame of reference and plane of the slice, written as those of an image of one
    frame of the class Secondary Capture, whatever the source is, in UTF-8; `references.correct_references`
    puts the class and frame in the place of it. class_uid: of the source. frame: counted from 1; None in a
    file of one frame. affine_lps_mm: (4, 4) or None, as of a slice. burned_in, recognizable: what the source
    states of text and faces in its pixels; empty where it states nothing. is_new: whether it is an image of a
    study that was made for the results.
    """

    header: Dataset
    class_uid: str
    frame: int | None
    affine_lps_mm: Array | None
    burned_in: str = ""
    recognizable: str = ""
    is_new: bool = False

    @property
    def instance_uid(self) -> str:
        """Its SOP instance."""
        return str(self.header.SOPInstanceUID)

    @property
    def patient_orientation(self) -> list[str]:
        """The directions of rows and columns, from the position or as stated; empty if nothing tells them."""
        if self.affine_lps_mm is not None:
            top, left = edge_letters(self.affine_lps_mm)
            return [opposite_letters(left), opposite_letters(top)]
        return list(self.header.get("PatientOrientation") or [])

    @property
    def has_place(self) -> bool:
        """Whether the slice has a position in a frame of reference."""
        return self.affine_lps_mm is not None and "FrameOfReferenceUID" in self.header


def dicom_source(subject: ExportSubject) -> DicomSource | None:
    """The source of the case, read again; None where it is no DICOM image.

    Raises NotApplicable where DICOM has no way to refer to it, Unreadable where it is not the file that was
    explained, or another InputError.
    """
    frame = _located_frame(subject)
    if frame is None:
        return None
    with decoding(frame.path, "DICOM"):
        return _source_in(subject, frame)


def _located_frame(subject: ExportSubject) -> FrameSource | None:
    """Where the slice is stored; None where that is no DICOM image."""
    assert subject.source is not None, "the exporter declares that it needs the source"
    case = subject.case
    number = case.image.image.slice - 1
    entries = [entry for entry in contents_of(subject.source).entries if number < entry.frames]
    if not any(entry.reader == "DICOM" for entry in entries):
        return None
    # The series that was opened first, then any other that has the file.
    for entry in sorted(entries, key=lambda entry: entry.key != case.source.series):
        source = entry.source(number)
        if entry.reader == "DICOM" and sha256_if_readable(source.path) == case.source.file_sha256:
            return source
    raise Unreadable(
        "The source does not hold the image that was explained: no file in it has the same content.",
        "Locate the original file or folder.",
    )


def _source_in(subject: ExportSubject, place: FrameSource) -> DicomSource:
    dataset = open_dicom(place.path).dataset
    rows, columns = (int((as_numbers(value_of(dataset, name)) or (0,))[0]) for name in ("Rows", "Columns"))
    if tiles_of(dataset, rows, columns) is not None:
        raise NotApplicable(
            "The slice is a tile of a mosaic, one picture of many slices, and DICOM cannot refer to a tile.",
            "Convert the series to one image a slice, or export the map as NIfTI.",
        )
    if (rows, columns) != subject.case.geometry.shape:
        raise Unreadable("The source has another size than the image that was explained.", _EXPORT_AGAIN)
    frame = FrameHeader(dataset, place.frame)
    affine = affine_of(frame)
    _require_same_place(subject, affine)
    header = _carried(dataset)
    header.Rows, header.Columns = rows, columns
    _add_plane(header, frame, affine)
    frames = as_numbers(value_of(dataset, "NumberOfFrames"))
    return DicomSource(
        header=header,
        class_uid=str(UID(text_of(dataset, "SOPClassUID"))),
        frame=place.frame + 1 if frames and frames[0] > 1 else None,
        affine_lps_mm=affine,
        burned_in=label_of(dataset, "BurnedInAnnotation").upper(),
        recognizable=label_of(dataset, "RecognizableVisualFeatures").upper(),
    )


def _require_same_place(subject: ExportSubject, affine: Array | None) -> None:
    """Raises Unreadable if the frame lies elsewhere than the slice that was explained."""
    stated = subject.case.geometry.affine_lps_mm
    if affine is None or stated is None:
        return
    if np.abs(np.array(stated)[:3, 1:] - affine[:3, 1:]).max() > SAME_PLACE_MM:
        raise Unreadable(
            "The frame of the source lies at another position than the slice that was explained.",
            "Locate the original file or folder.",
        )


def _carried(dataset: Dataset) -> Dataset:
    """Patient, study and identifiers. Raises NotApplicable where a result could not name its study."""
    header = Dataset()
    header.SpecificCharacterSet = UTF_8
    for keyword in CARRIED:
        text = _valid_text(dataset, keyword)
        if text or keyword in EXPECTED:
            setattr(header, keyword, text)
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"):
        uid = _valid_text(dataset, keyword)
        if not uid:
            raise NotApplicable(
                f"The source has no valid {keyword}, so a DICOM result cannot refer to it.", _EXPORT_AGAIN
            )
        setattr(header, keyword, uid)
    header.SOPClassUID = SecondaryCaptureImageStorage
    _add_conditional(header, dataset)
    header.Modality = label_of(dataset, "Modality") or "OT"
    header.Laterality = _valid_text(dataset, "Laterality")
    if label_of(dataset, "LossyImageCompression") == "01":
        header.LossyImageCompression = "01"
        for keyword in ("LossyImageCompressionRatio", "LossyImageCompressionMethod"):
            if text_of(dataset, keyword):
                setattr(header, keyword, text_of(dataset, keyword).split("\\"))
    return header


def _add_conditional(header: Dataset, dataset: Dataset) -> None:
    """What the standard wants beside elements that were carried over."""
    if "PatientSpeciesDescription" in header:
        for keyword in OF_ANIMALS:
            if keyword not in header:
                setattr(header, keyword, [] if dictionary_VR(keyword) == "SQ" else None)
    methods = [
        item
        for item in value_of(dataset, "DeidentificationMethodCodeSequence") or ()
        if all(text_of(item, keyword) for keyword in _CODE)
    ]
    if methods:
        header.DeidentificationMethodCodeSequence = list(map(_code, methods))
    # That the identity was removed is said together with the method, or not at all.
    if label_of(dataset, "PatientIdentityRemoved") in ("YES", "NO") and (
        methods or "DeidentificationMethod" in header
    ):
        header.PatientIdentityRemoved = label_of(dataset, "PatientIdentityRemoved")


def _code(item: Dataset) -> Dataset:
    code = Dataset()
    for keyword in _CODE:
        setattr(code, keyword, text_of(item, keyword))
    return code


def _valid_text(dataset: Dataset, keyword: str) -> str:
    """The text of an element; empty where it is not of the form that its kind has."""
    text = text_of(dataset, keyword)
    pattern = _PATTERNS.get(dictionary_VR(keyword))
    if pattern is not None and not pattern.fullmatch(text):
        return ""
    if dictionary_VR(keyword) == "DS" and len(as_numbers(text)) != 1:
        return ""
    return "" if keyword == "PatientSex" and text not in _SEXES else text


def _add_plane(header: Dataset, frame: FrameHeader, affine: Array | None) -> None:
    """Frame of reference and plane; spacing alone where the image has no position, as in a projection."""
    spacing, spacing_source = spacing_of(frame)
    if spacing is not None and spacing_source == "PixelSpacing":
        header.PixelSpacing = decimals(spacing)
    letters = orientation_letters_of(frame.dataset)
    if all(letters):
        header.PatientOrientation = list(letters)
    position, orientation = (
        position_of(frame),
        frame.numbers("ImageOrientationPatient", 6, "PlaneOrientationSequence"),
    )
    if affine is None or position is None or orientation is None:
        return
    header.ImagePositionPatient = decimals(position)
    header.ImageOrientationPatient = decimals(orientation)
    header.SliceThickness = None
    for keyword in ("SliceThickness", "SpacingBetweenSlices"):
        number = frame.numbers(keyword, 1, "PixelMeasuresSequence")
        if number is not None:
            setattr(header, keyword, decimals(number)[0])
    uid = _valid_text(frame.dataset, "FrameOfReferenceUID")
    if uid:
        header.FrameOfReferenceUID = uid
        header.PositionReferenceIndicator = text_of(frame.dataset, "PositionReferenceIndicator")


def decimals(numbers: Iterable[float]) -> list[DSfloat]:
    """Decimal strings of at most 16 characters."""
    return [DSfloat(float(number), auto_format=True) for number in numbers]
